package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.ip;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RFC 2131, section 4.3: what the server does with each message in each state of the client. */
final class DhcpResponderStatesTest {

    private final DhcpNetwork net = new DhcpNetwork(subnet(10).build());

    // DISCOVER (4.3.1)

    @Test
    void discoverIsOfferedAnAddressOfThePoolAndItIsHeld() {
        Reply offer = net.offer(Guest.number(1));
        assertEquals("0.0.0.0", offer.ciaddr());
        assertTrue(offer.yiaddr().startsWith("10.0.0.10"), offer.yiaddr());
        assertEquals("0a000002", offer.option(54));
        assertEquals(3600, offer.number(51));
        assertEquals(1800, offer.number(58));
        assertEquals(3150, offer.number(59));
        assertEquals(LeaseState.OFFERED, net.state(offer.yiaddr()));
        assertEquals(0, net.responder.boundLeases());
        assertEquals(offer.yiaddr(), net.offer(Guest.number(1)).yiaddr(), "asked again, offered again");
    }

    @Test
    void holdEndsAfterAMinuteAndLeavesNothing() {
        String offered = net.offer(Guest.number(1)).yiaddr();
        net.pass(DhcpResponder.HOLD_MS - 1);
        net.tick();
        assertEquals(LeaseState.OFFERED, net.state(offered));
        net.pass(1);
        net.tick();
        assertNull(net.state(offered));
        assertEquals(offered, net.offer(Guest.number(1)).yiaddr(), "the same MAC begins at the same place of the pool");
    }

    @Test
    void everyClientIsOfferedAnAddressOfItsOwn() {
        Set<String> offered = new HashSet<>();
        for (int i = 1; i <= 10; i++) {
            assertTrue(offered.add(net.offer(Guest.number(i)).yiaddr()));
        }
        assertNull(net.ask(Guest.number(11).discover()));
        assertEquals(1, net.count(DhcpCounter.POOL_EXHAUSTED));
        assertTrue(
                net.events.warnings.getFirst().contains("exhausted. Enlarge dhcp.pool"),
                net.events.warnings.toString());
    }

    @Test
    void requestedAddressIsOfferedWhenItIsFree() {
        assertEquals(
                "10.0.0.107",
                net.offer(Guest.number(1).address(OptionCode.REQUESTED_ADDRESS, "10.0.0.107"))
                        .yiaddr());
        Reply other = net.offer(Guest.number(2).address(OptionCode.REQUESTED_ADDRESS, "10.0.0.107"));
        assertNotEquals("10.0.0.107", other.yiaddr());
        Reply outside = net.offer(Guest.number(3).address(OptionCode.REQUESTED_ADDRESS, "10.0.0.50"));
        assertNotEquals("10.0.0.50", outside.yiaddr());
    }

    @Test
    void clientWithALeaseIsOfferedItAgainWhateverItAsksFor() {
        String leased = net.lease(1);
        Reply offer = net.offer(Guest.number(1).address(OptionCode.REQUESTED_ADDRESS, "10.0.0.109"));
        assertEquals(leased, offer.yiaddr());
        assertEquals(LeaseState.BOUND, net.state(leased), "a lease does not become an offer");
    }

