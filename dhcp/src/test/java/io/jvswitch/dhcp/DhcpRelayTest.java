package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.ip;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.MacAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask for whom: relay agents, guests that play one, and guests that use the names of others. */
final class DhcpRelayTest {

    private static final String RELAY = "10.0.0.3";
    private static final String RELAY_MAC = "02:00:00:00:00:99";
    private static final int RELAY_PORT = 9;

    @TempDir
    Path directory;

    private final DhcpNetwork net = new DhcpNetwork(subnet(10).build());

    /** The victim's messages of every type; its lease is an address that it holds. */
    private static List<Function<Guest, Guest>> everyType(String lease) {
        return List.of(
                Guest::discover,
                guest -> guest.discover().address(OptionCode.REQUESTED_ADDRESS, lease),
                guest -> guest.selecting(SERVER, lease),
                guest -> guest.selecting("10.0.0.77", lease),
                guest -> guest.initReboot(lease),
                guest -> guest.renewing(SERVER, lease),
                guest -> guest.rebinding(lease),
                guest -> guest.decline(SERVER, lease),
                guest -> guest.release(SERVER, lease),
                guest -> guest.inform(lease));
    }

    private static Guest victim() {
        return new Guest(0x0200_0000_0001L, RELAY_PORT);
    }

    private void assertUntouched(String leased) {
        DhcpLease lease = net.lease(leased);
        assertNotNull(lease);
        assertEquals(LeaseState.BOUND, lease.state());
        assertEquals(1, lease.inPort());
        assertEquals(MacAddress.parse("02:00:00:00:00:01"), lease.mac());
    }

    @Test
    void guestThatPlaysRelayIsRefusedWhateverItSays() {
        String leased = net.lease(1);
        int asked = 0;
        for (Function<Guest, Guest> type : everyType(leased)) {
            List<Guest> plays = List.of(
                    type.apply(victim()).relayed(RELAY, RELAY_MAC),
                    type.apply(victim().clientId("01 020000000001")).relayed(RELAY, RELAY_MAC),
                    // on behalf of itself, but as if a switch before it had marked the circuit
                    type.apply(new Guest(0x0200_0000_0099L, RELAY_PORT)).option(82, "0101aa"),
                    type.apply(new Guest(0x0200_0000_0099L, RELAY_PORT)).option(82));
            for (Guest play : plays) {
                DhcpOutcome outcome = net.outcome(play);
                assertEquals(DhcpOutcome.RELAY_REFUSED, outcome);
                assertEquals(DropReason.DHCP_RELAY_SPOOF, outcome.dropReason());
                asked++;
            }
        }
        assertUntouched(leased);
        assertEquals(asked, net.count(DhcpCounter.RELAY_REFUSED));
        assertEquals(1, net.events.warnings.size(), "told once");
        assertTrue(net.events.warnings.getFirst().contains("dhcp-relay"), net.events.warnings.toString());
        assertEquals(leased, net.offer(Guest.number(1)).yiaddr());
    }

    @Test
    void whatARelaySaysTouchesNoLeaseOfTheHostsOwnGuests() {
        for (String id : new String[] {"", "ff 0102030405"}) {
            DhcpNetwork each = new DhcpNetwork(subnet(10)
                    .reserve(new MacAddress(0x0200_0000_0001L), ip("10.0.0.11"), null, "vm1")
                    .build());
            Function<Guest, Guest> named = guest -> id.isEmpty() ? guest : guest.clientId(id);
            each.expect(MessageType.OFFER, named.apply(Guest.number(1)).discover(), "10.0.0.11");
            each.expect(MessageType.ACK, named.apply(Guest.number(1)).selecting(SERVER, "10.0.0.11"), "10.0.0.11");
            for (Function<Guest, Guest> type : everyType("10.0.0.11")) {
                Frame frame = type.apply(named.apply(victim()))
                        .relayed(RELAY, RELAY_MAC)
                        .frame();
                boolean answered = each.answer(frame, DhcpNetwork.relay(RELAY_PORT)) == DhcpOutcome.REPLY;
                if (answered && Reply.of(frame).type() == MessageType.OFFER) {
                    assertNotEquals("10.0.0.11", Reply.of(frame).yiaddr());
                }
                DhcpLease lease = each.lease("10.0.0.11");
                assertEquals(LeaseState.BOUND, lease == null ? null : lease.state());
                assertEquals(1, lease == null ? 0 : lease.inPort());
            }
            each.expect(MessageType.ACK, named.apply(Guest.number(1)).renewing(SERVER, "10.0.0.11"), "10.0.0.11");
        }
    }

