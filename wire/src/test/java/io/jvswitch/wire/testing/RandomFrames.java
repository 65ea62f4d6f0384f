package io.jvswitch.wire.testing;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.ArpPacket;
import io.jvswitch.wire.header.DhcpMessage;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.NeighbourDiscovery;
import io.jvswitch.wire.header.VlanTag;
import io.jvswitch.wire.tunnel.GeneveHeader;
import io.jvswitch.wire.tunnel.GreHeader;
import io.jvswitch.wire.tunnel.VxlanHeader;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Random frames of every kind that the switch knows: valid ones from {@link #next()}, damaged ones from {@link
 * #mutated()}. Addresses and ports come from small sets, so that flows repeat.
 *
 * <p>Make it with {@link Seed#random}, which prints the seed.
 */
public final class RandomFrames {

    /** EtherType that IEEE 802 leaves to experiments. */
    private static final int LOCAL_EXPERIMENTAL = 0x88b5;

    private final RandomGenerator random;

    public RandomFrames(RandomGenerator random) {
        this.random = random;
    }

    /** A valid frame; one in eight is inside a tunnel, with the underlay's headers. */
    public FrameBuilder next() {
        return random.nextInt(8) == 0 ? tunnelled() : plain(Frames.ethernet(mac(), mac()));
    }

    /** A valid frame with headers of a tunnel before it. */
    public FrameBuilder tunnelled() {
        FrameBuilder outer = Frames.ethernet(mac(), mac());
        outer = random.nextBoolean() ? outer.ipv4(ipv4(), ipv4()).dontFragment() : outer.ipv6(ipv6(), ipv6());
        int sourcePort = 49_152 + random.nextInt(16_384);
        int id = random.nextInt(VxlanHeader.MAX_VNI + 1);
        FrameBuilder tunnel = switch (random.nextInt(3)) {
            case 0 -> outer.udp(sourcePort, VxlanHeader.UDP_PORT).vxlan(id);
            case 1 ->
                outer.udp(sourcePort, GeneveHeader.UDP_PORT)
                        .geneve(id, random.nextBoolean() ? "" : "0102 80 01 00000007 0103 01 00");
            default ->
                outer.gre(
                        random.nextInt(8) << 12 & (GreHeader.FLAG_KEY | GreHeader.FLAG_SEQUENCE)
                                | (random.nextBoolean() ? GreHeader.FLAG_CHECKSUM : 0),
                        random.nextInt(),
                        random.nextInt());
        };
        return plain(tunnel.ethernet(mac(), mac()));
    }

    private FrameBuilder plain(FrameBuilder frame) {
        for (int tags = random.nextInt(6) - 3; tags > 0; tags--) {
            int tpid = random.nextInt(3) == 0 ? EtherType.SERVICE_VLAN : EtherType.VLAN;
            frame.vlan(tpid, VlanTag.tciOf(random.nextInt(8), random.nextBoolean(), random.nextInt(4096)));
        }
        return switch (random.nextInt(12)) {
            case 0 ->
                frame.arp(
                        random.nextBoolean() ? ArpPacket.OPERATION_REQUEST : ArpPacket.OPERATION_REPLY,
                        mac(),
                        ipv4(),
                        mac(),
                        ipv4());
            case 1 -> frame.etherType(LOCAL_EXPERIMENTAL).payload(random(46, 200));
            case 2 -> dhcp(frame);
            case 3 -> neighbour(frame);
            case 4, 5, 6 ->
                transport(extended(frame.ipv6(ipv6(), ipv6()).ttl(random.nextInt(1, 256))), IpProtocol.ICMPV6);
            default -> {
                frame.ipv4(ipv4(), ipv4()).ttl(random.nextInt(1, 256)).identification(random.nextInt(65_536));
                if (random.nextBoolean()) {
                    frame.dontFragment();
                } else if (random.nextInt(3) == 0) {
                    frame.fragment(random.nextInt(2) * 1480, random.nextBoolean());
                }
                if (random.nextInt(8) == 0) {
                    frame.ipOptions("94040000"); // router alert, RFC 2113
                }
                yield transport(frame, IpProtocol.ICMP);
            }
        };
    }

    private FrameBuilder extended(FrameBuilder frame) {
        if (random.nextInt(4) == 0) {
            frame.extension(IpProtocol.HOP_BY_HOP, "0502 0000 0100");
        }
        if (random.nextInt(6) == 0) {
            frame.extension(IpProtocol.DESTINATION_OPTIONS, "0104 00000000");
        }
        if (random.nextInt(6) == 0) {
            frame.fragmentHeader(random.nextInt(2) * 1448, random.nextBoolean(), random.nextInt());
        }
        return frame;
    }

    private FrameBuilder transport(FrameBuilder frame, int icmp) {
        return switch (random.nextInt(8)) {
            case 0 ->
                (icmp == IpProtocol.ICMP ? frame.icmp(8, 0, random.nextInt()) : frame.icmpv6(128, 0, random.nextInt()))
                        .payload(random(0, 100));
            case 1 -> frame.sctp(port(), port(), random.nextInt()).payload(random(16, 100));
            case 2 -> frame.protocol(IpProtocol.ESP).payload(random(32, 100));
            case 3, 4 -> frame.udp(port(), port()).payload(random(0, 1400));
            default -> {
                frame.tcp(port(), port()).flags(random.nextInt(512)).sequence(random.nextInt(), random.nextInt());
                switch (random.nextInt(3)) {
                    case 0 -> frame.mss(random.nextInt(65_536));
                    case 1 -> frame.tcpOptions("0101 080a 00000001 00000002");
                    default -> {}
                }
                yield frame.payload(random(0, 1400));
            }
        };
    }

    private FrameBuilder dhcp(FrameBuilder frame) {
        return frame.ipv4("0.0.0.0", "255.255.255.255")
                .udp(DhcpMessage.CLIENT_PORT, DhcpMessage.SERVER_PORT)
                .dhcp(DhcpMessage.OP_REQUEST, random.nextInt(), mac(), "350101 370401030f1a ff")
                .payload(52);
    }

    private FrameBuilder neighbour(FrameBuilder frame) {
        frame.ipv6(ipv6(), ipv6());
        return random.nextBoolean()
                ? frame.neighbourSolicitation(ipv6(), random.nextBoolean() ? mac() : null)
                : frame.neighbourAdvertisement(ipv6(), NeighbourDiscovery.FLAG_OVERRIDE, mac());
    }

    /** The bytes of a frame that {@link #mutate} damaged. */
    public byte[] mutated() {
        return mutate(next().bytes());
    }

    /**
     * A damaged copy: cut, lengthened, single bits or bytes changed, mostly among the headers. May return an undamaged
     * one.
     */
    public byte[] mutate(byte[] frame) {
        byte[] bytes = frame.clone();
        for (int changes = random.nextInt(1, 5); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(random.nextInt(4) == 0 ? bytes.length : Math.min(bytes.length, 100));
            switch (random.nextInt(6)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(64));
                case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 3 -> bytes[at] = 0;
                case 4 -> bytes[at] = (byte) 0xff;
                default -> bytes[at] = (byte) random.nextInt();
            }
        }
        return bytes;
    }

    private byte[] random(int min, int max) {
        byte[] bytes = new byte[random.nextInt(min, max + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String mac() {
        return MacAddress.toString(0x0200_0000_0000L | random.nextInt(16));
    }

    private String ipv4() {
        return IpAddress.ipv4ToString(0x0a00_0000 | random.nextInt(16));
    }

    private String ipv6() {
        return IpAddress.toString(0x2001_0db8_0000_0000L, random.nextInt(16));
    }

    private int port() {
        return random.nextBoolean() ? 80 : 40_000 + random.nextInt(16);
    }
}
