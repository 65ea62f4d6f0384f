package io.jvswitch.vswitchd.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.vswitchd.view.DropView;
import io.jvswitch.vswitchd.view.PortState;
import io.jvswitch.vswitchd.view.PortView;
import io.jvswitch.vswitchd.view.StatsView;
import io.jvswitch.vswitchd.view.SwitchView;
import io.jvswitch.vswitchd.view.TrafficView;
import io.jvswitch.vswitchd.view.TunnelTrafficView;
import io.jvswitch.wire.DropReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RateTextTest {

    private static RateText.Moment moment(long atNs, TrafficView traffic, StatsView.WorkerView worker) {
        PortView port = new PortView(
                "t",
                1,
                "tap",
                "blue",
                Map.of(),
                List.of(),
                null,
                PortState.UP,
                null,
                null,
                List.of(),
                null,
                null,
                1,
                1450,
                null,
                List.of(),
                null,
                traffic);
        SwitchView show = new SwitchView(
                "hv1",
                "1",
                1,
                61,
                1,
                "epoll",
                3,
                null,
                List.of(),
                List.of(),
                List.of(port),
                List.of(),
                TunnelTrafficView.NONE);
        return new RateText.Moment(
                atNs,
                show,
                new StatsView(
                        List.of(new StatsView.QueueView("t", 0, 0, traffic)),
                        List.of(worker),
                        List.of(),
                        new StatsView.JvmView(0, 0, 0)));
    }

    private static StatsView.WorkerView worker(long busyNs, long frames, long exact, long mega, long misses) {
        return new StatsView.WorkerView(
                0, 1, busyNs, 0, 0, 0, 0, frames, exact, mega, misses, 3, 200_000, 0, 1000, 1024, 0);
    }

    @Test
    void ratesAreDifferencesOverTime() {
        RateText.Moment before =
                moment(1_000_000_000L, TrafficView.of(100, 1_000, 200, 2_000, 5), worker(0, 10, 10, 0, 0));
        RateText.Moment now = moment(
                3_000_000_000L,
                TrafficView.of(2_100, 251_000, 200, 2_000, 7),
                worker(500_000_000L, 2_010, 1_510, 490, 10));
        assertEquals("""
                switch hv1: up 1m 1s, 3 flows

                PORT  NETWORK  STATE  RX PPS           RX  TX PPS       TX  DROPS/S  DROPPED
                t     blue     up       1000  1.00 Mbit/s       0  0 bit/s        1        7

                WORKER   BUSY  FRAMES/S  CACHE HIT  FLOW HIT  MISSES/S  FLOWS  FREE FRAMES
                0       25.0%      1000      75.0%     24.5%         5      3    1000/1024
                """, RateText.top(before, now));
        assertEquals("""
                PORT  QUEUE  WORKER  RX PPS           RX  TX PPS       TX  DROPS/S  DROPPED
                t     0      0         1000  1.00 Mbit/s       0  0 bit/s        1        7

                WORKER   BUSY  FRAMES/S  CACHE HIT  FLOW HIT  MISSES/S  FLOWS  FREE FRAMES
                0       25.0%      1000      75.0%     24.5%         5      3    1000/1024
                """, RateText.stats(before.stats(), now.stats(), 2_000_000_000L));
    }

    @Test
    void aPortThatBeganAnewHasNoNegativeRate() {
        RateText.Moment before = moment(0, TrafficView.of(5_000, 0, 0, 0, 0), worker(0, 0, 0, 0, 0));
        RateText.Moment now = moment(1_000_000_000L, TrafficView.of(30, 0, 0, 0, 0), worker(0, 0, 0, 0, 0));
        assertEquals("t", RateText.top(before, now).lines().toList().get(3).split(" +", -1)[0]);
        assertEquals("30", RateText.top(before, now).lines().toList().get(3).split(" +", -1)[3]);
    }

    @Test
    void drops() {
        assertEquals(
                """
                PORT  DROPS/S  DROPPED  REASON
                t           8       20  port-down: The port of destination is down or waits for its device.
                """,
                RateText.drops(
                        List.of(DropView.of("t", DropReason.PORT_DOWN, 16)),
                        List.of(DropView.of("t", DropReason.PORT_DOWN, 20)),
                        500_000_000L));
    }
}