    @Test
    void clientGetsItsExpiredAddressAgain() {
        Guest first = Guest.number(1).address(OptionCode.REQUESTED_ADDRESS, "10.0.0.108");
        net.offer(first);
        net.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, "10.0.0.108"));
        net.pass(3_600_000);
        net.tick();
        assertEquals(LeaseState.EXPIRED, net.state("10.0.0.108"));
        assertEquals("10.0.0.108", net.offer(Guest.number(1)).yiaddr());
    }

    @Test
    void expiredAddressesAreGivenAwayOldestFirstOnceNoOtherIsLeft() {
        String oldest = net.lease(1);
        net.pass(1000);
        String second = net.lease(2);
        net.pass(3_600_000);
        Set<String> untouched = new HashSet<>();
        for (int i = 3; i <= 10; i++) {
            untouched.add(net.offer(Guest.number(i)).yiaddr());
        }
        assertEquals(8, untouched.size());
        assertTrue(!untouched.contains(oldest) && !untouched.contains(second));
        assertEquals(oldest, net.offer(Guest.number(11)).yiaddr());
        assertEquals(second, net.offer(Guest.number(12)).yiaddr());
    }

    @Test
    void reservationComesFirst() {
        DhcpNetwork reserved = new DhcpNetwork(subnet(10)
                .reserve(new MacAddress(0x0200_0000_0001L), ip("10.0.0.11"), "vm1")
                .build());
        Reply offer = reserved.offer(Guest.number(1).address(OptionCode.REQUESTED_ADDRESS, "10.0.0.105"));
        assertEquals("10.0.0.11", offer.yiaddr());
        assertEquals("766d31", offer.option(OptionCode.HOSTNAME));
        assertEquals(
                "10.0.0.11",
                reserved.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, "10.0.0.11"))
                        .yiaddr());
        DhcpLease lease = reserved.lease("10.0.0.11");
        assertTrue(lease != null && lease.source() == LeaseSource.RESERVATION);
        reserved.pass(3_600_000);
        reserved.tick();
        assertNull(reserved.state("10.0.0.11"), "who gets it is in the configuration");
    }

    @Test
    void reservationInsideThePoolIsKeptForItsOwner() {
        DhcpNetwork reserved = new DhcpNetwork(subnet(1)
                .reserve(new MacAddress(0x0200_0000_0001L), ip("10.0.0.100"), null)
                .build());
        assertNull(reserved.ask(Guest.number(2).discover()));
        assertEquals("10.0.0.100", reserved.offer(Guest.number(1)).yiaddr());
    }

    @Test
    void reservedAddressStillLeasedToAnotherIsNotGivenTwice() {
        String leased = net.lease(1);
        net.reconfigure(subnet(10)
                .reserve(new MacAddress(0x0200_0000_0002L), ip(leased), null)
                .build());
        Reply offer = net.offer(Guest.number(2));
        assertNotEquals(leased, offer.yiaddr());
        assertEquals(1, net.count(DhcpCounter.RESERVATION_IN_USE));
        // its holder is sent away when it renews, and then the owner gets it
        net.expect(MessageType.NAK, Guest.number(1).renewing(SERVER, leased));
        net.pass(3_600_000);
        assertEquals(leased, net.offer(Guest.number(2)).yiaddr());
    }

    @Test
    void portsOwnAddressIsTheOnlyOne() {
        Reply offer = net.expect(
                MessageType.OFFER,
                Guest.number(1).discover().address(OptionCode.REQUESTED_ADDRESS, "10.0.0.105"),
                "10.0.0.11");
        assertEquals("10.0.0.11", offer.yiaddr());
        net.expect(MessageType.NAK, Guest.number(1).selecting(SERVER, "10.0.0.105"), "10.0.0.11");
        net.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, "10.0.0.11"), "10.0.0.11");
        net.expect(MessageType.ACK, Guest.number(1).renewing(SERVER, "10.0.0.11"), "10.0.0.11");
        net.expect(MessageType.NAK, Guest.number(1).renewing(SERVER, "10.0.0.12"), "10.0.0.11");
        assertNull(net.ask(Guest.number(1).discover(), "192.168.7.7"), "an address of no subnet");
        assertEquals(1, net.count(DhcpCounter.NO_SUBNET));
    }

    @Test
    void portsOwnAddressIsTakenFromWhoeverHasIt() {
        String leased = net.lease(1);
        net.events.bindings.clear();
        assertEquals(
                leased,
                net.expect(MessageType.OFFER, Guest.number(2).discover(), leased)
                        .yiaddr());
        net.expect(MessageType.ACK, Guest.number(2).selecting(SERVER, leased), leased);
        assertEquals(
                List.of("-" + leased + " 02:00:00:00:00:01", "+" + leased + " 02:00:00:00:00:02 2"),
                net.events.bindings);
        net.expect(MessageType.NAK, Guest.number(1).renewing(SERVER, leased));
    }

    // REQUEST, SELECTING (4.3.2)

    @Test
    void chosenOfferIsAcknowledged() {
        Reply offer = net.offer(Guest.number(1));
        Reply ack = net.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, offer.yiaddr()));
        assertEquals(offer.yiaddr(), ack.yiaddr());
        assertEquals("0.0.0.0", ack.ciaddr());
        assertEquals(offer.options().keySet(), ack.options().keySet(), "the ACK must not contradict the OFFER");
        assertEquals(LeaseState.BOUND, net.state(offer.yiaddr()));
        assertEquals(List.of("+" + offer.yiaddr() + " 02:00:00:00:00:01 1"), net.events.bindings);
        DhcpLease lease = net.lease(offer.yiaddr());
        assertEquals(net.nowMs + 3_600_000, lease == null ? 0 : lease.untilEpochMs());
    }

    @Test
    void choiceOfAnotherServerEndsTheHoldInSilence() {
        String offered = net.offer(Guest.number(1)).yiaddr();
        assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(1).selecting("10.0.0.3", "10.0.0.200")));
        assertNull(net.state(offered));
        assertEquals(1, net.count(DhcpCounter.OTHER_SERVER));
    }

    @Test
    void choiceOfAnotherServerEndsNoLease() {
        String leased = net.lease(1);
        assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(1).selecting("10.0.0.3", "10.0.0.200")));
        assertEquals(LeaseState.BOUND, net.state(leased));
    }

    @Test
    void otherAddressThanTheOfferedIsRefused() {
        net.offer(Guest.number(1));
        Reply nak = net.expect(MessageType.NAK, Guest.number(1).selecting(SERVER, "10.0.0.50"));
        assertEquals("0.0.0.0", nak.yiaddr());
        assertEquals(Set.of(53, 54, 56), nak.options().keySet(), "a NAK has no parameters (table 3)");
        String others = net.lease(2);
        net.expect(MessageType.NAK, Guest.number(1).selecting(SERVER, others));
    }

    @Test
    void lateChoiceIsAcknowledgedWhileTheAddressIsFree() {
        String offered = net.offer(Guest.number(1)).yiaddr();
        net.pass(DhcpResponder.HOLD_MS + 1);
        assertEquals(
                offered,
                net.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, offered))
                        .yiaddr());
    }

    // REQUEST, INIT-REBOOT

    @Test
    void rebootedClientKeepsItsLease() {
        String leased = net.lease(1);
        Reply ack = net.expect(MessageType.ACK, Guest.number(1).initReboot(leased));
        assertEquals(leased, ack.yiaddr());
        assertEquals("0.0.0.0", ack.ciaddr());
    }

    @Test
    void rebootedClientOnAnotherNetworkIsRefusedByBroadcast() {
        Reply nak = net.expect(MessageType.NAK, Guest.number(1).initReboot("192.168.1.5"));
        assertEquals("255.255.255.255", nak.ipDestination());
        assertEquals("ff:ff:ff:ff:ff:ff", nak.ethernetDestination());
        assertEquals(68, nak.udpDestination());
    }

    @Test
    void rebootedClientWithoutARecordIsRefused() {
        net.expect(MessageType.NAK, Guest.number(1).initReboot("10.0.0.105"));
    }

    @Test
    void rebootedClientMayHaveItsReservationWithoutARecord() {
        net.expect(MessageType.ACK, Guest.number(1).initReboot("10.0.0.11"), "10.0.0.11");
    }

    // REQUEST, RENEWING and REBINDING

    @Test
    void renewalExtendsTheLease() {
        String leased = net.lease(1);
        net.pass(1_800_000);
        Reply ack = net.expect(MessageType.ACK, Guest.number(1).renewing(SERVER, leased));
        assertEquals(leased, ack.ciaddr());
        assertEquals(leased, ack.yiaddr());
        assertEquals(leased, ack.ipDestination());
        assertEquals("02:00:00:00:00:01", ack.ethernetDestination());
        net.pass(3_599_999);
        net.tick();
        assertEquals(LeaseState.BOUND, net.state(leased));
        net.pass(1);
        net.tick();
        assertEquals(LeaseState.EXPIRED, net.state(leased));
        assertEquals(
                1,
                net.events.bindings.stream()
                        .filter(line -> line.startsWith("+"))
                        .count(),
                "renewals are no news");
    }

    @Test
    void rebindingExtendsTheLease() {
        String leased = net.lease(1);
        Reply ack = net.expect(MessageType.ACK, Guest.number(1).rebinding(leased));
        assertEquals(leased, ack.ipDestination());
    }

    @Test
    void addressInUseAndUnknownToUsIsKeptIfNobodyElseHasIt() {
        assertEquals(
                "10.0.0.105",
                net.expect(MessageType.ACK, Guest.number(1).rebinding("10.0.0.105"))
                        .yiaddr());
        net.expect(MessageType.NAK, Guest.number(2).rebinding("10.0.0.105"));
        net.expect(MessageType.NAK, Guest.number(2).rebinding("10.0.0.50"));
        net.expect(MessageType.NAK, Guest.number(2).renewing(SERVER, "192.168.1.1"));
    }

    @Test
    void clientThatRenewsAnotherAddressThanItsOwnIsRefused() {
        net.lease(1);
        net.expect(MessageType.NAK, Guest.number(1).renewing(SERVER, "10.0.0.109"));
    }

    @Test
    void renewalSentToAnotherServerIsNotOurs() {
        String leased = net.lease(1);
        assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(1).renewing("10.0.0.3", leased)));
    }

    @Test
    void requestWithoutAnAddressIsInvalid() {
        assertEquals(DhcpOutcome.INVALID, net.outcome(Guest.number(1).type(MessageType.REQUEST)));
        assertEquals(
                DhcpOutcome.INVALID,
                net.outcome(Guest.number(1).type(MessageType.REQUEST).address(OptionCode.SERVER_ID, SERVER)));
    }

    // DECLINE (4.3.3)

    @Test
    void declinedAddressIsNobodysForAWhile() {
        String leased = net.lease(1);
        assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(1).decline(SERVER, leased)));
        assertEquals(LeaseState.DECLINED, net.state(leased));
        assertEquals(1, net.count(DhcpCounter.ADDRESS_DECLINED));
        assertTrue(net.events.warnings.getFirst().contains(leased + " in use by somebody else"));
        assertNotEquals(leased, net.offer(Guest.number(1)).yiaddr());
        net.pass(DhcpResponder.QUARANTINE_MS);
        net.tick();
        assertNull(net.state(leased));
    }

    /** It can have no other; so it waits, longer each time, as the log says. */
    @Test
    void declinedAddressOfItsPortIsOfferedAgainAfterAWhile() {
        long waitMs = DhcpResponder.FIRST_OWN_QUARANTINE_MS;
        for (int round = 0; round < 9; round++) {
            net.expect(MessageType.OFFER, Guest.number(1).discover(), "10.0.0.11");
            net.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, "10.0.0.11"), "10.0.0.11");
            net.events.warnings.clear();
            net.pass(60_000); // the log tells once a minute
            Frame decline = Guest.number(1).decline(SERVER, "10.0.0.11").frame();
            assertEquals(DhcpOutcome.SILENT, net.answer(decline, DhcpNetwork.port(1, "10.0.0.11")));
            assertEquals(LeaseState.DECLINED, net.state("10.0.0.11"));
            String warning = net.events.warnings.getFirst();
            assertTrue(warning.contains("offered it again in " + waitMs / 1000 + " s"), warning);
            net.pass(waitMs - 1);
            assertNull(net.ask(Guest.number(1).discover(), "10.0.0.11"));
            net.expect(MessageType.NAK, Guest.number(1).initReboot("10.0.0.11"), "10.0.0.11");
            assertEquals(2L * (round + 1), net.count(DhcpCounter.QUARANTINED));
            net.pass(1);
            waitMs = Math.min(2 * waitMs, DhcpResponder.QUARANTINE_MS);
        }
        // used for a while, and no longer in a row
        net.expect(MessageType.OFFER, Guest.number(1).discover(), "10.0.0.11");
        net.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, "10.0.0.11"), "10.0.0.11");
        net.expect(MessageType.ACK, Guest.number(1).renewing(SERVER, "10.0.0.11"), "10.0.0.11");
        net.answer(Guest.number(1).decline(SERVER, "10.0.0.11").frame(), DhcpNetwork.port(1, "10.0.0.11"));
        net.pass(DhcpResponder.FIRST_OWN_QUARANTINE_MS);
        net.expect(MessageType.OFFER, Guest.number(1).discover(), "10.0.0.11");
    }

    @Test
    void anothersDeclineDoesNotKeepAPortFromItsAddress() {
        String leased = net.lease(1);
        net.outcome(Guest.number(1).decline(SERVER, leased));
        assertEquals(
                leased,
                net.expect(MessageType.OFFER, Guest.number(2).discover(), leased)
                        .yiaddr());
    }

    @Test
    void onlyTheHolderMayDecline() {
        String leased = net.lease(1);
        assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(2).decline(SERVER, leased)));
        assertEquals(DhcpOutcome.SILENT, net.outcome(new Guest(0x0200_0000_0001L, 9).decline(SERVER, leased)));
        assertEquals(LeaseState.BOUND, net.state(leased));
        assertEquals(2, net.count(DhcpCounter.NOT_HOLDER));
        assertEquals(DhcpOutcome.INVALID, net.outcome(Guest.number(1).type(MessageType.DECLINE)));
    }

    @Test
    void declinedReservationIsReplacedByAnAddressOfThePool() {
        DhcpNetwork reserved = new DhcpNetwork(subnet(10)
                .reserve(new MacAddress(0x0200_0000_0001L), ip("10.0.0.11"), null)
                .build());
        reserved.offer(Guest.number(1));
        reserved.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, "10.0.0.11"));
        reserved.outcome(Guest.number(1).decline(SERVER, "10.0.0.11"));
        String other = reserved.offer(Guest.number(1)).yiaddr();
        assertNotEquals("10.0.0.11", other);
        reserved.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, other));
        reserved.pass(DhcpResponder.QUARANTINE_MS);
        reserved.expect(MessageType.NAK, Guest.number(1).renewing(SERVER, other));
        assertEquals("10.0.0.11", reserved.offer(Guest.number(1)).yiaddr());
    }

    // RELEASE (4.3.4)

    @Test
    void releasedAddressIsFreeButRemembered() {
        String leased = net.lease(1);
        assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(1).release(SERVER, leased)));
        assertEquals(LeaseState.EXPIRED, net.state(leased));
        assertEquals("-" + leased + " 02:00:00:00:00:01", net.events.bindings.getLast());
        assertEquals(leased, net.offer(Guest.number(1)).yiaddr());
    }

    @Test
    void onlyTheHolderMayRelease() {
        String leased = net.lease(1);
        net.outcome(Guest.number(2).release(SERVER, leased));
        net.outcome(new Guest(0x0200_0000_0001L, 9).release(SERVER, leased));
        net.outcome(Guest.number(1).release(SERVER, "10.0.0.109"));
        assertEquals(LeaseState.BOUND, net.state(leased));
        assertEquals(3, net.count(DhcpCounter.NOT_HOLDER));
    }

    // INFORM (4.3.5)

    @Test
    void informGetsParametersButNoLease() {
        Reply ack = net.expect(MessageType.ACK, Guest.number(1).inform("10.0.0.77"));
        assertEquals("10.0.0.77", ack.ciaddr());
        assertEquals("0.0.0.0", ack.yiaddr());
        assertEquals("10.0.0.77", ack.ipDestination());
        assertEquals("02:00:00:00:00:01", ack.ethernetDestination());
        assertEquals("0a000001", ack.option(OptionCode.ROUTER));
        for (int lease : new int[] {51, 58, 59}) {
            assertEquals("", ack.option(lease));
        }
        assertEquals(List.of(), net.responder.leases());
        assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(1).inform("192.168.7.7")));
        assertEquals(DhcpOutcome.INVALID, net.outcome(Guest.number(1).type(MessageType.INFORM)));
    }

    // Others

    @Test
    void otherMessagesGetNoReply() {
        assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(1)), "BOOTP");
        assertEquals(1, net.count(DhcpCounter.RX_BOOTP));
        for (int type : new int[] {MessageType.OFFER, MessageType.ACK, MessageType.NAK}) {
            assertEquals(DhcpOutcome.INVALID, net.outcome(Guest.number(1).type(type)));
        }
        assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(1).type(9)), "FORCERENEW");
        assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(1).type(255)));
        assertEquals(5, net.count(DhcpCounter.RX_OTHER));
    }

    @Test
    void networkWithoutSubnetsIsSilent() {
        DhcpNetwork none = new DhcpNetwork();
        assertEquals(DhcpOutcome.SILENT, none.outcome(Guest.number(1).discover()));
        assertEquals(DhcpOutcome.SILENT, none.outcome(Guest.number(1).initReboot("10.0.0.5")));
    }

    @Test
    void secondSubnetIsUsedWhenTheFirstIsFull() {
        DhcpSubnet second = DhcpSubnet.builder("10.0.1.0/24", "10.0.1.2")
                .pools(List.of(new DhcpSubnet.Range(ip("10.0.1.100"), ip("10.0.1.100"))))
                .build();
        DhcpNetwork two = new DhcpNetwork(subnet(1).build(), second);
        assertEquals("10.0.0.100", two.offer(Guest.number(1)).yiaddr());
        Reply offer = two.offer(Guest.number(2));
        assertEquals("10.0.1.100", offer.yiaddr());
        assertEquals("0a000102", offer.option(54));
        assertEquals("10.0.1.2", offer.ipSource());
        assertEquals("02:6a:0a:00:01:02", offer.ethernetSource());
        two.expect(MessageType.ACK, Guest.number(2).selecting("10.0.1.2", "10.0.1.100"));
    }

    @Test
    void subnetThatIsGoneSendsItsClientsAway() {
        String leased = net.lease(1);
        DhcpSubnet other = DhcpSubnet.builder("10.9.0.0/24", "10.9.0.2")
                .pools(List.of(new DhcpSubnet.Range(ip("10.9.0.100"), ip("10.9.0.199"))))
                .build();
        net.reconfigure(other);
        assertEquals(LeaseState.BOUND, net.state(leased), "it may be back with the next reload");
        DhcpLease orphan = net.lease(leased);
        assertEquals(LeaseSource.NONE, orphan == null ? null : orphan.source(), "no pool's, and no reservation");
        net.expect(MessageType.NAK, Guest.number(1).rebinding(leased));
        assertTrue(net.offer(Guest.number(1)).yiaddr().startsWith("10.9.0."));
        assertNull(net.state(leased));
    }

    @Test
    void poolThatShrinksSendsItsClientsAway() {
        for (int i = 1; i <= 10; i++) {
            net.lease(i);
        }
        net.reconfigure(subnet(5).build());
        int refused = 0;
        for (DhcpLease lease : net.responder.leases()) {
            Guest holder = new Guest(lease.mac().bits(), lease.inPort());
            Reply reply = net.ask(holder.renewing(SERVER, lease.ip().toString()));
            boolean inPool = lease.ip().compareTo(IpAddress.parse("10.0.0.104")) <= 0;
            assertEquals(inPool ? MessageType.ACK : MessageType.NAK, reply == null ? 0 : reply.type());
            refused += inPool ? 0 : 1;
        }
        assertEquals(5, refused);
    }
}
