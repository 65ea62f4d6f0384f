package io.jvswitch.vswitchd.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.vswitchd.api.FakeSwitch;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class MetricsTextTest {

    private static String scrape() throws Exception {
        try (FakeSwitch control = new FakeSwitch(ConfigReader.read("f", """
                switch: {name: hv1}
                underlay: {local-ip: 192.0.2.1}
                networks: {blue: {tunnel: gre, subnets: [{cidr: 10.0.0.0/24, dhcp: {server: 10.0.0.2, pool: 10.0.0.9}}]}}
                ports: {t: {kind: tap, network: blue}}
                """))) {
            return MetricsText.render(
                    MetricsText.Source.of(control.show().join(), control.stats().join())
                            .withDrops(control.drops(null).join()));
        }
    }

    @Test
    void linesAreAsPrometheusReadsThem() throws Exception {
        String text = scrape();
        for (String line : """
                # HELP jvswitch_dropped_frames_total Frames dropped, by the port they came in or were to leave by, and reason. See the drop-reason reference.
                # TYPE jvswitch_dropped_frames_total counter
                jvswitch_dropped_frames_total{port="tap-vm1",reason="no-buffer",stage="receive",switch="hv1"} 12.0
                jvswitch_dhcp_pool_free{network="blue",subnet="10.0.0.0/24",switch="hv1"} 97.0
                jvswitch_dhcp_events_total{event="rx-discover",network="blue",switch="hv1"} 3.0
                jvswitch_dhcp_events_total{event="tx-nak",network="blue",switch="hv1"} 0.0
                jvswitch_info{switch="hv1",version="1.2.3"} 1.0
                jvswitch_port_up{kind="tap",network="blue",port="t",switch="hv1"} 1.0
                jvswitch_port_rx_bytes_total{network="",port="underlay",switch="hv1"} 1500.0
                jvswitch_port_arp_replies_total{network="blue",port="t",switch="hv1"} 12.0
                jvswitch_port_nd_replies_total{network="blue",port="t",switch="hv1"} 4.0
                jvswitch_port_too_big_answered_total{network="blue",port="t",switch="hv1"} 1.0
                jvswitch_port_mss_clamped_total{network="blue",port="t",switch="hv1"} 30.0
                jvswitch_port_fragmented_total{network="blue",port="t",switch="hv1"} 2.0
                jvswitch_port_created_frames_total{network="blue",port="t",switch="hv1"} 90.0
                jvswitch_port_merged_frames_total{network="blue",port="t",switch="hv1"} 800.0
                jvswitch_port_handed_over_frames_total{network="blue",port="t",switch="hv1"} 6.0
                jvswitch_vtep_rx_frames_total{switch="hv1",vtep="192.0.2.2"} 11.0
                jvswitch_vtep_rx_bytes_total{switch="hv1",vtep="192.0.2.2"} 1600.0
                jvswitch_vtep_tx_frames_total{switch="hv1",vtep="192.0.2.2"} 22.0
                jvswitch_vtep_tx_bytes_total{switch="hv1",vtep="192.0.2.2"} 3200.0
                jvswitch_vtep_rx_frames_total{switch="hv1",vtep="learned"} 5.0
                jvswitch_vtep_tx_bytes_total{switch="hv1",vtep="learned"} 600.0
                jvswitch_jvm_allocated_bytes_total{switch="hv1"} 9999999.0
                jvswitch_jvm_collection_seconds_total{switch="hv1"} 0.034
                jvswitch_worker_allocated_bytes_total{switch="hv1",worker="0"} 4096.0
                jvswitch_worker_busy_seconds_total{switch="hv1",worker="0"} 2.5
                jvswitch_worker_loop_seconds{quantile="0.99",switch="hv1",worker="0"} 2.1E-5
                """.lines().toList()) {
            assertTrue(text.contains(line + "\n"), () -> line + "\nnot in\n" + text);
        }
    }

    /** Anybody on the underlay can make up VTEPs: what each sends is in one series for all. */
    @Test
    void aVtepThatNoNetworkNamesHasNoSeriesOfItsOwn() throws Exception {
        assertFalse(scrape().lines().anyMatch(line -> line.contains("x_frames") && line.contains("192.0.2.9")));
    }

    /** The catalogue and what is exposed are the same set. */
    @Test
    void everyMetricOfTheCatalogueIsExposed() throws Exception {
        TreeSet<String> exposed = scrape().lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> catalogue = new TreeSet<>();
        for (Metric metric : Metric.values()) {
            catalogue.add(metric.exposedName());
        }
        assertEquals(catalogue, exposed);
    }
}
