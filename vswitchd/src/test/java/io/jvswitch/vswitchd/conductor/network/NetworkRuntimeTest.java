package io.jvswitch.vswitchd.conductor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.normal.NetworkOptions;
import io.jvswitch.datapath.normal.NetworkPort;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.StationRole;
import io.jvswitch.datapath.normal.StationTable;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.encap.mtu.PathMtuError;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.vswitchd.config.yaml.ConfigException;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.wire.IpAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where addresses may be learnt, and what is forgotten when places come and go. */
final class NetworkRuntimeTest {
    private static final long MAC = 0x020000000001L;
    private static final long OTHER = 0x020000000002L;

    private final NetworkRuntime blue;
    private final Fdb fdb;
    private StationTable stations = StationTable.of();

    NetworkRuntimeTest() throws ConfigException {
        blue = new NetworkRuntime(
                0,
                Objects.requireNonNull(ConfigReader.read("f", "switch: {name: hv1}\nnetworks: {blue: {tunnel: none}}")
                        .networks()
                        .get("blue")),
                64,
                new DhcpService("blue", Path.of("unused"), number -> "p" + number),
                new NetworkTables(address -> 0));
        fdb = blue.fdb();
    }

    private static NetworkPort port(int number, int network, boolean attached) {
        return new NetworkPort(number, "p" + number, network, 1_500, attached);
    }

    private void follow(NetworkPort... ports) {
        List<Integer> members = List.of(ports).stream()
                .filter(port -> port.isIn(0))
                .map(NetworkPort::number)
                .toList();
        Network network = new Network(
                0,
                "blue",
                null,
                0,
                false,
                members,
                List.of(),
                Set.of(),
                false,
                true,
                stations,
                NeighbourTable.of(),
                Set.of(),
                false,
                OuterTos.DEFAULT,
                1_500,
                fdb,
                StationTable.of(),
                NetworkOptions.SERVED);
        List<Integer> touched = List.of(ports).stream().map(NetworkPort::number).toList();
        blue.follow(new NormalBridge(0, "test", List.of(ports), List.of(network)), touched);
    }

    @Test
    void aPortThatWentToAnotherNetworkIsForgottenAndNotLearntAgain() {
        follow(port(1, 0, true));
        assertTrue(blue.mayLearn(MAC, 1));
        fdb.learn(MAC, 0, 1, 1);
        follow(port(1, 7, true));
        assertEquals(Fdb.UNKNOWN, fdb.lookup(MAC, 0));
        assertFalse(blue.mayLearn(MAC, 1), "an event that waited in the queue");
        follow(port(1, 0, true));
        assertTrue(blue.mayLearn(MAC, 1));
    }

    @Test
    void aPortThatGoesDownIsForgottenAndNoPlaceToLearnFromThenOn() {
        follow(port(1, 0, true), port(2, 0, true));
        fdb.learn(MAC, 0, 1, 1);
        fdb.learn(MAC, 7, 1, 1);
        fdb.learn(OTHER, 0, 2, 1);
        blue.portLeft(1);
        assertEquals(Fdb.UNKNOWN, fdb.lookup(MAC, 0));
        assertEquals(Fdb.UNKNOWN, fdb.lookup(MAC, 7));
        assertEquals(2, fdb.lookup(OTHER, 0));
        assertFalse(blue.mayLearn(MAC, 1), "before the workers are told");
        follow(port(1, 0, false), port(2, 0, true));
        assertFalse(blue.mayLearn(MAC, 1));
        follow(port(1, 0, true), port(2, 0, true));
        assertTrue(blue.mayLearn(MAC, 1));
    }

    private static PathMtuError quoting(TunnelKind kind, long id, long mac, int vlan) {
        IpAddress local = IpAddress.parse("192.0.2.1");
        IpAddress remote = IpAddress.parse("192.0.2.2");
        return new PathMtuError(local, remote, 1_400, 1_500, kind, 0, 0, id, mac, vlan);
    }

    private static PathMtuError gre(long id, long mac, int vlan) {
        return quoting(TunnelKind.GRE, id, mac, vlan);
    }

    /** RFC 8201, section 4: only of packets that it sent, as far as the quotation tells. */
    @Test
    void aNetworkSentWhatHasItsKeyAndAGuestOfThisHost() throws ConfigException {
        blue.become(Objects.requireNonNull(ConfigReader.read(
                        "f",
                        "switch: {name: hv1}\nunderlay: {local-ip: 192.0.2.1}\n"
                                + "networks: {blue: {tunnel: gre, vni: 77}}")
                .networks()
                .get("blue")));
        follow(port(1, 0, true));
        fdb.learn(MAC, 5, 1, 1);
        fdb.learn(OTHER, 0, Locations.ofTunnel(0), 1);
        assertTrue(blue.sends(gre(77, MAC, 5)));
        assertTrue(blue.sends(gre(77, PathMtuError.UNQUOTED, 0)));
        assertFalse(blue.sends(gre(78, MAC, 5)), "another's key");
        assertFalse(blue.sends(gre(PathMtuError.KEYLESS, MAC, 5)));
        assertFalse(blue.sends(gre(77, MAC, 0)), "not in that VLAN");
        assertFalse(blue.sends(gre(77, OTHER, 0)), "a guest behind a VTEP");
        assertFalse(blue.sends(gre(77, 0x02_00_00_00_00_99L, 0)), "nobody");
        assertFalse(blue.sends(quoting(TunnelKind.VXLAN, 77, MAC, 5)));
        stations = stations.with(OTHER, 1);
        follow(port(1, 0, true));
        assertTrue(blue.sends(gre(77, OTHER, 0)), "bound to a port");
        stations = stations.with(OTHER, Locations.ofTunnel(0));
        follow(port(1, 0, true));
        assertFalse(blue.sends(gre(77, OTHER, 0)));
    }

    @Test
    void whatWasLearntOfAGuestWhosePortCameIsForgotten() {
        follow(port(1, 0, false), port(2, 0, true));
        fdb.learn(MAC, 0, 2, 1);
        fdb.learn(MAC, 7, 2, 1);
        blue.stationCame(MAC);
        assertEquals(0, fdb.size());
        stations = stations.with(MAC, 1);
        follow(port(1, 0, true), port(2, 0, true));
        assertFalse(blue.mayLearn(MAC, 2), "configuration knows better");
        assertTrue(blue.mayLearn(OTHER, 2));
    }

    @Test
    void whatAStationSaysOfItsRoleIsToldOnceAndForgottenWithIt() {
        stations = stations.with(MAC, 1);
        follow(port(1, 0, true));
        blue.learnRole(MAC, true);
        blue.learnRole(OTHER, true);
        assertEquals(StationRole.LEARNT_ROUTER, blue.learntRole(MAC));
        assertEquals(StationRole.UNKNOWN, blue.learntRole(OTHER), "no station of configuration");
        assertTrue(blue.takeRolesChanged());
        blue.learnRole(MAC, true);
        assertFalse(blue.takeRolesChanged());
        blue.learnRole(MAC, false);
        assertEquals(StationRole.LEARNT_HOST, blue.learntRole(MAC));
        assertTrue(blue.takeRolesChanged());
        stations = stations.without(MAC);
        follow(port(1, 0, true));
        assertEquals(StationRole.UNKNOWN, blue.learntRole(MAC));
    }
}
