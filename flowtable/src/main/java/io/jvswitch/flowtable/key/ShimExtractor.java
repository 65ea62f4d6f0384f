package io.jvswitch.flowtable.key;

import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.MplsHeader;
import io.jvswitch.wire.header.NshHeader;
import java.lang.foreign.MemorySegment;

/**
 * {@link FlowExtractor}'s long way: headers between Ethernet and a packet that the switch matches on and does not look
 * behind. One that is cut short or not sound leaves its fields 0: a frame that is only forwarded need not be well
 * formed there.
 */
final class ShimExtractor {

    /** EtherType of a provider backbone bridge's service instance tag (IEEE 802.1Q-2018, section 9.7). */
    static final int ETHER_TYPE_PBB = 0x88e7;
    /** Priority, flags and the 24 bits of the service instance identifier. */
    private static final int PBB_TAG_BYTES = 4;

    private static final int PBB_ISID_MASK = 0xff_ffff;
    private static final int MPLS_ENTRIES = 3;

    private ShimExtractor() {}

    /** Up to three label stack entries, as far as the stack goes. */
    static void readMpls(FlowKey key, MemorySegment seg, int at, int end) {
        long[] words = key.words;
        long first = 0;
        long third = 0;
        int entryAt = at;
        for (int i = 0; i < MPLS_ENTRIES && MplsHeader.check(seg, entryAt, end - entryAt) == null; i++) {
            long entry = MplsHeader.entry(seg, entryAt) & 0xffff_ffffL;
            switch (i) {
                case 0 -> first = entry << FlowLayout.MPLS_LSE_0_SHIFT;
                case 1 -> first |= entry << FlowLayout.MPLS_LSE_1_SHIFT;
                default -> third = entry << FlowLayout.MPLS_LSE_2_SHIFT;
            }
            if (MplsHeader.isBottom(seg, entryAt)) {
                break;
            }
            entryAt += MplsHeader.BYTES;
        }
        words[FlowLayout.MPLS_WORD] = first;
        words[FlowLayout.MPLS_THIRD_WORD] = third;
        key.present |= FlowLayout.MPLS_WORDS;
    }

    /** Base and service path header, and the four words of metadata type 1. */
    static void readNsh(FlowKey key, MemorySegment seg, int at, int end) {
        if (NshHeader.check(seg, at, end - at) != null) {
            return;
        }
        long[] words = key.words;
        int mdType = NshHeader.mdType(seg, at);
        words[FlowLayout.NSH_WORD] = (long) NshHeader.flags(seg, at) << FlowLayout.NSH_FLAGS_SHIFT
                | (long) NshHeader.ttl(seg, at) << FlowLayout.NSH_TTL_SHIFT
                | (long) mdType << FlowLayout.NSH_MDTYPE_SHIFT
                | (long) NshHeader.nextProtocol(seg, at) << FlowLayout.NSH_NP_SHIFT
                | (long) NshHeader.servicePath(seg, at) << FlowLayout.NSH_SPI_SHIFT
                | (long) NshHeader.serviceIndex(seg, at) << FlowLayout.NSH_SI_SHIFT;
        key.present |= FlowLayout.NSH_WORDS;
        if (mdType == NshHeader.MD_TYPE_1) {
            words[FlowLayout.NSH_C1_WORD] =
                    context(seg, at, 0) << FlowLayout.NSH_C1_SHIFT | context(seg, at, 1) << FlowLayout.NSH_C2_SHIFT;
            words[FlowLayout.NSH_C3_WORD] =
                    context(seg, at, 2) << FlowLayout.NSH_C3_SHIFT | context(seg, at, 3) << FlowLayout.NSH_C4_SHIFT;
            key.present |= FlowLayout.NSH_CONTEXT_WORDS;
        }
    }

    private static long context(MemorySegment seg, int at, int word) {
        return NshHeader.context(seg, at, word) & 0xffff_ffffL;
    }

    /** The service instance. */
    static void readPbb(FlowKey key, MemorySegment seg, int at, int end) {
        if (end - at >= PBB_TAG_BYTES) {
            long isid = NetworkOrder.getInt(seg, at) & PBB_ISID_MASK;
            key.words[FlowLayout.PBB_WORD] = isid << FlowLayout.PBB_ISID_SHIFT;
            key.present |= FlowLayout.PBB_WORDS;
        }
    }
}
