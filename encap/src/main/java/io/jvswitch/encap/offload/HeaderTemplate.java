package io.jvswitch.encap.offload;

import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.VlanTag;
import java.lang.foreign.MemorySegment;

/**
 * The headers of a TCP segment as masked words, to recognise the segments that follow it: what may differ in those
 * (lengths, identification, sequence number, checksums, and the flags that mark the beginning and the end) is masked
 * out. A comparison then takes one load per eight bytes instead of two per field.
 *
 * <p>Reused: {@link #set} makes it the template of another segment. Allocates nothing after construction.
 */
final class HeaderTemplate {

    /** Ethernet with all tags that a segment may have, IPv6, and a TCP header with all options. */
    private static final int MAX_BYTES =
            EthernetHeader.BYTES + TcpSegment.MAX_TAGS * VlanTag.BYTES + Ipv6Header.BYTES + TcpHeader.MAX_BYTES;

    private static final int MAX_WORDS = (MAX_BYTES + 7) / 8;

    private final long[] words = new long[MAX_WORDS];
    private final long[] masks = new long[MAX_WORDS];
    private int count;
    /** Where the last word begins; it may overlap the one before, so that no byte of the payload is compared. */
    private int lastAt;

    /** Makes it the template of a plain segment. */
    void set(TcpSegment first) {
        int at = first.at();
        int bytes = first.payloadAt() - at;
        count = (bytes + 7) / 8;
        lastAt = bytes - 8;
        for (int i = 0; i < count; i++) {
            masks[i] = -1L;
        }
        int l3 = first.l3At() - at;
        int l4 = first.l4At() - at;
        if (first.isIpv4()) {
            clear(l3 + Ipv4Header.TOTAL_LENGTH_OFFSET, Short.BYTES);
            clear(l3 + Ipv4Header.IDENTIFICATION_OFFSET, Short.BYTES);
            clear(l3 + Ipv4Header.CHECKSUM_OFFSET, Short.BYTES);
        } else {
            clear(l3 + Ipv6Header.PAYLOAD_LENGTH_OFFSET, Short.BYTES);
        }
        clear(l4 + TcpHeader.SEQUENCE_OFFSET, Integer.BYTES);
        clear(l4 + TcpHeader.LOW_FLAGS_OFFSET, 1, TcpSegment.MAY_DIFFER);
        clear(l4 + TcpHeader.CHECKSUM_OFFSET, Short.BYTES);
        for (int i = 0; i < count; i++) {
            words[i] = NetworkOrder.getLong(first.memory(), (long) at + offset(i)) & masks[i];
        }
    }

    /**
     * Whether the bytes at {@code at} agree with the template.
     *
     * @param at a frame's first byte, with at least as many bytes from there on as the template has
     */
    boolean matches(MemorySegment seg, long at) {
        int last = count - 1;
        for (int i = 0; i < last; i++) {
            if ((NetworkOrder.getLong(seg, at + 8L * i) & masks[i]) != words[i]) {
                return false;
            }
        }
        return (NetworkOrder.getLong(seg, at + lastAt) & masks[last]) == words[last];
    }

    private int offset(int word) {
        return word == count - 1 ? lastAt : 8 * word;
    }

    private void clear(int from, int bytes) {
        clear(from, bytes, 0xff);
    }

    /** Masks bits of bytes out in every word that contains them: two, where the last word overlaps. */
    private void clear(int from, int bytes, int bits) {
        for (int at = from; at < from + bytes; at++) {
            for (int i = 0; i < count; i++) {
                int byteInWord = at - offset(i);
                if (byteInWord >= 0 && byteInWord < 8) {
                    masks[i] &= ~((long) bits << (56 - 8 * byteInWord));
                }
            }
        }
    }
}
