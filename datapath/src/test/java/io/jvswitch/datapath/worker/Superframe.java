package io.jvswitch.datapath.worker;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A TCP superframe from A to B and the segments that it stands for, each built header by header: what the data path is
 * judged by.
 *
 * @param vlan a tag's VLAN, 0 for none
 * @param tos DSCP and ECN
 */
public record Superframe(
        boolean ipv4, int vlan, boolean dontFragment, int sequence, int sizeBytes, int payloadBytes, int tos) {

    /** With DSCP 0, not ECN-capable. */
    Superframe(boolean ipv4, int vlan, boolean dontFragment, int sequence, int sizeBytes, int payloadBytes) {
        this(ipv4, vlan, dontFragment, sequence, sizeBytes, payloadBytes, 0);
    }

    /** RFC 7348, section 5: flags 0x08, VNI 42. */
    static final byte[] VXLAN_42 = {8, 0, 0, 0, 0, 0, 42, 0};

    /** Over IPv4, untagged, DF set. */
    public static Superframe ofIpv4(int sizeBytes, int payloadBytes) {
        return new Superframe(true, 0, true, 1_000_000, sizeBytes, payloadBytes);
    }

    int segments() {
        return (payloadBytes + sizeBytes - 1) / sizeBytes;
    }

    /** As a guest's TAP gives it. */
    public FrameBuilder offered() {
        return build(0, payload(0, payloadBytes), true).gso(gsoType(), sizeBytes);
    }

    int gsoType() {
        return ipv4 ? Frame.GSO_TCPV4 : Frame.GSO_TCPV6;
    }

    /** Segment {@code index}, with its checksums in place. */
    public FrameBuilder segment(int index) {
        int from = index * sizeBytes;
        boolean last = index == segments() - 1;
        return build(index, payload(from, Math.min(payloadBytes, from + sizeBytes)), last);
    }

    /** All segments, each with the tunnel header before it, back to back. */
    byte[] train(byte[] header) {
        ByteArrayOutputStream train = new ByteArrayOutputStream();
        for (byte[] datagram : datagrams(header)) {
            train.writeBytes(datagram);
        }
        return train.toByteArray();
    }

    /** All segments, each with the tunnel header before it. */
    List<byte[]> datagrams(byte[] header) {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < segments(); i++) {
            byte[] segment = segment(i).bytes();
            byte[] datagram = Arrays.copyOf(header, header.length + segment.length);
            System.arraycopy(segment, 0, datagram, header.length, segment.length);
            all.add(datagram);
        }
        return all;
    }

    private byte[] payload(int from, int to) {
        byte[] whole = new byte[payloadBytes];
        new SplittableRandom(sequence).nextBytes(whole);
        return Arrays.copyOfRange(whole, from, to);
    }

    private FrameBuilder build(int index, byte[] payload, boolean last) {
        FrameBuilder builder = Frames.aToB();
        if (vlan > 0) {
            builder.vlan(vlan);
        }
        if (ipv4) {
            builder.ipv4(Frames.IP4_A, Frames.IP4_B).identification(7 + index);
            if (dontFragment) {
                builder.dontFragment();
            }
        } else {
            builder.ipv6(Frames.IP6_A, Frames.IP6_B);
        }
        return builder.tos(tos)
                .tcp(40_000, 80)
                .sequence(sequence + index * sizeBytes, 77)
                .flags(TcpHeader.FLAG_ACK | (last ? TcpHeader.FLAG_PSH : 0))
                .tcpOptions("0101 080a 11223344 55667788")
                .payload(payload);
    }
}
