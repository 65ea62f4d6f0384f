package io.jvswitch.datapath.rewrite;

import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.ArpPacket;
import java.lang.foreign.MemorySegment;

/** Writes ARP's operation and addresses. */
final class ArpWriter {

    private ArpWriter() {}

    static void write(Frame frame, SetField set) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        switch (set.field()) {
            case IP_PROTO -> ArpPacket.setOperation(seg, at, (int) set.applyTo(ArpPacket.operation(seg, at)));
            case IP_SRC -> ArpPacket.setSenderIp(seg, at, set.applyToIpv4(ArpPacket.senderIp(seg, at)));
            case IP_DST -> ArpPacket.setTargetIp(seg, at, set.applyToIpv4(ArpPacket.targetIp(seg, at)));
            case ARP_SHA -> ArpPacket.setSenderMac(seg, at, set.applyTo(ArpPacket.senderMac(seg, at)));
            case ARP_THA -> ArpPacket.setTargetMac(seg, at, set.applyTo(ArpPacket.targetMac(seg, at)));
            default -> {} // of IP or neighbour discovery
        }
    }
}
