package io.jvswitch.encap.offload;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A random superframe's description, of which the superframe and each of its segments can be built header by header:
 * what segmentation and coalescing are judged by.
 */
public record RandomSuperframe(
        boolean ipv4,
        boolean udp,
        int tags,
        boolean extension,
        int id,
        boolean dontFragment,
        int tos,
        int ttl,
        int sourcePort,
        int sequence,
        int flags,
        String options,
        int sizeBytes,
        int payloadBytes,
        long payloadSeed) {

    private static final String[] OPTIONS = {
        "", "0101 080a 11223344 55667788", "0101 050a 00000001 00000002", "01010101", "fd04 0102"
    };

    /** A TCP superframe that a guest could send; {@code plain} ones have no IPv6 extension header. */
    public static RandomSuperframe randomTcp(RandomGenerator random, boolean plain, int maxPayloadBytes) {
        boolean ipv4 = random.nextBoolean();
        int sizeBytes = random.nextInt(1, random.nextBoolean() ? 100 : 2000);
        int segments = random.nextInt(1, Math.max(2, Math.min(60, maxPayloadBytes / sizeBytes)));
        int payloadBytes = segments * sizeBytes + (random.nextBoolean() ? 0 : random.nextInt(sizeBytes));
        int flags = TcpHeader.FLAG_ACK
                | (random.nextBoolean() ? TcpHeader.FLAG_PSH : 0)
                | (random.nextInt(4) == 0 ? TcpHeader.FLAG_FIN : 0)
                | (random.nextInt(4) == 0 ? TcpHeader.FLAG_ECE : 0)
                | (random.nextInt(4) == 0 ? TcpHeader.FLAG_CWR : 0);
        return new RandomSuperframe(
                ipv4,
                false,
                random.nextInt(3),
                !ipv4 && !plain && random.nextInt(4) == 0,
                random.nextInt(65_536),
                random.nextBoolean(),
                random.nextInt(256),
                random.nextInt(1, 256),
                random.nextInt(1024, 65_536),
                random.nextInt(),
                flags,
                OPTIONS[random.nextInt(OPTIONS.length)],
                sizeBytes,
                payloadBytes,
                random.nextLong());
    }

    /** A UDP superframe. */
    public static RandomSuperframe randomUdp(RandomGenerator random, int maxPayloadBytes) {
        RandomSuperframe tcp = randomTcp(random, false, maxPayloadBytes);
        return new RandomSuperframe(
                tcp.ipv4,
                true,
                tcp.tags,
                tcp.extension,
                tcp.id,
                tcp.dontFragment,
                tcp.tos,
                tcp.ttl,
                tcp.sourcePort,
                0,
                0,
                "",
                tcp.sizeBytes,
                tcp.payloadBytes,
                tcp.payloadSeed);
    }

    public int segments() {
        return (payloadBytes + sizeBytes - 1) / sizeBytes;
    }

    private byte[] payload() {
        byte[] payload = new byte[payloadBytes];
        new SplittableRandom(payloadSeed).nextBytes(payload);
        return payload;
    }

    public int gsoType() {
        int ecn = (flags & TcpHeader.FLAG_CWR) != 0 ? Frame.GSO_ECN : 0;
        return udp ? Frame.GSO_UDP_L4 : (ipv4 ? Frame.GSO_TCPV4 : Frame.GSO_TCPV6) | ecn;
    }

    /** The superframe, its checksum partial. */
    public Frame frame() {
        return Layers.set(build(0, flags, payload()).gso(gsoType(), sizeBytes).frame());
    }

    /** Segment {@code index} as it should be. */
    public byte[] segment(int index) {
        int cut = (index > 0 ? TcpHeader.FLAG_CWR : 0)
                | (index < segments() - 1 ? TcpHeader.FLAG_FIN | TcpHeader.FLAG_PSH : 0);
        int from = index * sizeBytes;
        byte[] part = Arrays.copyOfRange(payload(), from, Math.min(payloadBytes, from + sizeBytes));
        return build(index, flags & ~cut, part).bytes();
    }

    List<byte[]> allSegments() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < segments(); i++) {
            all.add(segment(i));
        }
        return all;
    }

    private FrameBuilder build(int index, int segmentFlags, byte[] part) {
        FrameBuilder builder = Frames.aToB();
        for (int i = 0; i < tags; i++) {
            builder.vlan(100 + i);
        }
        if (ipv4) {
            builder.ipv4(Frames.IP4_A, Frames.IP4_B).identification(id + index & 0xffff);
            if (dontFragment) {
                builder.dontFragment();
            }
        } else {
            builder.ipv6(Frames.IP6_A, Frames.IP6_B);
        }
        builder.ttl(ttl).tos(tos);
        if (extension) {
            builder.extension(IpProtocol.DESTINATION_OPTIONS, "0104 00000000");
        }
        if (udp) {
            return builder.udp(sourcePort, 9).payload(part);
        }
        return builder.tcp(sourcePort, 80)
                .sequence(sequence + index * sizeBytes, 12_345)
                .flags(segmentFlags)
                .tcpOptions(options)
                .payload(part);
    }
}
