package io.jvswitch.vswitchd.conductor.view;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.TraceText;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.datapath.translate.Verdict;
import io.jvswitch.datapath.worker.DryRun;
import io.jvswitch.encap.Ecn;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.SpecChanges;
import io.jvswitch.vswitchd.api.TraceInput;
import io.jvswitch.vswitchd.conductor.port.PortRuntime;
import io.jvswitch.vswitchd.conductor.state.SwitchState;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.view.DropRemedy;
import io.jvswitch.vswitchd.view.TraceView;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What would become of a frame. The conductor's thread. */
public final class TraceViews {

    private TraceViews() {}

    /** Translates a frame as if it came in by a port or a tunnel, and tells every step to its end. */
    public static TraceView of(SwitchState state, TraceInput input) {
        byte[] bytes = input.bytes();
        Frame frame = new Frame(MemorySegment.ofArray(new byte[Frame.HEADROOM_BYTES + bytes.length]));
        if (!frame.resize(bytes.length)) {
            throw new ControlRefusedException(
                    ControlRefusedException.Kind.INVALID, "trace", null, "the frame is empty", "give its bytes");
        }
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, frame.segment(), frame.start(), bytes.length);
        arrive(state, input, frame);
        List<String> steps = new ArrayList<>(input.notes());
        FlowKey key = new FlowKey();
        DropReason malformed = decapsulate(frame, steps);
        if (malformed == null) {
            malformed = FlowExtractor.extract(frame, key);
        }
        String name = input.port();
        if (malformed != null) {
            String text = "drop: " + DropRemedy.sentence(malformed);
            steps.add(text);
            return new TraceView(name, bytes.length + " bytes", steps, text, "", "drop(" + malformed.label() + ")");
        }
        FlowMask mask = new FlowMask();
        FlowReader reader = new FlowReader();
        reader.reset(key, mask);
        Translator.Trace trace = new TraceText(steps::add, DropRemedy::sentence);
        Verdict verdict = Translation.of(reader, state.snapshot(), trace);
        String done = DryRun.of(frame, verdict, trace);
        return new TraceView(
                name,
                bytes.length + " bytes: " + key,
                steps,
                withNames(state, done),
                key.toString(mask),
                verdict.toString());
    }

    private static void arrive(SwitchState state, TraceInput input, Frame frame) {
        TraceInput.Arrival arrival = input.arrival();
        if (arrival == null) {
            PortRuntime port = state.port(input.port());
            if (port == null) {
                throw SpecChanges.noPort(input.port());
            }
            frame.setInPort(port.number());
            return;
        }
        boolean keyed = arrival.id() != NetworkSpec.NO_VNI;
        int kind = arrival.kind() == TunnelKind.GRE ? TunnelFlags.GRE : TunnelFlags.VXLAN;
        frame.setInPort(Locations.UNDERLAY);
        frame.setTunnel(keyed ? arrival.id() : 0, keyed ? kind | TunnelFlags.KEYED : kind);
        frame.setRemote(arrival.vtep().hi(), arrival.vtep().lo(), 0);
        frame.setOuterTrafficClass(arrival.outerTrafficClass());
    }

    /** Carries the outer header's congestion mark over, as a frame from a tunnel has it done. */
    private static @Nullable DropReason decapsulate(Frame frame, List<String> steps) {
        if (frame.outerTrafficClass() == 0) {
            return null;
        }
        steps.add("the outer header's traffic class is " + Ecn.text(frame.outerTrafficClass()));
        byte[] before = bytes(frame);
        DropReason failure = Ecn.decapsulate(frame);
        if (failure == null && !Arrays.equals(before, bytes(frame))) {
            steps.add("its congestion mark is carried over to the packet inside");
        }
        return failure;
    }

    private static byte[] bytes(Frame frame) {
        return frame.segment().asSlice(frame.start(), frame.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    private static String withNames(SwitchState state, String verdict) {
        String text = verdict;
        for (PortRuntime port : state.ports()) {
            text = text.replaceAll(
                    "output:" + port.number() + "(?!\\d)",
                    "output:" + port.spec().name());
        }
        return text.replace("output:" + Locations.UNDERLAY, SwitchViews.UNDERLAY);
    }
}
