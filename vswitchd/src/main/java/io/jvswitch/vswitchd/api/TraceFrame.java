package io.jvswitch.vswitchd.api;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.vswitchd.api.ControlRefusedException.Kind;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.NetworkTunnel;
import io.jvswitch.vswitchd.view.NetworkView;
import io.jvswitch.vswitchd.view.PortView;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.ArpPacket;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.header.Icmpv6Header;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes the frame that a trace is asked for: out of hexadecimal digits, or out of a description like {@code tcp
 * dst=10.0.0.12 dport=80}, in which what is left out is taken from what the switch knows of the port and of the
 * destination.
 */
public final class TraceFrame {

    /** The words of a description, for messages and the command's help. */
    static final String SYNTAX =
            "hexadecimal digits, or [arp|icmp|tcp|udp] [src=IP] [dst=IP] [sport=N] [dport=N] [vlan=N]"
                    + " [smac=MAC] [dmac=MAC] [tos=N] [ttl=N] [df=0|1] [mss=BYTES] [size=BYTES]; from underlay also "
                    + "vtep=IP"
                    + " [vni=N] [tunnel=vxlan|gre] [outer-tos=N]";

    private static final String OBJECT = "frame to trace";
    private static final String OUTER_TOS = "outer-tos";
    private static final Set<String> KEYS =
            Set.of("src", "dst", "sport", "dport", "vlan", "smac", "dmac", "tos", "ttl", "df", "mss", "size");
    /** Keys of the tunnel that a frame comes by, which also stand beside hexadecimal digits. */
    private static final Set<String> TUNNEL_KEYS = Set.of("vtep", "vni", "tunnel", OUTER_TOS);

    private static final long MAX_KEY = 0xffff_ffffL;
    private static final long MAX_VNI = 0xff_ffffL;
    /** What a guest announces whose device has Ethernet's MTU. */
    private static final int ETHERNET_MTU_BYTES = 1_500;

    private static final int MAX_BYTES = 65_549;
    /** Ethernet, a VLAN tag, IPv6 and TCP, rounded up. */
    private static final int LONGEST_HEADERS_BYTES = 128;

    private final Map<String, String> tunnel = new LinkedHashMap<>();
    private FrameWords words = FrameWords.of(OBJECT, SYNTAX, KEYS, List.of());
    private byte @Nullable [] given;

    private TraceFrame() {}

    /** The frame; fails with {@link ControlRefusedException}. */
    public static CompletableFuture<TraceInput> input(SwitchControl control, String port, String description) {
        TraceFrame frame = parse(description);
        if (port.equals(TraceInput.UNDERLAY)) {
            return control.networks().thenCombine(control.neighbours(), (networks, neighbours) -> {
                TraceInput.Arrival arrival = frame.arrival(networks);
                return frame.input(port, arrival, TraceStations.behind(arrival, networks, neighbours));
            });
        }
        if (!frame.tunnel.isEmpty()) {
            String key = frame.tunnel.keySet().iterator().next();
            throw invalid(key, "expected vtep, vni, tunnel and outer-tos only for frames from " + TraceInput.UNDERLAY);
        }
        return control.ports()
                .thenCombine(control.networks(), (ports, networks) -> {
                    PortView view = ports.stream()
                            .filter(candidate -> candidate.name().equals(port))
                            .findFirst()
                            .orElseThrow(() -> SpecChanges.noPort(port));
                    return TraceStations.at(view, frame.network(view), networks);
                })
                .thenCombine(
                        control.neighbours(),
                        (stations, neighbours) -> frame.input(port, null, stations.knowing(neighbours)));
    }

