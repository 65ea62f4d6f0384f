package io.jvswitch.datapath.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When mirrors are shown a frame, and what they do to it: bridges 0 and 1, joined by the patch ports 10 and 11. */
final class MirrorsTest {

    private static final int PATCH_0 = 10;
    private static final int PATCH_1 = 11;
    private static final int MIRROR = 9;
    private static final int VLAN_TPID = 0x8100;

    private final List<String> seen = new ArrayList<>();

    private record Mirrored(int id, Translator translator, Mirrors mirrors) implements Bridge {
        @Override
        public String name() {
            return "br" + id;
        }

        @Override
        public long version() {
            return 0;
        }
    }

    /** Copies each frame to port 9 once, with a tag on it; what comes in by port 9 is nobody's. */
    private final class Copying implements Mirrors {
        @Override
        public boolean watches(int port) {
            return port != MIRROR;
        }

        @Override
        public boolean arrive(Translation translation) {
            note(translation, "in " + translation.scope().port().number());
            return translation.scope().port().number() != MIRROR && copy(translation);
        }

        @Override
        public void leave(Translation translation, int port) {
            note(translation, "out " + port);
            copy(translation);
        }

        private void note(Translation translation, String what) {
            seen.add(translation.scope().bridge().name() + " " + what + " vid "
                    + (translation.key().get(FlowField.VLAN_TCI) & 0xfff));
        }

        private boolean copy(Translation translation) {
            if (translation.scope().mirrored() == 0) {
                translation.scope().setMirrored(1);
                translation.pushVlan(VLAN_TPID, 0, 99);
                translation.output(MIRROR);
            }
            return true;
        }
    }

    private Verdict translate(int inPort, Translator first, Translator second) {
        List<Port> ports = List.of(
                new Port.Device(1, "p1", 0, 1_500, true),
                new Port.Device(2, "p2", 0, 1_500, true),
                new Port.Device(3, "p3", 1, 1_500, true),
                new Port.Device(MIRROR, "p9", 0, 1_500, true),
                new Port.Patch(PATCH_0, "to1", 0, PATCH_1),
                new Port.Patch(PATCH_1, "to0", 1, PATCH_0));
        Mirrors mirrors = new Copying();
        Snapshot snapshot =
                new Snapshot(1, ports, List.of(new Mirrored(0, first, mirrors), new Mirrored(1, second, mirrors)));
        FlowKey key = new FlowKey();
        key.set(FlowField.IN_PORT, inPort);
        FlowReader reader = new FlowReader();
        reader.reset(key, new FlowMask());
        return Translation.of(reader, snapshot, null);
    }

    private static final String COPY = "push_vlan:0x8100,set_field:4195->vlan_vid,output:9";

    @Test
    void aFrameIsShownWhereItComesInAndWhereItLeavesAsItIsThere() {
        Verdict verdict = translate(
                1,
                step -> {
                    step.pushVlan(VLAN_TPID, 0, 5);
                    step.output(2);
                },
                step -> {});
        assertEquals(List.of("br0 in 1 vid 0", "br0 out 2 vid 5"), seen);
        assertEquals("clone(" + COPY + "),push_vlan:0x8100,set_field:4101->vlan_vid,output:2", verdict.toString());
    }

    @Test
    void whatAMirrorDoesIsNotSeenByWhatFollows() {
        Verdict verdict = translate(
                1,
                step -> {
                    step.scope().setMirrored(0);
                    step.output(2);
                    step.output(2);
                },
                step -> {});
        assertEquals("clone(" + COPY + "),output:2,clone(" + COPY + "),output:2", verdict.toString());
    }

    @Test
    void everyBridgeCopiesForItself() {
        Verdict verdict = translate(1, step -> step.output(PATCH_0), step -> step.output(3));
        assertEquals(List.of("br0 in 1 vid 0", "br1 in 11 vid 0", "br1 out 3 vid 0", "br0 out 10 vid 0"), seen);
        assertEquals("clone(" + COPY + "),clone(" + COPY + "),output:3", verdict.toString());
    }

    @Test
    void mirrorsSeeWhatTheBridgeDrops() {
        assertEquals(COPY, translate(1, step -> {}, step -> {}).toString());
    }

    @Test
    void whatComesInByAMirrorsOutputIsNobodys() {
        assertEquals(
                "drop(mirror-port)",
                translate(MIRROR, step -> step.output(2), step -> {}).toString());
    }
}
