package io.jvswitch.wire.testing;

import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.SctpHeader;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.tunnel.GreHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a {@link FrameBuilder} has written so far and where their headers lie; fills in, from the innermost
 * header outwards, what depends on everything behind a header: lengths and checksums.
 */
final class FrameLayout {

    /** What a header needs when the frame is finished. */
    enum Kind {
        LINK,
        IPV4,
        IPV6,
        EXTENSION,
        UDP,
        TCP,
        ICMP,
        ICMPV6,
        SCTP,
        GRE,
        TUNNEL
    }

    /** Where a header lies, and where it says what follows it ({@code nextAt} -1: nowhere). */
    record Layer(Kind kind, int at, int nextAt, int nextBytes) {}

    private byte[] array = new byte[256];
    private MemorySegment seg = MemorySegment.ofArray(array);
    private int length;
    private final List<Layer> layers = new ArrayList<>();
    private final List<Integer> withoutChecksum = new ArrayList<>();
    private int badChecksumAt = -1;
    private int partialAt = -1;

    /** The bytes; replaced when they grow, so that it is asked for after adding. */
    MemorySegment seg() {
        return seg;
    }

    int length() {
        return length;
    }

    /** Appends a header of zeros and gives its offset. */
    int add(Kind kind, int bytes, int nextOffset, int nextBytes) {
        int at = length;
        append(new byte[bytes]);
        layers.add(new Layer(kind, at, nextOffset < 0 ? -1 : at + nextOffset, nextBytes));
        return at;
    }

    void append(byte[] bytes) {
        if (length + bytes.length > array.length) {
            array = Arrays.copyOf(array, Math.max(2 * array.length, length + bytes.length));
            seg = MemorySegment.ofArray(array);
        }
        System.arraycopy(bytes, 0, array, length, bytes.length);
        length += bytes.length;
    }

    /** Tells the previous header what follows: an EtherType or a protocol number, as it has room for; -1 is neither. */
    void announce(int etherType, int protocol) {
        if (layers.isEmpty() || layers.getLast().nextAt < 0) {
            return;
        }
        Layer previous = layers.getLast();
        int value = previous.nextBytes == 2 ? etherType : protocol;
        if (value < 0) {
            throw new IllegalStateException("a header of kind " + previous.kind + " cannot carry this");
        }
        if (previous.nextBytes == 2) {
            NetworkOrder.putU16(seg, previous.nextAt, value);
        } else {
            NetworkOrder.putU8(seg, previous.nextAt, value);
        }
    }

    /** Offset of the last header, which must be of a kind. */
    int last(Kind kind) {
        Layer last = layers.getLast();
        if (last.kind != kind) {
            throw new IllegalStateException("the last header is " + last.kind + ", not " + kind);
        }
        return last.at;
    }

    Layer lastIp() {
        return ipBefore(null);
    }

    Layer lastTransport() {
        Layer last = layers.getLast();
        return switch (last.kind) {
            case TCP, UDP, ICMP, ICMPV6 -> last;
            default -> throw new IllegalStateException("the last header is " + last.kind + ", not a transport header");
        };
    }

    void leaveWithoutChecksum(int udpAt) {
        withoutChecksum.add(udpAt);
    }

    void spoilChecksum(int transportAt) {
        badChecksumAt = transportAt;
    }

    void leavePartial(int transportAt) {
        partialAt = transportAt;
    }

    /** Offset of the header whose checksum stays partial, or -1. */
    int partialAt() {
        return partialAt;
    }

    /** The finished bytes. */
    byte[] finish() {
        for (Layer layer : layers.reversed()) {
            finish(layer);
        }
        return Arrays.copyOf(array, length);
    }

    private void finish(Layer layer) {
        int at = layer.at;
        int bytes = length - at;
        switch (layer.kind) {
            case IPV4 -> {
                Ipv4Header.setTotalLength(seg, at, bytes);
                Ipv4Header.updateChecksum(seg, at);
            }
            case IPV6 -> Ipv6Header.setPayloadLength(seg, at, bytes - Ipv6Header.BYTES);
            case UDP -> {
                UdpHeader.setLength(seg, at, bytes);
                UdpHeader.setChecksum(seg, at, 0);
                if (!withoutChecksum.contains(at)) {
                    finishChecksum(layer, IpProtocol.UDP, bytes);
                }
            }
            case TCP -> finishChecksum(layer, IpProtocol.TCP, bytes);
            case ICMP -> finishChecksum(layer, IpProtocol.ICMP, bytes);
            case ICMPV6 -> finishChecksum(layer, IpProtocol.ICMPV6, bytes);
            case SCTP -> {
                SctpHeader.setChecksum(seg, at, 0);
                CRC32C crc = new CRC32C();
                crc.update(array, at, bytes);
                SctpHeader.setChecksum(seg, at, (int) crc.getValue());
            }
            case GRE -> {
                if (GreHeader.hasChecksum(seg, at)) {
                    GreHeader.updateChecksum(seg, at, bytes);
                }
            }
            case LINK, EXTENSION, TUNNEL -> {}
        }
    }

    private void finishChecksum(Layer layer, int protocol, int bytes) {
        int ipAt = ipBefore(layer).at;
        int field = layer.at + Checksum.offsetIn(protocol);
        if (layer.at == partialAt) {
            NetworkOrder.putU16(seg, field, Checksum.fold(Checksum.pseudo(seg, ipAt, protocol, bytes)));
        } else {
            Checksum.setTransport(seg, ipAt, protocol, layer.at, bytes);
            if (layer.at == badChecksumAt) {
                array[field] ^= 0x55;
            }
        }
    }

    private Layer ipBefore(@Nullable Layer layer) {
        int from = layer == null ? layers.size() : layers.indexOf(layer);
        for (int i = from - 1; i >= 0; i--) {
            Kind kind = layers.get(i).kind;
            if (kind == Kind.IPV4 || kind == Kind.IPV6) {
                return layers.get(i);
            }
        }
        throw new IllegalStateException("no IP header before");
    }
}
