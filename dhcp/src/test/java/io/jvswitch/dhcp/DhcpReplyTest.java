package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.ip;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.DhcpMessage;
import io.jvswitch.wire.testing.Hex;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where replies go and what they carry (RFC 2131, section 4.1 and table 3; RFC 2132). */
final class DhcpReplyTest {

    private final DhcpNetwork net = new DhcpNetwork(subnet(10).build());

    private static final List<DhcpSubnet.Route> ROUTES =
            List.of(new DhcpSubnet.Route(ip("172.16.0.0"), 12, ip("10.0.0.254")));

    // Destinations

    @Test
    void offerGoesToTheAddressThatItOffers() {
        Reply offer = net.offer(Guest.number(1));
        assertEquals("02:6a:0a:00:00:02", offer.ethernetSource());
        assertEquals("02:00:00:00:00:01", offer.ethernetDestination());
        assertEquals(SERVER, offer.ipSource());
        assertEquals(offer.yiaddr(), offer.ipDestination());
        assertEquals(68, offer.udpDestination());
        assertEquals(0, offer.flags());
        assertEquals(0x0200_0000_0001L, offer.mac());
    }

    @Test
    void clientThatCannotTakeUnicastGetsABroadcast() {
        Reply offer = net.offer(Guest.number(1).broadcastFlag());
        assertEquals("ff:ff:ff:ff:ff:ff", offer.ethernetDestination());
        assertEquals("255.255.255.255", offer.ipDestination());
        assertEquals(DhcpMessage.FLAG_BROADCAST, offer.flags());
    }

    @Test
    void relayGetsTheReplyOnTheServersPort() {
        Guest relayed = Guest.number(1).relayed("10.0.0.3", "02:00:00:00:00:99");
        Reply offer = net.expect(MessageType.OFFER, relayed.discover(), DhcpNetwork.relay(1));
        assertEquals("02:00:00:00:00:99", offer.ethernetDestination());
        assertEquals("10.0.0.3", offer.ipDestination());
        assertEquals(67, offer.udpDestination());
        assertEquals("10.0.0.3", offer.giaddr());
        Reply nak = net.expect(
                MessageType.NAK,
                Guest.number(1).relayed("10.0.0.3", "02:00:00:00:00:99").initReboot("10.5.5.5"),
                DhcpNetwork.relay(1));
        assertEquals("10.0.0.3", nak.ipDestination());
        assertEquals(DhcpMessage.FLAG_BROADCAST, nak.flags(), "the relay must broadcast it");
    }

    @Test
    void behindARelayOnlyItsSubnetCounts() {
        Frame frame = Guest.number(1)
                .discover()
                .relayed("10.7.0.3", "02:00:00:00:00:99")
                .frame();
        assertEquals(DhcpOutcome.SILENT, net.answer(frame, DhcpNetwork.relay(1)));
        assertEquals(1, net.count(DhcpCounter.NO_SUBNET));
    }

    @Test
    void relayInformationIsEchoedLast() {
        Guest relayed = Guest.number(1)
                .relayed("10.0.0.3", "02:00:00:00:00:99")
                .option(OptionCode.RELAY_INFORMATION, "0104 0a0b0c0d");
        Reply offer = net.expect(MessageType.OFFER, relayed.discover(), DhcpNetwork.relay(1));
        assertEquals("01040a0b0c0d", offer.option(OptionCode.RELAY_INFORMATION));
        assertEquals(OptionCode.RELAY_INFORMATION, offer.order().getLast());
    }

    @Test
    void tagsAreKept() {
        Frame frame = Guest.number(1).discover().vlan(100).frame();
        assertEquals(DhcpOutcome.REPLY, net.answer(frame));
        assertEquals(0x8100_0064, NetworkOrder.getInt(frame.segment(), frame.start() + 12L));
        assertEquals(MessageType.OFFER, Reply.of(frame).type());
    }

    @Test
    void fixedPartIsTheRepliesOwn() {
        Frame frame = Guest.number(1).discover().frame();
        // secs, hops and what a boot ROM left in sname and file are not to come back
        byte[] bytes = Hex.bytes(frame);
        bytes[42 + 3] = 7;
        bytes[42 + 9] = 99;
        bytes[42 + 44] = 'x';
        bytes[42 + 108] = 'y';
        bytes[40] = 0;
        bytes[41] = 0;
        Frame changed = Guest.frame(bytes, 1);
        assertEquals(DhcpOutcome.REPLY, net.answer(changed));
        Reply.of(changed);
        assertArrayEquals(new byte[192], Hex.bytes(changed.segment(), changed.start() + 42 + 44, 192));
    }

    // Options

