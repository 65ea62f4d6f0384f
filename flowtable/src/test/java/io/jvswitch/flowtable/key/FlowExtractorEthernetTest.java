package io.jvswitch.flowtable.key;

import static io.jvswitch.flowtable.key.Extraction.key;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import org.junit.jupiter.api.Test;

/** Tags, SNAP headers and EtherTypes: what lies between the addresses and the packet. */
class FlowExtractorEthernetTest {

    private static final long IP4_A = 0xffff_0a00_000aL;

    @Test
    void oneVlanTag() {
        Frame frame = Frames.aToB()
                .vlan(EtherType.VLAN, 0xf007)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .udp(1, 2)
                .frame();
        FlowKey key = key(frame);
        assertEquals(0xf007, key.vlanTci(), "priority and VID; the drop-eligible bit gives way to \"present\"");
        assertEquals(EtherType.VLAN, key.get(FlowField.VLAN_TPID));
        assertEquals(0, key.get(FlowField.VLAN_TCI_INNER));
        assertEquals(EtherType.IPV4, key.ethType());
        assertEquals(frame.start() + 18, frame.l3At());
    }

    @Test
    void twoVlanTags() {
        Frame frame = Frames.aToB()
                .vlan(EtherType.SERVICE_VLAN, 0x0064)
                .vlan(EtherType.VLAN, 0x2007)
                .arp(1, Frames.MAC_A, Frames.IP4_A, "00:00:00:00:00:00", Frames.IP4_B)
                .frame();
        FlowKey key = key(frame);
        assertEquals(0x1064, key.vlanTci());
        assertEquals(EtherType.SERVICE_VLAN, key.get(FlowField.VLAN_TPID));
        assertEquals(0x3007, key.get(FlowField.VLAN_TCI_INNER));
        assertEquals(EtherType.VLAN, key.get(FlowField.VLAN_TPID_INNER));
        assertEquals(EtherType.ARP, key.ethType());
        assertEquals(frame.start() + 22, frame.l3At());
    }

    @Test
    void theThirdTagIsAnEtherType() {
        Frame frame = Frames.aToB()
                .vlan(1)
                .vlan(2)
                .vlan(3)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .udp(1, 2)
                .frame();
        FlowKey key = key(frame);
        assertEquals(EtherType.VLAN, key.ethType());
        assertEquals(0x1002, key.get(FlowField.VLAN_TCI_INNER));
        assertEquals(0, key.get(FlowField.IP_SRC));
        assertEquals(0, frame.l3At());
    }

    @Test
    void anUnknownEtherTypeIsLayer2Only() {
        Frame frame = Frames.aToB().etherType(EtherType.LLDP).payload(46).frame();
        FlowKey key = key(frame);
        assertEquals(EtherType.LLDP, key.ethType());
        assertEquals(0, frame.l3At());
    }

    @Test
    void ieee8023FramesHaveTheTypeOfTheirSnapHeaderOrNone() {
        // A spanning tree BPDU: length 38, LLC 42 42 03.
        Frame bpdu = Frames.ethernet(Frames.MAC_A, "01:80:c2:00:00:00")
                .etherType(38)
                .payload("424203" + "00".repeat(43))
                .frame();
        assertEquals(FlowField.ETH_TYPE_NONE, key(bpdu).ethType());
        assertEquals(0, bpdu.l3At());
        byte[] packet = Frames.ipv4().udp(1, 2).bytes();
        Frame snap = Frames.aToB()
                .etherType(36)
                .payload("aaaa03 000000 0800")
                .payload(java.util.Arrays.copyOfRange(packet, 14, packet.length))
                .frame();
        FlowKey key = key(snap);
        assertEquals(EtherType.IPV4, key.ethType());
        assertEquals(IP4_A, key.get(FlowField.IP_SRC));
        assertEquals(snap.start() + 22, snap.l3At());
        assertEquals(
                FlowField.ETH_TYPE_NONE,
                key(Frames.aToB().etherType(8).payload("aaaa03 00000c 2000")).ethType(),
                "another organisation's protocol number is no EtherType");
    }

    /** VU#855201: what a receiver strips before it believes the rest. */
    @Test
    void priorityTagsAndSnapHeadersAreLookedThrough() {
        byte[] packet = Frames.ipv4().udp(1, 2).bytes();
        String[] fronts = {
            "8100 0000 88a8 e000 8100 0000",
            "8100 0005 8100 0006 8100 0000",
            "0040 aaaa03 0000f8 8100 2000",
            "8100 0000 0040 aaaa03 000000 0040 aaaa03 000000"
        };
        for (String front : fronts) {
            int bytes = front.replace(" ", "").length() / 2;
            byte[] rest = java.util.Arrays.copyOfRange(packet, 12, packet.length);
            FrameBuilder builder = Frames.aToB()
                    .etherType(Integer.parseInt(front.substring(0, 4), 16))
                    .payload(front.substring(5));
            Frame frame = builder.payload(rest).frame();
            FlowKey key = key(frame);
            assertEquals(EtherType.IPV4, key.ethType(), front);
            assertEquals(IP4_A, key.get(FlowField.IP_SRC), front);
            assertEquals(frame.start() + 14 + bytes, frame.l3At(), front);
        }
        Frame third = Frames.aToB()
                .vlan(0)
                .vlan(0)
                .vlan(7)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .frame();
        assertEquals(EtherType.VLAN, key(third).ethType(), "a third tag that has a VLAN is not in the key");
        Frame cut = Frames.aToB()
                .vlan(0)
                .vlan(0)
                .etherType(EtherType.VLAN)
                .payload("000008")
                .frame();
        assertEquals(DropReason.VLAN_TRUNCATED, FlowExtractor.extract(cut, new FlowKey()));
        FrameBuilder deep = Frames.aToB();
        for (int tags = 0; tags < 11; tags++) {
            deep = deep.vlan(0);
        }
        assertEquals(
                DropReason.VLAN_TOO_DEEP,
                FlowExtractor.extract(deep.ipv4(Frames.IP4_A, Frames.IP4_B).frame(), new FlowKey()));
    }
}
