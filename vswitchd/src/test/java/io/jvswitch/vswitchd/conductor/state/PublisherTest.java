package io.jvswitch.vswitchd.conductor.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.vswitchd.api.SpecChanges;
import io.jvswitch.vswitchd.conductor.device.LinkWatches;
import io.jvswitch.vswitchd.conductor.underlay.Underlay;
import io.jvswitch.vswitchd.conductor.underlay.VtepTable;
import io.jvswitch.vswitchd.config.yaml.ConfigException;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.time.Moment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a change of one port costs where every port is a trunk of every network. What is counted is what the conductor's
 * thread allocates: every list, set and table entry that is made anew, whoever makes it.
 */
final class PublisherTest {

    private static final Moment NOW = Moment.of(1, 1_700_000_000_000L);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int NETWORKS = 40;
    private static final int ROUNDS = 20;
    /** The snapshot's reference to a port, twice: a new snapshot has a copy of the array, with room for more ports. */
    private static final int SNAPSHOT_BYTES_PER_PORT = 16;

    /** A reload compares what each port is with what it shall be; as far as that is compiled, it takes 36 to 140. */
    private static final int RELOAD_BYTES_PER_PORT = 256;

    /** Every port in every network; the first port floods at most {@code stormControl} frames a second. */
    private static SwitchSpec spec(int ports, int stormControl) throws ConfigException {
        String networks = IntStream.range(0, NETWORKS)
                .mapToObj(i -> "  n" + i + ": {tunnel: none}\n")
                .collect(Collectors.joining());
        String vlans =
                IntStream.range(0, NETWORKS).mapToObj(i -> (i + 1) + ": n" + i).collect(Collectors.joining(", "));
        String trunks = IntStream.range(0, ports)
                .mapToObj(i -> "  none" + i + ": {kind: system, vlans: {" + vlans + "}}\n")
                .collect(Collectors.joining());
        String first = trunks.replaceFirst("}}\n", "}, storm-control: " + stormControl + "}\n");
        return ConfigReader.read("f", "switch: {name: hv1}\nnetworks:\n" + networks + "ports:\n" + first);
    }

    private static SwitchState trunks(int ports) throws ConfigException {
        SwitchSpec spec = spec(ports, 1_000);
        VtepTable vteps = new VtepTable(4789, 1);
        Workers workers = Workers.of(List.of());
        SwitchState state = new SwitchState(
                spec,
                workers,
                vteps,
                new Underlay(null, vteps, workers, () -> {}),
                new LinkWatches(() -> {}),
                () -> {});
        var _ = state.become(any -> spec);
        state.changeSome(() -> NOW, Long.MAX_VALUE);
        return state;
    }

    /** A worker says that the port's device has gone: the port is looked at, and published again. */
    private static void look(SwitchState state) {
        state.handle(
                new ConductorEvent.PortGone(
                        Objects.requireNonNull(state.port("none0")).number()),
                NOW);
    }

    /** Bytes that publishing takes when something of one port has changed. */
    private static long bytesOfAChange(int ports) throws ConfigException {
        SwitchState state = trunks(ports);
        try {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS; i++) {
                long version = state.snapshot().version();
                look(state);
                long before = THREADS.getCurrentThreadAllocatedBytes();
                state.publishIfChanged();
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
                assertTrue(state.snapshot().version() > version);
            }
            return least;
        } finally {
            state.close();
        }
    }

    @Test
    void aPortThatChangesCostsTheSameHoweverManyOthersAreInItsNetworks() throws ConfigException {
        long few = bytesOfAChange(50);
        long many = bytesOfAChange(450);
        long grown = many - few;
        assertTrue(
                grown <= 400 * SNAPSHOT_BYTES_PER_PORT,
                () -> "400 ports more cost " + grown + " bytes more: " + few + " and " + many);
    }

    /** Bytes that it takes to become a specification in which one port's limit is another one. */
    private static long bytesOfAReload(int ports) throws ConfigException {
        SwitchState state = trunks(ports);
        try {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS; i++) {
                SwitchSpec next = spec(ports, 1_001 + i);
                long before = THREADS.getCurrentThreadAllocatedBytes();
                var _ = state.become(any -> next);
                state.changeSome(() -> NOW, Long.MAX_VALUE);
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            return least;
        } finally {
            state.close();
        }
    }

    @Test
    void aReloadThatChangesOnePortCostsThePortsAndTheNetworksAndNotTheirProduct() throws ConfigException {
        long few = bytesOfAReload(50);
        long many = bytesOfAReload(450);
        long grown = many - few;
        assertTrue(
                grown <= 400 * RELOAD_BYTES_PER_PORT,
                () -> "400 ports more cost " + grown + " bytes more: " + few + " and " + many);
    }

    /** Bytes that it takes to add a network by command. */
    private static long bytesOfANetwork(int ports) throws ConfigException {
        SwitchState state = trunks(ports);
        try {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS; i++) {
                NetworkSpec more = ConfigReader.readNetwork("{name: more" + i + ", tunnel: none}");
                long before = THREADS.getCurrentThreadAllocatedBytes();
                var _ = state.become(spec -> SpecChanges.addNetwork(spec, more));
                state.changeSome(() -> NOW, Long.MAX_VALUE);
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
                assertEquals(NETWORKS + i + 1, state.networks().size());
            }
            return least;
        } finally {
            state.close();
        }
    }

    @Test
    void aChangeOfANetworkLooksAtNoPort() throws ConfigException {
        long few = bytesOfANetwork(50);
        long many = bytesOfANetwork(450);
        long grown = many - few;
        assertTrue(
                grown <= 400 * SNAPSHOT_BYTES_PER_PORT,
                () -> "400 ports more cost " + grown + " bytes more: " + few + " and " + many);
    }

    @Test
    void everyNetworkHasEveryPort() throws ConfigException {
        SwitchState state = trunks(50);
        try {
            look(state);
            state.publishIfChanged();
            assertEquals(NETWORKS, state.bridge().networks().size());
            state.bridge()
                    .networks()
                    .forEach(network -> assertEquals(50, network.ports().size()));
            int number = Objects.requireNonNull(state.port("none0")).number();
            assertNotNull(state.snapshot().port(number));
        } finally {
            state.close();
        }
    }
}
