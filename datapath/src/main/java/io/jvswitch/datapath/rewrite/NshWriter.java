package io.jvswitch.datapath.rewrite;

import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.LinkLayer;
import io.jvswitch.wire.header.NshHeader;
import java.lang.foreign.MemorySegment;

/** Writes the network service header; words of context only where its metadata type has them. */
final class NshWriter {

    private NshWriter() {}

    static void write(Frame frame, SetField set) {
        int at = NshHeader.at(frame);
        if (at == LinkLayer.NONE) {
            return;
        }
        MemorySegment seg = frame.segment();
        switch (set.field()) {
            case NSH_FLAGS -> NshHeader.setFlags(seg, at, (int) set.applyTo(NshHeader.flags(seg, at)));
            case NSH_TTL -> NshHeader.setTtl(seg, at, (int) set.applyTo(NshHeader.ttl(seg, at)));
            case NSH_SPI -> NshHeader.setServicePath(seg, at, (int) set.applyTo(NshHeader.servicePath(seg, at)));
            case NSH_SI -> NshHeader.setServiceIndex(seg, at, (int) set.applyTo(NshHeader.serviceIndex(seg, at)));
            case NSH_C1 -> setContext(seg, at, 0, set);
            case NSH_C2 -> setContext(seg, at, 1, set);
            case NSH_C3 -> setContext(seg, at, 2, set);
            case NSH_C4 -> setContext(seg, at, 3, set);
            default -> throw new IllegalArgumentException(set.toString());
        }
    }

    private static void setContext(MemorySegment seg, int at, int word, SetField set) {
        if (NshHeader.mdType(seg, at) == NshHeader.MD_TYPE_1) {
            NshHeader.setContext(seg, at, word, (int) set.applyTo(NshHeader.context(seg, at, word)));
        }
    }
}
