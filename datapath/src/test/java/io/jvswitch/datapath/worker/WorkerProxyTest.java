package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Frames;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What other threads ask of a worker: when it counts as done, and what happens when they ask for too much. */
final class WorkerProxyTest {

    private static Snapshot version(long version) {
        return new Snapshot(version, List.of(), List.of());
    }

    private static void cycle(TestSwitch sw) {
        sw.worker().doWork(sw.nowNs());
    }

    @Test
    void aSnapshotIsAdoptedWhenTheNextBurstBegins() {
        try (TestSwitch blue = new TestSwitch(2)) {
            WorkerProxy proxy = blue.worker().proxy();
            assertEquals(Long.MIN_VALUE, proxy.adoptedVersionAcquire(), "it has not begun");
            proxy.publish(version(7));
            assertEquals(Long.MIN_VALUE, proxy.adoptedVersionAcquire());
            cycle(blue);
            assertEquals(7, proxy.adoptedVersionAcquire());
            proxy.publish(version(8));
            proxy.publish(version(9));
            assertEquals(7, proxy.adoptedVersionAcquire());
            cycle(blue);
            assertEquals(9, proxy.adoptedVersionAcquire());
        }
    }

    @Test
    void allHaveAdoptedWhatTheSlowestHas() {
        try (TestSwitch blue = new TestSwitch(2);
                TestSwitch red = new TestSwitch(2)) {
            Workers both =
                    Workers.of(List.of(blue.worker().proxy(), red.worker().proxy()));
            both.publish(version(7));
            cycle(blue);
            assertEquals(Long.MIN_VALUE, both.adoptedVersionAcquire());
            cycle(red);
            assertEquals(7, both.adoptedVersionAcquire());
            both.publish(version(8));
            cycle(red);
            assertEquals(7, both.adoptedVersionAcquire());
            cycle(blue);
            assertEquals(8, both.adoptedVersionAcquire());
        }
    }

    @Test
    void aBarrierWaitsForEveryWorkerAndTheNextFrameIsTreatedByWhatWasPublishedBefore() {
        try (TestSwitch blue = new TestSwitch(2);
                TestSwitch red = new TestSwitch(2)) {
            cycle(blue);
            cycle(red);
            Workers both =
                    Workers.of(List.of(blue.worker().proxy(), red.worker().proxy()));
            List<String> happened = new ArrayList<>();
            red.withoutNetwork(1).publish();
            both.barrier(() -> happened.add("all"));
            cycle(blue);
            assertEquals(List.of(), happened);
            cycle(red);
            assertEquals(List.of("all"), happened);
            red.send(1, Frames.udpv4().bytes());
            assertEquals(1, red.dropped(1, DropReason.NO_NETWORK));
        }
    }

    @Test
    void aBarrierOfNoWorkersIsPassedAtOnce() {
        List<String> happened = new ArrayList<>();
        Workers.of(List.of()).barrier(() -> happened.add("all"));
        assertEquals(List.of("all"), happened);
    }

    @Test
    void framesForAWorkerThatDoesNotTakeThemAreRefusedAndChangesStillFindRoom() {
        try (TestSwitch blue = new TestSwitch(2)) {
            cycle(blue);
            WorkerProxy proxy = blue.worker().proxy();
            byte[] frame = Frames.udpv4().bytes();
            for (int i = 0; i < WorkerInbox.MAX_FRAMES; i++) {
                assertTrue(proxy.inject(1, frame));
            }
            assertFalse(proxy.inject(1, frame));
            List<String> happened = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                proxy.barrier(() -> happened.add("change"));
            }
            blue.worker().finish();
            assertEquals(10_000, happened.size());
            assertEquals(WorkerInbox.MAX_FRAMES, blue.count(1, PortCounters.Kind.CREATED));
            assertTrue(proxy.inject(1, frame));
        }
    }
}
