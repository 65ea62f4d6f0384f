package io.jvswitch.vswitchd.control;

import io.jvswitch.vswitchd.control.ControlRefusedException.Kind;
import io.jvswitch.vswitchd.view.NeighbourView;
import io.jvswitch.vswitchd.view.PortView;
import io.jvswitch.wire.ArpPacket;
import io.jvswitch.wire.Checksum;
import io.jvswitch.wire.EtherType;
import io.jvswitch.wire.EthernetHeader;
import io.jvswitch.wire.IcmpHeader;
import io.jvswitch.wire.Icmpv6Header;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.IpProtocol;
import io.jvswitch.wire.Ipv4Header;
import io.jvswitch.wire.Ipv6Header;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.TcpHeader;
import io.jvswitch.wire.UdpHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes the frame that a trace is asked for: out of hexadecimal digits, or out of a description like
 * {@code tcp dst=10.0.0.12 dport=80}, in which what is left out is taken from what the switch knows of the port and of the
 * destination.
 */
final class TraceFrame {

    /** The words of a description, for messages and the command's help. */
    static final String SYNTAX =
            "hexadecimal digits, or [arp|icmp|tcp|udp] [src=IP] [dst=IP] [sport=N] [dport=N] [vlan=N]"
                    + " [smac=MAC] [dmac=MAC] [ttl=N] [size=BYTES]";

    private static final Set<String> KINDS = Set.of("arp", "icmp", "tcp", "udp");
    private static final Set<String> KEYS =
            Set.of("src", "dst", "sport", "dport", "vlan", "smac", "dmac", "ttl", "size");
    private static final MacAddress UNBOUND = new MacAddress(0x0200_0000_0001L);
    private static final int MOST_BYTES = 65_549;
    /** Ethernet, a VLAN tag, IPv6 and TCP, rounded up. */
    private static final int LONGEST_HEADERS_BYTES = 128;

    private final Map<String, String> values = new LinkedHashMap<>();
    private String kind = "";

    private TraceFrame() {}

    /** The bytes; fails with {@link ControlRefusedException}. */
    static CompletableFuture<byte[]> bytes(SwitchControl control, String port, String description) {
        String compact = description.replaceAll("[\\s:]", "");
        if (compact.matches("[0-9a-fA-F]{28,}")) {
            if (compact.length() % 2 != 0 || compact.length() / 2 > MOST_BYTES) {
                throw invalid(
                        description, "expected an even number of hexadecimal digits, at most " + MOST_BYTES + " bytes");
            }
            return CompletableFuture.completedFuture(HexFormat.of().parseHex(compact));
        }
        TraceFrame frame = parse(description);
        return control.ports().thenCombine(control.neighbours(), (ports, neighbours) -> {
            PortView view = ports.stream()
                    .filter(candidate -> candidate.name().equals(port))
                    .findFirst()
                    .orElseThrow(() -> SpecChanges.noPort(port));
            return frame.build(view, neighbours);
        });
    }

    private static TraceFrame parse(String description) {
        TraceFrame frame = new TraceFrame();
        for (String word : description.strip().split("[\\s,]+", -1)) {
            int equals = word.indexOf('=');
            if (equals < 0 && KINDS.contains(word) && frame.kind.isEmpty()) {
                frame.kind = word;
            } else if (equals > 0 && KEYS.contains(word.substring(0, equals))) {
                frame.values.put(word.substring(0, equals), word.substring(equals + 1));
            } else {
                throw invalid(word, "expected " + SYNTAX);
            }
        }
        return frame;
    }

