package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;

/** Reads frames into keys for the tests of extraction. */
final class Extraction {

    private Extraction() {}

    static FlowKey key(FrameBuilder builder) {
        return key(builder.frame());
    }

    static FlowKey key(Frame frame) {
        FlowKey key = new FlowKey();
        assertNull(FlowExtractor.extract(frame, key));
        return key;
    }

    static void assertDropped(DropReason reason, FrameBuilder builder) {
        FlowKey key = new FlowKey();
        assertNull(FlowExtractor.extract(Frames.tcpv6().vlan(1).frame(), key));
        assertEquals(reason, FlowExtractor.extract(builder.frame(), key));
        assertEquals(new FlowKey(), key, "the key of a dropped frame is empty");
    }
}
