package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import io.jvswitch.wire.testing.Tcpdump;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MplsHeaderTest {

    /** Label 29, traffic class 2, bottom of stack, TTL 64 by RFC 3032's figure. */
    private static final String ENTRY = "0001 d5 40";

    @Test
    void readsTheFieldsOfTheFigure() {
        MemorySegment seg = Hex.segment(ENTRY);
        assertEquals(29, MplsHeader.label(seg, 0));
        assertEquals(2, MplsHeader.trafficClass(seg, 0));
        assertTrue(MplsHeader.isBottom(seg, 0));
        assertEquals(64, MplsHeader.ttl(seg, 0));
    }

    @Test
    void everyTruncationIsRefused() {
        Truncation.assertRefused(
                Hex.bytes(ENTRY + " 45"), MplsHeader.BYTES, DropReason.MPLS_TRUNCATED, MplsHeader::check);
    }

    @Test
    void eachSetterKeepsTheOtherFields() {
        RandomGenerator random = Seed.random(getClass());
        MemorySegment seg = Hex.segment(new byte[4]);
        for (int i = 0; i < 1_000; i++) {
            MplsHeader.setEntry(seg, 0, random.nextInt());
            int label = random.nextInt(MplsHeader.MAX_LABEL + 1);
            int trafficClass = random.nextInt(8);
            boolean bottom = random.nextBoolean();
            int ttl = random.nextInt(256);
            MplsHeader.setLabel(seg, 0, label);
            MplsHeader.setTtl(seg, 0, ttl);
            MplsHeader.setBottom(seg, 0, bottom);
            MplsHeader.setTrafficClass(seg, 0, trafficClass);
            assertEquals(MplsHeader.entryOf(label, trafficClass, bottom, ttl), MplsHeader.entry(seg, 0));
            assertEquals(label, MplsHeader.label(seg, 0));
            assertEquals(trafficClass, MplsHeader.trafficClass(seg, 0));
            assertEquals(bottom, MplsHeader.isBottom(seg, 0));
            assertEquals(ttl, MplsHeader.ttl(seg, 0));
        }
    }

    @Test
    void aLabelIsPushedBehindTagsAndPoppedAgain() throws Exception {
        Frame frame = Frames.aToB()
                .vlan(7)
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(1, 2)
                .payload(30)
                .frame();
        byte[] before = Hex.bytes(frame);
        frame.setLayers(frame.start() + 18, frame.start() + 38);
        int inner = MplsHeader.entryOf(29, 2, true, 64);
        assertNull(MplsHeader.push(frame, EtherType.MPLS_UNICAST, inner));
        assertNull(MplsHeader.push(frame, EtherType.MPLS_UNICAST, MplsHeader.entryOf(30, 0, false, 63)));
        String said = Tcpdump.decode(Hex.bytes(frame));
        assertTrue(said.contains("vlan 7"), said);
        assertTrue(said.contains("MPLS (label 30, tc 0, ttl 63)"), said);
        assertTrue(said.contains("(label 29, tc 2, [S], ttl 64)"), said);
        assertTrue(said.contains("10.0.0.1.1 > 10.0.0.2.2: [udp sum ok]"), said);
        assertEquals(0, frame.l3At() + frame.l4At(), "nobody looks under a label");
        assertEquals(30, MplsHeader.label(frame.segment(), MplsHeader.at(frame)));
        assertNull(MplsHeader.pop(frame, EtherType.MPLS_UNICAST));
        assertEquals(inner, MplsHeader.entry(frame.segment(), MplsHeader.at(frame)));
        assertNull(MplsHeader.pop(frame, EtherType.IPV4));
        assertArrayEquals(before, Hex.bytes(frame));
        assertEquals(LinkLayer.NONE, MplsHeader.at(frame));
        assertNull(MplsHeader.pop(frame, EtherType.IPV4));
        assertArrayEquals(before, Hex.bytes(frame), "there is none to take away");
    }

    @Test
    void withoutHeadroomOrWholeTagsNothingIsPushed() {
        Frame frame = Frames.udpv4().payload(1).frame();
        frame.push(frame.headroom() - 3);
        byte[] before = Hex.bytes(frame);
        assertEquals(DropReason.HEADROOM, MplsHeader.push(frame, EtherType.MPLS_UNICAST, 0));
        assertArrayEquals(before, Hex.bytes(frame));
        Frame cut = Frames.aToB().vlan(7).etherType(0x88b5).truncate(17).frame();
        assertEquals(DropReason.VLAN_TRUNCATED, MplsHeader.push(cut, EtherType.MPLS_UNICAST, 0));
        assertEquals(17, cut.length());
    }

    @Test
    void anEntryThatIsCutShortIsNotPopped() {
        Frame cut = Frames.aToB()
                .etherType(EtherType.MPLS_UNICAST)
                .payload("000140")
                .frame();
        assertEquals(DropReason.MPLS_TRUNCATED, MplsHeader.pop(cut, EtherType.IPV4));
        assertEquals(17, cut.length());
        assertEquals(LinkLayer.NONE, MplsHeader.at(cut));
    }

    @Test
    void typesOfMpls() {
        assertTrue(MplsHeader.isEtherType(0x8847) && MplsHeader.isEtherType(0x8848));
        assertFalse(MplsHeader.isEtherType(0x8846) || MplsHeader.isEtherType(0x8849));
    }
}
