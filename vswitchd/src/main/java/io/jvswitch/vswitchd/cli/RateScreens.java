package io.jvswitch.vswitchd.cli;

import io.jvswitch.vswitchd.control.http.Json;
import io.jvswitch.vswitchd.text.RateText;
import io.jvswitch.vswitchd.view.DropView;
import io.jvswitch.vswitchd.view.StatsView;
import io.jvswitch.vswitchd.view.SwitchView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Screens that show what changed since the one before. The first rendering only takes the measure. */
final class RateScreens {

    private RateScreens() {}

    /** Rates of ports and workers. */
    static final class Top implements Watch.Screen {
        private final Console console;
        private final boolean json;
        private RateText.@Nullable Moment before;

        Top(Console console, boolean json) {
            this.console = console;
            this.json = json;
        }

        @Override
        public boolean isForProgram() {
            return json;
        }

        @Override
        public String render(long nowNs) {
            SwitchView show = console.view("/v1/show", SwitchView.class);
            StatsView stats = console.view("/v1/stats", StatsView.class);
            RateText.Moment now = new RateText.Moment(nowNs, show, stats);
            RateText.Moment earlier = before;
            before = now;
            if (earlier == null) {
                return "";
            }
            return json ? Json.write(RateText.topRates(earlier, now)) : RateText.top(earlier, now);
        }
    }

    /** Rates of queues and workers. */
    static final class Stats implements Watch.Screen {
        private final Console console;
        private @Nullable StatsView before;
        private long beforeNs;

        Stats(Console console) {
            this.console = console;
        }

        @Override
        public String render(long nowNs) {
            StatsView now = console.view("/v1/stats", StatsView.class);
            StatsView earlier = before;
            long elapsedNs = nowNs - beforeNs;
            before = now;
            beforeNs = nowNs;
            return earlier == null ? "" : RateText.stats(earlier, now, elapsedNs);
        }
    }

    /** Rates of drops. */
    static final class Drops implements Watch.Screen {
        private final Console console;
        private final String path;
        private @Nullable List<DropView> before;
        private long beforeNs;

        Drops(Console console, String path) {
            this.console = console;
            this.path = path;
        }

        @Override
        public String render(long nowNs) {
            List<DropView> now = List.of(console.view(path, DropView[].class));
            List<DropView> earlier = before;
            long elapsedNs = nowNs - beforeNs;
            before = now;
            beforeNs = nowNs;
            return earlier == null ? "" : RateText.drops(earlier, now, elapsedNs);
        }
    }
}
