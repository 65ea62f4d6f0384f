package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class EthernetPayloadTest {

    private static final int FRONT = 5;
    private static final int ROOM = 256;

    private final MemorySegment seg = MemorySegment.ofArray(new byte[ROOM]);
    private int typeAt;

    private void header(int firstType) {
        typeAt = FRONT + EthernetHeader.TYPE_OFFSET;
        type(firstType);
    }

    private void type(int type) {
        NetworkOrder.putU16(seg, typeAt, type);
    }

    /** The type written last becomes a TPID, and {@code type} follows the tag. */
    private void tag(int tpid, int type) {
        VlanTag.setTpid(seg, typeAt, tpid);
        VlanTag.setTci(seg, typeAt, 0x8100); // looks like a TPID, and is none
        typeAt += VlanTag.BYTES;
        type(type);
    }

    /** The type written last becomes a length, and {@code type} follows the SNAP header. */
    private void snap(int type) {
        type(100);
        NetworkOrder.putU48(seg, typeAt + 2L, 0xaaaa_0300_0000L);
        typeAt += SnapHeader.BYTES;
        type(type);
    }

    private int behindTags(int end) {
        return EthernetPayload.behindTags(seg, FRONT, end);
    }

    private int behindAll(int end) {
        return EthernetPayload.behindTagsAndSnap(seg, FRONT, end);
    }

    @Test
    void withoutTagsItIsBehindTheHeader() {
        header(EtherType.IPV4);
        assertEquals(FRONT + 14, behindTags(FRONT + 14));
        assertEquals(FRONT + 14, behindAll(FRONT + 14));
        assertEquals(EtherType.IPV4, EthernetPayload.type(seg, FRONT + 14));
    }

    @Test
    void tagsAreLookedThroughUpToTheBound() {
        header(EtherType.IPV6);
        for (int tags = 0; tags <= EthernetPayload.MAX_LAYERS; tags++) {
            int payloadAt = FRONT + 14 + 4 * tags;
            assertEquals(payloadAt, behindTags(ROOM), tags + " tags");
            assertEquals(payloadAt, behindAll(ROOM), tags + " tags");
            assertEquals(EtherType.IPV6, EthernetPayload.type(seg, payloadAt));
            assertEquals(payloadAt, EthernetPayload.behindTags(seg, FRONT, ROOM, tags));
            if (tags > 0) {
                assertEquals(EthernetPayload.NONE, EthernetPayload.behindTags(seg, FRONT, ROOM, tags - 1));
            }
            tag(tags % 2 == 0 ? EtherType.SERVICE_VLAN : EtherType.VLAN, EtherType.IPV6);
        }
        assertEquals(EthernetPayload.NONE, behindTags(ROOM));
        assertEquals(EthernetPayload.NONE, behindAll(ROOM));
    }

    @Test
    void snapIsLookedThroughWhereAskedForOnly() {
        header(0);
        snap(EtherType.IPV4);
        assertEquals(FRONT + 22, behindAll(ROOM));
        assertEquals(FRONT + 14, behindTags(ROOM), "to it, LLC is the payload");
        tag(EtherType.VLAN, 0);
        snap(EtherType.ARP);
        assertEquals(FRONT + 34, behindAll(ROOM));
        assertEquals(EtherType.ARP, EthernetPayload.type(seg, FRONT + 34));
    }

    @Test
    void snapHeadersCountAsLayers() {
        header(0);
        for (int layers = 0; layers < EthernetPayload.MAX_LAYERS; layers++) {
            snap(EtherType.IPV4);
            assertEquals(typeAt + 2, behindAll(ROOM));
        }
        snap(EtherType.IPV4);
        assertEquals(EthernetPayload.NONE, behindAll(ROOM));
    }

    @Test
    void otherLlcHasNone() {
        header(100);
        NetworkOrder.putU48(seg, typeAt + 2L, 0x4242_0300_0000L);
        assertEquals(EthernetPayload.NONE, behindAll(ROOM));
    }

    @Test
    void oldPrivateTpidsAreTypes() {
        header(EtherType.VLAN);
        tag(EtherType.VLAN, 0x9100);
        assertEquals(FRONT + 18, behindTags(ROOM));
        assertEquals(0x9100, EthernetPayload.type(seg, FRONT + 18));
    }

    @Test
    void whatIsCutShortHasNone() {
        RandomGenerator random = Seed.random(getClass());
        for (int run = 0; run < 500; run++) {
            header(EtherType.IPV4);
            boolean snap = false;
            for (int layers = random.nextInt(5); layers > 0; layers--) {
                if (random.nextInt(4) == 0) {
                    snap(EtherType.IPV4);
                    snap = true;
                } else {
                    tag(EtherType.VLAN, EtherType.IPV4);
                }
            }
            int payloadAt = typeAt + 2;
            for (int end = FRONT; end < payloadAt; end++) {
                assertEquals(EthernetPayload.NONE, behindAll(end), "cut at " + end + " of " + payloadAt);
                if (!snap) {
                    assertEquals(EthernetPayload.NONE, behindTags(end), "cut at " + end + " of " + payloadAt);
                }
            }
            assertEquals(payloadAt, behindAll(payloadAt));
        }
    }
}