    @Test
    void relaysClientLeasesRenewsAndReleases() {
        DhcpPort relay = DhcpNetwork.relay(RELAY_PORT);
        String offered = net.expect(MessageType.OFFER, victim().discover().relayed(RELAY, RELAY_MAC), relay)
                .yiaddr();
        net.expect(MessageType.ACK, victim().selecting(SERVER, offered).relayed(RELAY, RELAY_MAC), relay);
        // by itself, through the router that the relay is
        Reply renewed =
                net.expect(MessageType.ACK, victim().renewing(SERVER, offered).ethernetSource(RELAY_MAC), relay);
        assertEquals(RELAY_MAC, renewed.ethernetDestination());
        assertEquals(offered, renewed.ipDestination());
        assertEquals(68, renewed.udpDestination());
        // a second relay stands in
        DhcpPort other = DhcpNetwork.relay(8);
        Guest rebinding = new Guest(0x0200_0000_0001L, 8).rebinding(offered).relayed("10.0.0.4", "02:00:00:00:00:98");
        net.expect(MessageType.ACK, rebinding, other);
        Frame release =
                victim().release(SERVER, offered).ethernetSource(RELAY_MAC).frame();
        assertEquals(DhcpOutcome.SILENT, net.answer(release, relay));
        assertEquals(LeaseState.EXPIRED, net.state(offered));
    }

    @Test
    void portThatMayNotRelayMayNotRouteEither() {
        String leased = net.lease(1);
        Frame renewal =
                victim().renewing(SERVER, leased).ethernetSource(RELAY_MAC).frame();
        assertEquals(DhcpOutcome.RELAY_REFUSED, net.answer(renewal));
        assertUntouched(leased);
    }

    @Test
    void relaysOwnLeaseIsThePortsAndItsClientsAreNot() {
        DhcpPort relay = new DhcpPort("relay", List.of(ip(RELAY)), true);
        Guest itself = new Guest(0x0200_0000_0099L, RELAY_PORT);
        assertEquals(
                RELAY, net.expect(MessageType.OFFER, itself.discover(), relay).yiaddr());
        String clients = net.expect(MessageType.OFFER, victim().discover().relayed(RELAY, RELAY_MAC), relay)
                .yiaddr();
        assertTrue(clients.startsWith("10.0.0.10"), clients);
    }

    @Test
    void clientsOfARelayAreNotCountedAsOneGuest() {
        DhcpPort relay = DhcpNetwork.relay(RELAY_PORT);
        for (int i = 1; i <= 10; i++) {
            Guest client = new Guest(0x0200_0000_0100L + i, RELAY_PORT);
            assertNotNull(net.expect(MessageType.OFFER, client.discover().relayed(RELAY, RELAY_MAC), relay));
        }
        assertEquals(0, net.count(DhcpCounter.HOLD_RECYCLED) + net.count(DhcpCounter.PORT_LIMIT));
    }

    @Test
    void leaseOfARelaysClientIsOneAfterARestart() throws IOException {
        RecordingEvents events = new RecordingEvents();
        Path file = directory.resolve("leases");
        DhcpNetwork before =
                new DhcpNetwork(LeaseStore.open(file, events), subnet(10).build());
        DhcpPort relay = DhcpNetwork.relay(RELAY_PORT);
        String leased = before.expect(MessageType.OFFER, victim().discover().relayed(RELAY, RELAY_MAC), relay)
                .yiaddr();
        before.expect(MessageType.ACK, victim().selecting(SERVER, leased).relayed(RELAY, RELAY_MAC), relay);
        before.responder.close();
        DhcpNetwork after =
                new DhcpNetwork(LeaseStore.open(file, events), subnet(10).build());
        assertNotEquals(leased, after.offer(Guest.number(1)).yiaddr(), "another client of that MAC address");
        after.expect(MessageType.ACK, victim().rebinding(leased).relayed(RELAY, RELAY_MAC), relay);
        after.responder.close();
        assertEquals(List.of(), events.warnings);
    }

    @Test
    void macOfAnotherPortIsRefusedWhateverItsSenderSays() {
        DhcpNetwork bound = new DhcpNetwork(subnet(10)
                .reserve(new MacAddress(0x0200_0000_0001L), ip("10.0.0.11"), null, "vm1")
                .build());
        bound.expect(MessageType.OFFER, Guest.number(1).discover(), "10.0.0.11");
        bound.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, "10.0.0.11"), "10.0.0.11");
        int asked = 0;
        for (Function<Guest, Guest> type : everyType("10.0.0.11")) {
            DhcpOutcome outcome = bound.outcome(type.apply(victim()));
            assertEquals(DhcpOutcome.SPOOFED, outcome);
            assertEquals(DropReason.SPOOFED_MAC, outcome.dropReason());
            asked++;
        }
        assertEquals(asked, bound.count(DhcpCounter.MAC_OF_OTHER_PORT));
        DhcpLease lease = bound.lease("10.0.0.11");
        assertEquals(1, lease == null ? 0 : lease.inPort());
        assertNull(lease == null ? "" : lease.hostname());
    }
}
