package io.jvswitch.vswitchd.control.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jvswitch.vswitchd.api.FakeSwitch;
import io.jvswitch.vswitchd.api.TraceInput;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.view.DropView;
import io.jvswitch.vswitchd.view.FdbView;
import io.jvswitch.vswitchd.view.FlowView;
import io.jvswitch.vswitchd.view.LeaseView;
import io.jvswitch.vswitchd.view.StatsView;
import io.jvswitch.vswitchd.view.SwitchView;
import io.jvswitch.vswitchd.view.TraceView;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

final class JsonTest {

    @Test
    void viewsComeBackAsTheyWere() throws Exception {
        String config = """
                switch: {name: a}
                underlay: {local-ip: "2001:db8::1"}
                networks: {blue: {tunnel: gre, subnets: [{cidr: 10.0.0.0/24}]}}
                ports: {t: {kind: tap, network: blue, netns: x}}
                """;
        try (FakeSwitch control = new FakeSwitch(ConfigReader.read("f", config))) {
            SwitchView show = control.show().join();
            assertEquals(show, Json.read(Json.write(show), SwitchView.class));
            StatsView stats = control.stats().join();
            assertEquals(stats, Json.read(Json.write(stats), StatsView.class));
            TraceView trace = control.trace(TraceInput.of("t", new byte[60])).join();
            assertEquals(trace, Json.read(Json.write(trace), TraceView.class));
            same(control.fdb(null).join(), FdbView[].class);
            same(control.flows(null).join(), FlowView[].class);
            same(control.leases().join(), LeaseView[].class);
            same(control.drops(null).join(), DropView[].class);
        }
    }

    private static <T> void same(List<T> views, Class<T[]> type) {
        StringBuilder text = new StringBuilder();
        Json.array(views).forEachRemaining(text::append);
        assertArrayEquals(views.toArray(), Json.read(text.toString(), type));
    }

    @Test
    void anArrayIsOneElementALine() {
        assertEquals(List.of("[]\n"), pieces(List.of()));
        assertEquals(List.of("[\n1", ",\n2", "\n]\n"), pieces(List.of(1, 2)));
        Iterator<String> ended = Json.array(List.of());
        ended.next();
        assertThrows(NoSuchElementException.class, ended::next);
    }

    private static List<String> pieces(List<?> views) {
        List<String> pieces = new java.util.ArrayList<>();
        Json.array(views).forEachRemaining(pieces::add);
        return pieces;
    }

    @Test
    void whatIsNotAViewIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Json.read("{", SwitchView.class));
        assertThrows(IllegalArgumentException.class, () -> Json.read("{\"mac\": \"x\"}", FdbView.class));
    }
}