    @Test
    void clientThatAsksForNothingGetsTheUsual() {
        Reply offer = net.offer(Guest.number(1));
        assertEquals(List.of(53, 54, 51, 58, 59, 1, 3, 6, 28, 26), offer.order());
        assertEquals("ffffff00", offer.option(1));
        assertEquals("0a000001", offer.option(3));
        assertEquals("0a000035", offer.option(6));
        assertEquals("0a0000ff", offer.option(28));
        assertEquals("05aa", offer.option(26));
    }

    @Test
    void orderOfTheRequestListIsKept() {
        Reply offer = net.offer(Guest.number(1).asksFor(26, 6, 3, 1, 200, 51, 53, 6));
        assertEquals(List.of(53, 54, 51, 58, 59, 1, 26, 6, 3), offer.order());
    }

    @Test
    void mtuIsToldEvenIfNotAskedFor() {
        assertEquals(
                List.of(53, 54, 51, 58, 59, 1, 3, 26),
                net.offer(Guest.number(1).asksFor(3)).order());
    }

    @Test
    void everythingThatIsConfiguredIsGivenToWhoAsks() {
        DhcpNetwork full = new DhcpNetwork(subnet(10)
                .domain("example.com")
                .search(List.of("example.com", "lab.example.com"))
                .ntp(List.of(ip("10.0.0.123"), ip("10.0.0.124")))
                .routes(ROUTES)
                .build());
        Reply offer = full.offer(Guest.number(1).asksFor(1, 3, 6, 15, 26, 42, 119, 121, 249));
        assertEquals("6578616d706c652e636f6d", offer.option(15));
        assertEquals("0a00007b0a00007c", offer.option(42));
        // RFC 3397 with a pointer to offset 0
        assertEquals("076578616d706c6503636f6d00036c6162c000", offer.option(119));
        // RFC 3442: 172.16/12 by 10.0.0.254, and the default route by the gateway
        assertEquals("0cac100a0000fe000a000001", offer.option(121));
        assertEquals(offer.option(121), offer.option(249));
        assertFalse(full.offer(Guest.number(2)).options().containsKey(121), "only for those who ask");
    }

    /** A router that is on the link and not in the subnet: the kernel wants to know that before a route by it. */
    @Test
    void gatewayOutsideTheSubnetIsToldToBeOnTheLink() {
        DhcpNetwork outside = new DhcpNetwork(
                subnet(10).gateway(ip("192.0.2.1")).routes(ROUTES).build());
        Reply offer = outside.offer(Guest.number(1).asksFor(1, 3, 121, 249));
        assertEquals("c0000201", offer.option(3));
        // 192.0.2.1/32 on-link, 172.16/12 by 10.0.0.254, default by 192.0.2.1
        assertEquals("20c000020100000000" + "0cac100a0000fe" + "00c0000201", offer.option(121));
        assertEquals(offer.option(121), offer.option(249));
        DhcpNetwork covered = new DhcpNetwork(subnet(10)
                .gateway(ip("192.0.2.1"))
                .routes(List.of(new DhcpSubnet.Route(ip("192.0.2.0"), 24, ip("0.0.0.0"))))
                .build());
        assertEquals(
                "18c0000200000000" + "00c0000201",
                covered.offer(Guest.number(1).asksFor(121)).option(121),
                "said by the configuration already");
    }

    @Test
    void subnetsOfOneAddressShareAServerOutside() {
        DhcpNetwork routed = new DhcpNetwork(
                DhcpSubnet.builder("203.0.113.5/32", "169.254.0.2")
                        .gateway(ip("169.254.0.1"))
                        .reserve(new MacAddress(0x0200_0000_0005L), ip("203.0.113.5"), null)
                        .build(),
                DhcpSubnet.builder("203.0.113.6/32", "169.254.0.2")
                        .gateway(ip("169.254.0.1"))
                        .reserve(new MacAddress(0x0200_0000_0006L), ip("203.0.113.6"), null)
                        .build());
        Reply offer = routed.offer(Guest.number(6).asksFor(1, 3, 28, 121));
        assertEquals("203.0.113.6", offer.yiaddr());
        assertEquals("ffffffff", offer.option(1));
        assertEquals("a9fe0001", offer.option(3));
        assertFalse(offer.options().containsKey(28), "there is no broadcast address");
        assertEquals("20a9fe000100000000" + "20a9fe000200000000" + "00a9fe0001", offer.option(121));
        routed.expect(MessageType.ACK, Guest.number(6).selecting("169.254.0.2", "203.0.113.6"));
        routed.expect(MessageType.ACK, Guest.number(6).renewing("169.254.0.2", "203.0.113.6"));
        Reply nak = routed.expect(MessageType.NAK, Guest.number(6).initReboot("203.0.113.5"));
        assertEquals("a9fe0002", nak.option(54));
    }

