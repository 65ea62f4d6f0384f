package io.jvswitch.datapath.rewrite;

import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.LinkLayer;
import io.jvswitch.wire.header.MplsHeader;
import java.lang.foreign.MemorySegment;

/** Writes the outermost MPLS label stack entry. */
final class MplsWriter {

    private MplsWriter() {}

    static void write(Frame frame, SetField set) {
        int at = MplsHeader.at(frame);
        if (at == LinkLayer.NONE) {
            return;
        }
        MemorySegment seg = frame.segment();
        switch (set.field()) {
            case MPLS_LABEL -> MplsHeader.setLabel(seg, at, (int) set.applyTo(MplsHeader.label(seg, at)));
            case MPLS_TC -> MplsHeader.setTrafficClass(seg, at, (int) set.applyTo(MplsHeader.trafficClass(seg, at)));
            case MPLS_BOS -> MplsHeader.setBottom(seg, at, set.applyTo(MplsHeader.isBottom(seg, at) ? 1 : 0) != 0);
            case MPLS_TTL -> MplsHeader.setTtl(seg, at, (int) set.applyTo(MplsHeader.ttl(seg, at)));
            default -> throw new IllegalArgumentException(set.toString());
        }
    }
}
