package io.jvswitch.vswitchd.conductor.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.SpecChanges;
import io.jvswitch.vswitchd.conductor.device.LinkWatches;
import io.jvswitch.vswitchd.conductor.underlay.Underlay;
import io.jvswitch.vswitchd.conductor.underlay.VtepTable;
import io.jvswitch.vswitchd.config.yaml.ConfigException;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.time.Moment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Long changes are made a slice at a time, and changes one after the other. */
final class ReconfigurationTest {

    private static final int PORTS = 100;
    private static final long MS = 1_000_000;

    private final SwitchState state;
    /** A millisecond passes each time that somebody looks. */
    private long nowNs;

    ReconfigurationTest() throws ConfigException {
        VtepTable vteps = new VtepTable(4789, 1);
        Workers workers = Workers.of(List.of());
        state = new SwitchState(
                spec(0, "hv1"),
                workers,
                vteps,
                new Underlay(null, vteps, workers, () -> {}),
                new LinkWatches(() -> {}),
                () -> {});
        SwitchSpec all = spec(PORTS, "hv1");
        var _ = state.become(any -> all);
        finish();
        assertEquals(PORTS, state.ports().size());
    }

    @AfterEach
    void close() {
        state.close();
    }

    private static SwitchSpec spec(int ports, String name) throws ConfigException {
        String all = IntStream.range(0, ports)
                .mapToObj(i -> "  none" + i + ": {kind: system, network: blue}\n")
                .collect(Collectors.joining());
        return ConfigReader.read(
                "f",
                "switch: {name: " + name + "}\nnetworks: {blue: {tunnel: none}}\n"
                        + (ports == 0 ? "" : "ports:\n" + all));
    }

    private Moment tick() {
        nowNs += MS;
        return Moment.of(nowNs, 1_700_000_000_000L);
    }

    /** Five milliseconds' work; says whether there is more. */
    private boolean slice() {
        return state.changeSome(this::tick, nowNs + 5 * MS);
    }

    private void finish() {
        while (slice()) {
            assertTrue(nowNs < 10_000 * MS, "it takes no end");
        }
    }

    @Test
    void manyPortsGoInSlicesAndEverythingElseAtTheEnd() throws ConfigException {
        SwitchSpec none = spec(0, "hv1");
        CompletableFuture<SwitchState.Applied> gone = state.become(any -> none);
        int before = PORTS;
        int slices = 0;
        while (slice()) {
            int left = state.ports().size();
            assertTrue(left < before && before - left <= 5, "from " + before + " ports to " + left);
            before = left;
            slices++;
            state.publishIfChanged();
            assertEquals(left, state.bridge().networks().getFirst().ports().size(), "nobody waits for the rest");
            assertFalse(gone.isDone());
            assertEquals(PORTS, state.spec().ports().size(), "not yet");
        }
        assertTrue(slices >= PORTS / 5 - 1, "only " + slices + " slices");
        assertEquals(0, state.ports().size());
        assertEquals(none, state.spec());
        assertEquals(PORTS, gone.join().lines().size());
    }

    @Test
    void aChangeWaitsForThoseBeforeItAndSeesWhatTheyDid() throws ConfigException {
        SwitchSpec one = spec(1, "hv1");
        CompletableFuture<SwitchState.Applied> first = state.become(any -> one);
        CompletableFuture<SwitchState.Applied> second = state.become(spec -> SpecChanges.removePort(spec, "none0"));
        CompletableFuture<Integer> third = state.inTurn(now -> state.ports().size());
        slice();
        assertFalse(first.isDone() || second.isDone() || third.isDone());
        finish();
        assertEquals(PORTS - 1, first.join().lines().size());
        assertEquals(List.of("port none0 removed"), second.join().lines());
        assertEquals(0, third.join());
        assertEquals(0, state.spec().ports().size());
    }

    @Test
    void aRefusalChangesNothingAndTheNextChangeIsMade() throws ConfigException {
        SwitchSpec another = spec(0, "hv2");
        CompletableFuture<SwitchState.Applied> refused = state.become(any -> another);
        CompletableFuture<SwitchState.Applied> unknown = state.become(spec -> SpecChanges.removePort(spec, "none"));
        CompletableFuture<SwitchState.Applied> made = state.become(spec -> SpecChanges.removePort(spec, "none7"));
        finish();
        assertInstanceOf(
                ControlRefusedException.class,
                assertThrows(CompletionException.class, refused::join).getCause());
        assertInstanceOf(
                ControlRefusedException.class,
                assertThrows(CompletionException.class, unknown::join).getCause());
        assertEquals(List.of("port none7 removed"), made.join().lines());
        assertEquals(PORTS - 1, state.ports().size());
    }
}