    private static TraceFrame parse(String description) {
        TraceFrame frame = new TraceFrame();
        List<String> words = new ArrayList<>();
        for (String word : description.strip().split("[\\s,]+", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0 && TUNNEL_KEYS.contains(word.substring(0, equals))) {
                frame.tunnel.put(word.substring(0, equals), word.substring(equals + 1));
            } else {
                words.add(word);
            }
        }
        String compact = String.join("", words).replace(":", "");
        if (compact.matches("[0-9a-fA-F]{28,}")) {
            if (compact.length() % 2 != 0 || compact.length() / 2 > MAX_BYTES) {
                throw invalid(
                        description, "expected an even number of hexadecimal digits, at most " + MAX_BYTES + " bytes");
            }
            frame.given = HexFormat.of().parseHex(compact);
            return frame;
        }
        frame.words = FrameWords.of(OBJECT, SYNTAX, KEYS, words);
        return frame;
    }

    private TraceInput input(String port, TraceInput.@Nullable Arrival arrival, TraceStations stations) {
        byte[] bytes = given == null ? build(stations) : given;
        return new TraceInput(port, bytes, arrival, stations.notes());
    }

    /** The tunnel that a frame from the underlay comes by; what is left out is what only one network has. */
    private TraceInput.Arrival arrival(List<NetworkView> networks) {
        String vtep = tunnel.get("vtep");
        if (vtep == null) {
            throw invalid(
                    null,
                    "expected vtep= with the address of the VTEP that the frame comes from, and the network's vni=");
        }
        String number = tunnel.get("vni");
        Long id = number == null ? null : key(number);
        TunnelKind of = tunnelKind(id, networks);
        if (of == TunnelKind.VXLAN && (id == null || id > MAX_VNI)) {
            throw invalid(number, "expected a number 0 to " + MAX_VNI + " as vni");
        }
        String tos = tunnel.get(OUTER_TOS);
        int trafficClass = tos == null ? 0 : (int) words.parse(OUTER_TOS, tos, 0, 255);
        return new TraceInput.Arrival(address("vtep", vtep), of, id == null ? NetworkSpec.NO_VNI : id, trafficClass);
    }

    private static long key(String text) {
        long number = text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
        if (number < 0 || number > MAX_KEY) {
            throw invalid(text, "expected a number 0 to " + MAX_KEY + " as vni");
        }
        return number;
    }

    private TunnelKind tunnelKind(@Nullable Long id, List<NetworkView> networks) {
        String text = tunnel.get("tunnel");
        if (text == null) {
            text = networks.stream()
                    .filter(network -> !network.tunnel().equals(NetworkTunnel.NONE.label()))
                    .filter(network -> Objects.equals(id, network.vni()))
                    .findFirst()
                    .map(NetworkView::tunnel)
                    .orElse(TunnelKind.VXLAN.label());
        }
        if (text.equals(TunnelKind.VXLAN.label())) {
            return TunnelKind.VXLAN;
        }
        if (text.equals(TunnelKind.GRE.label())) {
            return TunnelKind.GRE;
        }
        throw invalid(text, "expected vxlan or gre as tunnel");
    }

