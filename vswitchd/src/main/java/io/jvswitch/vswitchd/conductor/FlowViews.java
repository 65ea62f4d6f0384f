package io.jvswitch.vswitchd.conductor;

import io.jvswitch.datapath.BridgeTranslator;
import io.jvswitch.datapath.Locations;
import io.jvswitch.datapath.Verdict;
import io.jvswitch.datapath.Worker;
import io.jvswitch.flowtable.Flow;
import io.jvswitch.flowtable.FlowExtractor;
import io.jvswitch.flowtable.FlowField;
import io.jvswitch.flowtable.FlowKey;
import io.jvswitch.flowtable.FlowMask;
import io.jvswitch.flowtable.FlowReader;
import io.jvswitch.vswitchd.control.ControlRefusedException;
import io.jvswitch.vswitchd.view.FlowView;
import io.jvswitch.vswitchd.view.TraceView;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The megaflows of all workers, and what would become of a frame. The conductor's thread. */
final class FlowViews {

    private FlowViews() {}

    /** Every megaflow, or those of one port. */
    static List<FlowView> of(SwitchState state, Map<String, Integer> portNumbers, @Nullable String port, long nowNs) {
        Map<Integer, String> names = new HashMap<>();
        portNumbers.forEach((name, number) -> names.put(number, name));
        Map<Integer, String> networks = new HashMap<>();
        state.networks()
                .forEach(network -> networks.put(network.id(), network.spec().name()));
        List<FlowView> views = new ArrayList<>();
        FlowKey key = new FlowKey();
        for (Worker worker : state.workers()) {
            worker.flows().forEach(flow -> {
                flow.copyKeyTo(key);
                String inPort = names.getOrDefault((int) key.get(FlowField.IN_PORT), "gone");
                if (port == null || port.equals(inPort)) {
                    views.add(view(worker, inPort, networks, flow, nowNs));
                }
            });
        }
        return views;
    }

    private static FlowView view(
            Worker worker, String inPort, Map<Integer, String> networks, Flow<Verdict> flow, long nowNs) {
        Verdict verdict = flow.actions();
        return new FlowView(
                worker.number(),
                inPort,
                networks.get(verdict.domain()),
                flow.match(),
                verdict.toString(),
                flow.frames(),
                flow.bytes(),
                TimeUnit.NANOSECONDS.toMillis(Math.max(0, nowNs - flow.lastUsedNs())));
    }

    /** Translates a frame as if it came in by a port, and tells every step. */
    static TraceView trace(SwitchState state, PortRuntime port, byte[] bytes) {
        Frame frame = new Frame(MemorySegment.ofArray(new byte[Frame.HEADROOM_BYTES + bytes.length]));
        if (!frame.resize(bytes.length)) {
            throw new ControlRefusedException(
                    ControlRefusedException.Kind.INVALID, "trace", null, "the frame is empty", "give its bytes");
        }
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, frame.segment(), frame.start(), bytes.length);
        frame.setInPort(port.number());
        FlowKey key = new FlowKey();
        DropReason malformed = FlowExtractor.extract(frame, key);
        String name = port.spec().name();
        if (malformed != null) {
            String text = "drop: " + malformed.label() + ". " + malformed.meaning() + " " + malformed.remedy();
            return new TraceView(
                    name, bytes.length + " bytes", List.of(text), text, "", "drop(" + malformed.label() + ")");
        }
        FlowMask mask = new FlowMask();
        FlowReader reader = new FlowReader();
        reader.reset(key, mask);
        List<String> steps = new ArrayList<>();
        Verdict verdict = new BridgeTranslator().translate(reader, state.snapshot(), steps::add);
        return new TraceView(
                name,
                bytes.length + " bytes: " + key,
                steps,
                describe(state, verdict),
                key.toString(mask),
                verdict.toString());
    }

    private static String describe(SwitchState state, Verdict verdict) {
        String text = verdict.toString();
        for (PortRuntime port : state.ports()) {
            text = text.replaceAll(
                    "output:" + port.number() + "(?!\\d)",
                    "output:" + port.spec().name());
        }
        return text.replace("output:" + Locations.UNDERLAY, SwitchViews.UNDERLAY);
    }
}