    @Test
    void clientIdentifierIsEchoed() {
        Reply offer = net.offer(Guest.number(1).clientId("ff 00112233 0001 0002"));
        assertEquals("ff0011223300010002", offer.option(61));
        Reply nak = net.expect(
                MessageType.NAK, Guest.number(1).initReboot("10.1.1.1").clientId("00 6162"));
        assertEquals("006162", nak.option(61));
    }

    @Test
    void shorterLeaseThanConfiguredMayBeAskedFor() {
        assertEquals(600, net.offer(Guest.number(1).option(51, "00000258")).number(51));
        assertEquals(3600, net.offer(Guest.number(2).option(51, "ffffffff")).number(51));
        assertEquals(120, net.offer(Guest.number(3).option(51, "00000000")).number(51), "but not one of nothing");
    }

    @Test
    void infiniteLeaseHasNoTimesToRenewAndNeverEnds() {
        DhcpNetwork forever = new DhcpNetwork(
                subnet(10).leaseSeconds(DhcpSubnet.INFINITE_LEASE).build());
        Reply offer = forever.offer(Guest.number(1));
        assertEquals("ffffffff", offer.option(51));
        assertFalse(offer.options().containsKey(58) || offer.options().containsKey(59));
        forever.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, offer.yiaddr()));
        forever.pass(Long.MAX_VALUE / 2);
        forever.tick();
        assertEquals(LeaseState.BOUND, forever.state(offer.yiaddr()));
    }

    @ParameterizedTest
    @ValueSource(ints = {576, 700, 1000, 1500, 65535, 0, 575})
    void replyIsNoLongerThanTheClientTakes(int maxMessageBytes) {
        DhcpNetwork full = new DhcpNetwork(manyOptions());
        Guest guest = Guest.number(1).asksFor(1, 3, 6, 15, 26, 42, 119, 121, 249);
        if (maxMessageBytes > 0) {
            guest.option(57, (byte) (maxMessageBytes >>> 8), (byte) maxMessageBytes);
        }
        Reply offer = full.offer(guest);
        int most = Math.min(1450, Math.max(maxMessageBytes, 576)) - 28;
        assertTrue(offer.messageBytes() <= most, offer.messageBytes() + " of " + most);
        boolean all = most >= 1422;
        assertEquals(all ? 0 : 1, full.count(DhcpCounter.OPTIONS_OMITTED));
        assertEquals(all, offer.options().containsKey(249));
        // what was asked for first is there, and whole
        assertEquals(63 * 8, offer.option(6).length());
        assertEquals("05aa", offer.option(26), "found room in the file field if nowhere else");
    }

    @Test
    void optionsSpillIntoFileAndSname() {
        DhcpNetwork full = new DhcpNetwork(manyOptions());
        Reply offer = full.offer(Guest.number(1).asksFor(6, 15, 42));
        assertEquals("03", offer.option(52));
        assertEquals(2 * 100, offer.option(15).length());
        assertEquals(8 * 14, offer.option(42).length());
    }

    /**
     * 63 name servers (254 bytes), a domain of 100 bytes, 14 time servers (58), 38 routes (above 255 bytes), a long
     * search list.
     */
    private static DhcpSubnet manyOptions() {
        List<IpAddress> dns = new ArrayList<>();
        List<DhcpSubnet.Route> routes = new ArrayList<>();
        for (int i = 0; i < 63; i++) {
            dns.add(IpAddress.ofIpv4(0x0a00_0100 + i));
        }
        for (int i = 0; i < 38; i++) {
            routes.add(new DhcpSubnet.Route(IpAddress.ofIpv4(0xac10_0000 + (i << 8)), 24, ip("10.0.0.254")));
        }
        String label = "a".repeat(49);
        return subnet(10)
                .dns(dns)
                .ntp(dns.subList(0, 14))
                .domain(label + "." + label + "b")
                .search(List.of(label + ".example.com"))
                .routes(routes)
                .build();
    }

    @Test
    void longRoutesComeInPieces() {
        DhcpNetwork full = new DhcpNetwork(manyOptions());
        Reply offer = full.offer(Guest.number(1).asksFor(121).option(57, "05dc"));
        assertEquals(2 * (38 * 8 + 5), offer.option(121).length());
        assertEquals(2, offer.order().stream().filter(code -> code == 121).count(), "RFC 3396");
    }

    @Test
    void bufferWithoutRoomIsNoCrash() {
        byte[] bytes = Guest.number(1).discover().builder().bytes();
        Frame tight = Hex.frame(bytes, 0);
        assertEquals(DhcpOutcome.NO_ROOM, net.answer(tight));
        assertArrayEquals(bytes, Hex.bytes(tight));
    }
}
