package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.ip;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.DhcpBoot;
import io.jvswitch.dhcp.subnet.DhcpOption;
import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.dhcp.subnet.OptionEncoding;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.testing.Hex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies whose options are more than the options field holds. */
final class ReplyOptionsTest {

    /** So many routes take eight bytes each in option 121, and the default route five more. */
    static List<DhcpSubnet.Route> routes(int count) {
        List<DhcpSubnet.Route> routes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            routes.add(new DhcpSubnet.Route(IpAddress.ofIpv4(0xac10_0000 + (i << 8)), 24, ip("10.0.0.254")));
        }
        return routes;
    }

    private static String routesHex(int count) {
        List<DhcpSubnet.Route> all = routes(count);
        all.add(new DhcpSubnet.Route(ip("0.0.0.0"), 0, ip("10.0.0.1")));
        return Hex.text(OptionEncoding.classlessRoutes(all)).replaceAll("\\s", "");
    }

    @Test
    void whatFitsKeepsTheClientsOrder() {
        DhcpNetwork net = new DhcpNetwork(subnet(10).routes(routes(20)).build());
        Reply offer = net.offer(Guest.number(1).asksFor(121, 6, 3));
        assertEquals(List.of(53, 54, 51, 58, 59, 1, 121, 6, 3, 26), offer.order());
    }

    /** 281 bytes of 304, and those of other options that a client must find there leave no room for it further on. */
    @Test
    void longRoutesGoFirstAndTheRestOverflows() {
        DhcpNetwork net = new DhcpNetwork(subnet(10)
                .routes(routes(34))
                .domain("example.com")
                .search(List.of("example.com", "lab.example.com"))
                .build());
        Reply offer = net.offer(Guest.number(1).asksFor(1, 3, 6, 15, 26, 119, 121));
        assertEquals(routesHex(34), offer.option(121));
        assertEquals(
                List.of(53, 54, 51, 121),
                offer.order().stream().distinct().limit(4).toList());
        for (int code : List.of(1, 3, 6, 15, 26, 51, 53, 54, 58, 59, 119)) {
            assertTrue(offer.options().containsKey(code), "option " + code + " in " + offer.order());
        }
        assertEquals(1, offer.number(52), "in the file field");
        assertEquals(0, net.count(DhcpCounter.OPTIONS_OMITTED));
        assertEquals(List.of(), net.events.warnings);
    }

    /** RFC 3396: what fits into no field whole comes in pieces, in the order of options, file and sname. */
    @ParameterizedTest
    @ValueSource(ints = {37, 38, 45, 54})
    void longerRoutesAreSplitOverTheFields(int count) {
        DhcpNetwork net = new DhcpNetwork(subnet(10).routes(routes(count)).build());
        Reply offer = net.offer(Guest.number(1).asksFor(1, 3, 6, 26, 121));
        assertEquals(routesHex(count), offer.option(121));
        assertTrue(offer.order().stream().filter(code -> code == 121).count() >= 2);
        for (int code : List.of(1, 3, 6, 26)) {
            assertTrue(offer.options().containsKey(code), "option " + code + " in " + offer.order());
        }
        assertEquals(0, net.count(DhcpCounter.OPTIONS_OMITTED));
    }

    @Test
    void whatIsLeftOutIsTheLeastImportantAndSaid() {
        DhcpNetwork net = new DhcpNetwork(subnet(10)
                .routes(routes(45))
                .domain("example.com")
                .ntp(Collections.nCopies(20, ip("10.0.0.123")))
                .build());
        Guest guest = Guest.number(1).asksFor(249, 42, 121, 26, 15, 6, 3, 1);
        Reply offer = net.offer(guest);
        assertEquals(routesHex(45), offer.option(121));
        assertEquals("6578616d706c652e636f6d", offer.option(15));
        for (int code : List.of(1, 3, 6, 26, 51)) {
            assertTrue(offer.options().containsKey(code), "option " + code + " in " + offer.order());
        }
        assertFalse(
                offer.options().containsKey(42) || offer.options().containsKey(249),
                offer.order().toString());
        assertEquals(
                List.of("DHCP client 02:00:00:00:00:01 on port 1 takes replies of 576 bytes, which had no room for "
                        + "these "
                        + "options: 42, 249. Shorten what subnet 10.0.0.0/24 tells its guests (routes, "
                        + "search, dns, "
                        + "dhcp.options)"),
                net.events.warnings);
        net.offer(guest);
        assertEquals(2, net.count(DhcpCounter.OPTIONS_OMITTED));
        assertEquals(1, net.events.warnings.size(), "once a minute");
        assertTrue(net.offer(guest.option(57, "05aa")).options().containsKey(42), "a client that takes more gets all");
    }

    /** A client that knows no option that may come in pieces takes the first piece for the whole. */
    @Test
    void nothingIsSplitForAClientThatMayNotPutItTogether() {
        DhcpNetwork net = new DhcpNetwork(subnet(10)
                .dns(Collections.nCopies(60, ip("10.0.0.53")))
                .ntp(Collections.nCopies(60, ip("10.0.0.123")))
                .build());
        Reply offer = net.offer(Guest.number(1).asksFor(1, 3, 6, 42));
        assertEquals(8 * 60, offer.option(6).length());
        assertEquals("", offer.option(42));
        assertEquals(1, net.count(DhcpCounter.OPTIONS_OMITTED));
    }

    /**
     * Whatever is configured and asked for: an option comes whole or not at all, and no reply is longer than it may be.
     */
    @Test
    void optionsComeWholeOrNotAtAll() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2000; round++) {
            DhcpSubnet.Builder builder = subnet(10);
            List<DhcpOption> options = new ArrayList<>();
            for (int code = 128; code < 128 + random.nextInt(12); code++) {
                if (code != 150) {
                    String value = "ab".repeat(1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 60));
                    options.add(new DhcpOption(code, value, random.nextBoolean()));
                }
            }
            builder.options(options).routes(routes(random.nextInt(60)));
            if (random.nextInt(3) == 0) {
                builder.boot(new DhcpBoot(
                        ip("10.0.0.9"), "tftp", "a".repeat(1 + random.nextInt(200)), java.util.Map.of(), null));
            }
            DhcpNetwork net = new DhcpNetwork(builder.build());
            int limit = 576 + random.nextInt(2) * random.nextInt(1000);
            Guest guest = Guest.number(1).option(57, (byte) (limit >>> 8), (byte) limit);
            if (random.nextBoolean()) {
                guest.asksFor(121, 249, 66, 67, 128, 129, 130, 131, 132, 133, 1, 3, 6);
            } else {
                guest.asksFor(1, 3, 6, 133, 132, 131, 130, 129, 128, 67);
            }
            String what = "seed " + seed + " round " + round;
            Reply offer = net.offer(guest);
            assertTrue(offer.messageBytes() <= Math.max(300, Math.min(1450, limit) - 28), what);
            assertTrue(offer.options().keySet().containsAll(List.of(1, 3, 51, 53, 54)), what);
            SubnetOptions all = new SubnetOptions(net.responder.subnets().getFirst());
            offer.options().forEach((code, value) -> {
                byte[] expected = all.get(code);
                if (expected != null && code != 66) {
                    StringBuilder whole = new StringBuilder();
                    for (int at = 0; at < expected.length; at += 2 + (expected[at + 1] & 0xff)) {
                        whole.append(Hex.text(
                                java.util.Arrays.copyOfRange(expected, at + 2, at + 2 + (expected[at + 1] & 0xff))));
                    }
                    assertEquals(whole.toString().replaceAll("\\s", ""), value, what + " option " + code);
                }
            });
        }
    }
}