    private byte[] build(TraceStations stations) {
        IpAddress destination = words.ip("dst");
        if (destination == null) {
            throw invalid(null, "expected dst= with the IP address that the frame goes to or asks for");
        }
        boolean ipv6 = !destination.isIpv4();
        if (words.kind().equals("arp") && ipv6) {
            throw invalid(destination.toString(), "expected an IPv4 address as dst of arp");
        }
        if (ipv6 && words.has("df")) {
            throw invalid("df", "expected df only with IPv4: IPv6 is never fragmented on its way");
        }
        IpAddress given = words.ip("src");
        IpAddress source = given == null ? stations.sourceIp(ipv6) : given;
        if (source.isIpv4() != destination.isIpv4()) {
            throw invalid(source.toString(), "expected src and dst of one family");
        }
        MacAddress givenSource = words.mac("smac");
        MacAddress sourceMac = givenSource == null ? stations.sourceMac(source) : givenSource;
        MacAddress givenDestination = words.mac("dmac");
        MacAddress destinationMac = givenDestination != null
                ? givenDestination
                : words.kind().equals("arp")
                        ? new MacAddress(MacAddress.BROADCAST)
                        : stations.destinationMac(destination);
        int wantedBytes = words.number("size", EthernetHeader.MIN_FRAME_BYTES, MAX_BYTES);
        MemorySegment seg = MemorySegment.ofArray(new byte[Math.max(wantedBytes, LONGEST_HEADERS_BYTES)]);
        int at = EthernetHeader.BYTES;
        int type = words.kind().equals("arp") ? EtherType.ARP : ipv6 ? EtherType.IPV6 : EtherType.IPV4;
        EthernetHeader.write(seg, 0, destinationMac.bits(), sourceMac.bits(), type);
        if (words.has("vlan")) {
            NetworkOrder.putU16(seg, EthernetHeader.TYPE_OFFSET, EtherType.VLAN);
            NetworkOrder.putU16(seg, at, words.number("vlan", 0, 4095));
            NetworkOrder.putU16(seg, at + 2, type);
            at += 4;
        }
        int least;
        if (words.kind().equals("arp")) {
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
        int protocol = switch (words.kind()) {
            case "tcp" -> IpProtocol.TCP;
            case "udp" -> IpProtocol.UDP;
            default -> ipv4 ? IpProtocol.ICMP : IpProtocol.ICMPV6;
        };
        int tcpBytes = TcpHeader.BYTES + TcpHeader.MSS_OPTION_BYTES;
        int transportBytes = protocol == IpProtocol.TCP ? tcpBytes : UdpHeader.BYTES;
        int wanted = words.has("size") ? words.number("size", 0, MAX_BYTES) - at - ipBytes : 0;
        int payloadBytes = Math.max(transportBytes, wanted);
        int tos = words.number("tos", 0, 255);
        int ttl = words.has("ttl") ? words.number("ttl", 0, 255) : 64;
        if (ipv4) {
            Ipv4Header.write(
                    seg,
                    at,
                    tos,
                    ipBytes + payloadBytes,
                    0,
                    words.flag("df") ? Ipv4Header.FLAG_DF : 0,
                    ttl,
                    protocol,
                    source.ipv4(),
                    destination.ipv4());
        } else {
            Ipv6Header.write(seg, at, tos, 0, payloadBytes, protocol, ttl);
            Ipv6Header.setSource(seg, at, source.hi(), source.lo());
            Ipv6Header.setDestination(seg, at, destination.hi(), destination.lo());
        }
        int transportAt = at + ipBytes;
        int sourcePort = words.has("sport") ? words.number("sport", 0, 65_535) : 40_000;
        int destinationPort = words.has("dport") ? words.number("dport", 0, 65_535) : 80;
        switch (protocol) {
            case IpProtocol.TCP -> {
                TcpHeader.setSourcePort(seg, transportAt, sourcePort);
                TcpHeader.setDestinationPort(seg, transportAt, destinationPort);
                TcpHeader.setHeaderBytesAndFlags(seg, transportAt, tcpBytes, TcpHeader.FLAG_SYN);
                TcpHeader.setWindow(seg, transportAt, 65_535);
                int mss = ETHERNET_MTU_BYTES - ipBytes - TcpHeader.BYTES;
                NetworkOrder.putU8(seg, transportAt + TcpHeader.BYTES, TcpHeader.OPTION_MSS);
                NetworkOrder.putU8(seg, transportAt + TcpHeader.BYTES + 1L, TcpHeader.MSS_OPTION_BYTES);
                NetworkOrder.putU16(
                        seg,
                        transportAt + TcpHeader.BYTES + 2L,
                        words.has("mss") ? words.number("mss", 0, 65_535) : mss);
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

    /** The network that the frame is of: the port's, or that of its tag. */
    private @Nullable String network(PortView port) {
        String vlan = words.get("vlan");
        String tagged =
                vlan != null && vlan.matches("[0-9]{1,4}") ? port.vlans().get(Integer.valueOf(vlan)) : null;
        return tagged == null ? port.network() : tagged;
    }

    private static IpAddress address(String key, String text) {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(text, "expected an IP address as " + key);
        }
    }

    private static ControlRefusedException invalid(@Nullable String value, String what) {
        return new ControlRefusedException(Kind.INVALID, OBJECT, value, what, "correct the description");
    }
}
