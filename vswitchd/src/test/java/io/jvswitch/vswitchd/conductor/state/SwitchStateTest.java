package io.jvswitch.vswitchd.conductor.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.normal.NormalNews;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.vswitchd.conductor.device.LinkWatches;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.conductor.underlay.Underlay;
import io.jvswitch.vswitchd.conductor.underlay.VtepTable;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.time.Moment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Who is forgotten when the configuration changes. The ports wait for devices that nobody has; there are no workers.
 */
final class SwitchStateTest {

    private static final Moment NOW = Moment.of(1, 1_700_000_000_000L);
    private static final long MAC = 0x020000000001L;
    private static final String PORT = "p: {kind: system, device: jvs-no-such, network: %s}";
    private static final String TUNNEL = "{tunnel: vxlan, vni: 42, remotes: [192.0.2.2, 192.0.2.3]}";

    private final VtepTable vteps = new VtepTable(4789, 1);
    private @Nullable SwitchState state;

    private SwitchState become(String blue, String port) throws Exception {
        SwitchSpec spec = ConfigReader.read("f", """
                switch: {name: hv1}
                underlay: {local-ip: 192.0.2.1}
                networks:
                  blue: %s
                  green: {tunnel: none}
                ports:
                  %s
                """.formatted(blue, port));
        SwitchState running = state;
        if (running == null) {
            running = new SwitchState(
                    spec,
                    Workers.of(List.of()),
                    vteps,
                    new Underlay(spec.underlay(), vteps, Workers.of(List.of()), () -> {}),
                    new LinkWatches(() -> {}),
                    () -> {});
            state = running;
        }
        var _ = running.become(any -> spec);
        running.changeSome(() -> NOW, Long.MAX_VALUE);
        return running;
    }

    @AfterEach
    void close() {
        if (state != null) {
            state.close();
        }
    }

    private static Fdb fdb(SwitchState state) {
        return Objects.requireNonNull(state.network("blue")).fdb();
    }

    private static void learn(SwitchState state, int location) {
        NetworkRuntime blue = Objects.requireNonNull(state.network("blue"));
        state.handle(
                new ConductorEvent.FromTranslation(new NormalNews.Learn(blue.id(), blue.fdb(), MAC, 0, location), 1),
                NOW);
    }

    @Test
    void aPortWithoutItsDeviceIsNoPlaceToLearn() throws Exception {
        SwitchState running = become("{tunnel: none}", PORT.formatted("blue"));
        learn(running, 1);
        assertEquals(Fdb.UNKNOWN, fdb(running).lookup(MAC, 0), "an event that waited in the queue");
    }

    /** The guest migrates, and is on the other host now. */
    @Test
    void aBoundPortWithoutItsDeviceLeavesTheGuestToTheHostEntry() throws Exception {
        String bound = "p: {kind: system, device: jvs-no-such, network: blue, mac: '02:00:00:00:00:01', ip: 10.0.0.11}";
        SwitchState running = become(
                "{tunnel: vxlan, vni: 42, remotes: [192.0.2.2],"
                        + " hosts: [{mac: '02:00:00:00:00:01', ip: 10.0.0.11, vtep: 192.0.2.2}]}",
                bound);
        Network blue = running.bridge().networks().getFirst();
        assertEquals(Locations.ofTunnel(0), blue.stations().get(MAC));
        assertEquals(1, blue.neighbours().size());
        learn(running, Locations.ofTunnel(0));
        assertEquals(Fdb.UNKNOWN, fdb(running).lookup(MAC, 0), "configuration knows better");

        running = become("{tunnel: vxlan, vni: 42, remotes: [192.0.2.2]}", bound);
        blue = running.bridge().networks().getFirst();
        assertEquals(Locations.NONE, blue.stations().get(MAC));
        assertEquals(0, blue.neighbours().size());
        learn(running, Locations.ofTunnel(0));
        assertEquals(Locations.ofTunnel(0), fdb(running).lookup(MAC, 0));
    }

    @Test
    void aPortWhoseTagsChangeIsForgotten() throws Exception {
        SwitchState running = become("{tunnel: none}", PORT.formatted("blue"));
        fdb(running).learn(MAC, 0, 1, 1);
        become("{tunnel: none}", "p: {kind: system, device: jvs-no-such, network: blue, vlan: 7}");
        assertEquals(Fdb.UNKNOWN, fdb(running).lookup(MAC, 0));
    }

    private void forgets(String blue, boolean forgotten) throws Exception {
        SwitchState running = become(TUNNEL, PORT.formatted("blue"));
        int second = Locations.ofTunnel(1);
        learn(running, second);
        assertEquals(second, fdb(running).lookup(MAC, 0));
        become(blue, PORT.formatted("blue"));
        assertEquals(forgotten ? Fdb.UNKNOWN : second, fdb(running).lookup(MAC, 0));
    }

    @Test
    void aVtepThatIsNoRemoteAnyMoreIsForgotten() throws Exception {
        forgets("{tunnel: vxlan, vni: 42, remotes: [192.0.2.2]}", true);
    }

    @Test
    void aVtepThatStaysARemoteIsNot() throws Exception {
        forgets("{tunnel: vxlan, vni: 42, remotes: [192.0.2.3]}", false);
    }

    @Test
    void everyVtepIsForgottenWithAnotherVni() throws Exception {
        forgets("{tunnel: vxlan, vni: 43, remotes: [192.0.2.2, 192.0.2.3]}", true);
    }

    @Test
    void everyVtepIsForgottenWithAnotherTunnel() throws Exception {
        forgets("{tunnel: none}", true);
    }

    @Test
    void everyVtepIsForgottenWithoutLearning() throws Exception {
        forgets("{tunnel: vxlan, vni: 42, learning: false, remotes: [192.0.2.2, 192.0.2.3]}", true);
    }
}