    private byte[] build(PortView port, List<NeighbourView> neighbours) {
        IpAddress destination = ip("dst");
        if (destination == null) {
            throw invalid(null, "expected dst= with the IP address that the frame goes to or asks for");
        }
        boolean ipv6 = !destination.isIpv4();
        if (kind.equals("arp") && ipv6) {
            throw invalid(destination.toString(), "expected an IPv4 address as dst of arp");
        }
        IpAddress any = ipv6 ? new IpAddress(0, 0) : IpAddress.ofIpv4(0);
        IpAddress own = port.ips().stream()
                .filter(ip -> ip.isIpv4() != ipv6)
                .findFirst()
                .orElse(any);
        IpAddress given = ip("src");
        IpAddress source = given == null ? own : given;
        if (source.isIpv4() != destination.isIpv4()) {
            throw invalid(source.toString(), "expected src and dst of one family");
        }
        MacAddress sourceMac = mac("smac", port.mac() == null ? UNBOUND : port.mac());
        MacAddress broadcast = new MacAddress(MacAddress.BROADCAST);
        MacAddress destinationMac =
                mac("dmac", kind.equals("arp") ? broadcast : neighbour(port, neighbours, destination));
        int wantedBytes = number("size", EthernetHeader.MIN_FRAME_BYTES, MOST_BYTES);
        MemorySegment seg = MemorySegment.ofArray(new byte[Math.max(wantedBytes, LONGEST_HEADERS_BYTES)]);
        int at = EthernetHeader.BYTES;
        int type = kind.equals("arp") ? EtherType.ARP : ipv6 ? EtherType.IPV6 : EtherType.IPV4;
        EthernetHeader.write(seg, 0, destinationMac.bits(), sourceMac.bits(), type);
        if (values.containsKey("vlan")) {
            NetworkOrder.putU16(seg, EthernetHeader.TYPE_OFFSET, EtherType.VLAN);
            NetworkOrder.putU16(seg, at, number("vlan", 0, 4095));
            NetworkOrder.putU16(seg, at + 2, type);
            at += 4;
        }
        int least;
        if (kind.equals("arp")) {
            int operation = ArpPacket.OPERATION_REQUEST;
            ArpPacket.write(seg, at, operation, sourceMac.bits(), source.ipv4(), 0, destination.ipv4());
            least = at + ArpPacket.BYTES;
        } else {
            least = at + packet(seg, at, source, destination);
        }
        return seg.asSlice(0, Math.max(least, wantedBytes)).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Writes an IP packet that fills the wanted size. */
    private int packet(MemorySegment seg, int at, IpAddress source, IpAddress destination) {
        boolean ipv4 = source.isIpv4();
        int ipBytes = ipv4 ? Ipv4Header.BYTES : Ipv6Header.BYTES;
        int protocol = switch (kind) {
            case "tcp" -> IpProtocol.TCP;
            case "udp" -> IpProtocol.UDP;
            default -> ipv4 ? IpProtocol.ICMP : IpProtocol.ICMPV6;
        };
        int transportBytes = protocol == IpProtocol.TCP ? TcpHeader.BYTES : UdpHeader.BYTES;
        int wanted = values.containsKey("size") ? number("size", 0, MOST_BYTES) - at - ipBytes : 0;
        int payloadBytes = Math.max(transportBytes, wanted);
        int ttl = values.containsKey("ttl") ? number("ttl", 0, 255) : 64;
        if (ipv4) {
            Ipv4Header.write(
                    seg,
                    at,
                    0,
                    ipBytes + payloadBytes,
                    0,
                    Ipv4Header.FLAG_DF,
                    ttl,
                    protocol,
                    source.ipv4(),
                    destination.ipv4());
        } else {
            Ipv6Header.write(seg, at, 0, 0, payloadBytes, protocol, ttl);
            Ipv6Header.setSource(seg, at, source.hi(), source.lo());
            Ipv6Header.setDestination(seg, at, destination.hi(), destination.lo());
        }
        int transportAt = at + ipBytes;
        int sourcePort = values.containsKey("sport") ? number("sport", 0, 65_535) : 40_000;
        int destinationPort = values.containsKey("dport") ? number("dport", 0, 65_535) : 80;
        switch (protocol) {
            case IpProtocol.TCP -> {
                TcpHeader.setSourcePort(seg, transportAt, sourcePort);
                TcpHeader.setDestinationPort(seg, transportAt, destinationPort);
                TcpHeader.setHeaderBytesAndFlags(seg, transportAt, TcpHeader.BYTES, TcpHeader.FLAG_SYN);
                TcpHeader.setWindow(seg, transportAt, 65_535);
            }
            case IpProtocol.UDP -> UdpHeader.write(seg, transportAt, sourcePort, destinationPort, payloadBytes);
            default -> {
                int echoRequest = ipv4 ? IcmpHeader.TYPE_ECHO_REQUEST : Icmpv6Header.TYPE_ECHO_REQUEST;
                IcmpHeader.write(seg, transportAt, echoRequest, 0, 0x0001_0001);
            }
        }
        Checksum.setTransport(seg, at, protocol, transportAt, payloadBytes);
        return ipBytes + payloadBytes;
    }

    /** The MAC address that the guest would have learned for the destination: its own, or broadcast when nobody has it. */
    private MacAddress neighbour(PortView port, List<NeighbourView> neighbours, IpAddress ip) {
        return neighbours.stream()
                .filter(neighbour -> neighbour.network().equals(network(port))
                        && neighbour.ip().equals(ip))
                .findFirst()
                .map(NeighbourView::mac)
                .orElse(new MacAddress(MacAddress.BROADCAST));
    }

    /** The network that the frame is of: the port's, or that of its tag. */
    private @Nullable String network(PortView port) {
        String vlan = values.get("vlan");
        String tagged =
                vlan != null && vlan.matches("[0-9]{1,4}") ? port.vlans().get(Integer.valueOf(vlan)) : null;
        return tagged == null ? port.network() : tagged;
    }

    private @Nullable IpAddress ip(String key) {
        String text = values.get(key);
        try {
            return text == null ? null : IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(text, "expected an IP address as " + key);
        }
    }

    private MacAddress mac(String key, MacAddress fallback) {
        String text = values.get(key);
        try {
            return text == null ? fallback : MacAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(text, "expected a MAC address as " + key);
        }
    }

    /** The number, or {@code least} when it is not given. */
    private int number(String key, int least, int most) {
        String text = values.get(key);
        if (text == null) {
            return least;
        }
        if (text.matches("[0-9]{1,6}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw invalid(text, "expected a number " + least + " to " + most + " as " + key);
    }

    private static ControlRefusedException invalid(@Nullable String value, String what) {
        return new ControlRefusedException(Kind.INVALID, "frame to trace", value, what, "correct the description");
    }
}
