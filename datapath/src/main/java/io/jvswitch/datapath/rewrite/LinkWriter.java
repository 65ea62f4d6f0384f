package io.jvswitch.datapath.rewrite;

import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.VlanTag;
import java.lang.foreign.MemorySegment;

/** Writes Ethernet addresses and VLAN tags. */
final class LinkWriter {

    private LinkWriter() {}

    static void write(Frame frame, SetField set) {
        if (frame.packetType() != Frame.ETHERNET || frame.length() < EthernetHeader.BYTES) {
            return;
        }
        MemorySegment seg = frame.segment();
        int at = frame.start();
        switch (set.field()) {
            case ETH_DST -> EthernetHeader.setDestination(seg, at, set.applyTo(EthernetHeader.destination(seg, at)));
            case ETH_SRC -> EthernetHeader.setSource(seg, at, set.applyTo(EthernetHeader.source(seg, at)));
            case VLAN_TCI -> setTci(frame, at + EthernetHeader.TYPE_OFFSET, set);
            case VLAN_TCI_INNER -> {
                int outerAt = at + EthernetHeader.TYPE_OFFSET;
                if (isTag(frame, outerAt)) {
                    setTci(frame, outerAt + VlanTag.BYTES, set);
                }
            }
            default -> throw new IllegalArgumentException(set.toString());
        }
    }

    /** The bit that says in a key that there is a tag is another one in the frame: that stays. */
    private static void setTci(Frame frame, int at, SetField set) {
        if (isTag(frame, at)) {
            MemorySegment seg = frame.segment();
            int before = VlanTag.tci(seg, at);
            int kept = before & FlowField.VLAN_PRESENT;
            VlanTag.setTci(seg, at, (int) set.applyTo(before) & ~FlowField.VLAN_PRESENT | kept);
        }
    }

    private static boolean isTag(Frame frame, int at) {
        MemorySegment seg = frame.segment();
        return VlanTag.check(seg, at, frame.end() - at) == null && VlanTag.isTpid(NetworkOrder.getU16(seg, at));
    }
}
