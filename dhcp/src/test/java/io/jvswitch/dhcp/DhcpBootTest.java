package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.ip;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.DhcpBoot;
import io.jvswitch.dhcp.subnet.DhcpOption;
import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.dhcp.subnet.OptionCode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients boot from, options by number, and what relays and clients without IPv4 are told. */
final class DhcpBootTest {

    private static final Map<Integer, String> UEFI = Map.of(7, "ipxe.efi", 16, "http://10.0.0.9/shim.efi");

    private static DhcpNetwork booting(@Nullable String serverName, String file) {
        return new DhcpNetwork(subnet(10)
                .boot(new DhcpBoot(ip("10.0.0.9"), serverName, file, UEFI, "http://10.0.0.9/boot.ipxe"))
                .build());
    }

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.US_ASCII);
    }

    /** The fields are for boot ROMs that know no options; the options for those who ask. */
    @Test
    void nextServerAndFileStandInTheirFieldsAndInOptions() {
        DhcpNetwork net = booting(null, "undionly.kpxe");
        Reply offer = net.offer(Guest.number(1).asksFor(1, 3, 66, 67, 150));
        assertEquals("10.0.0.9", offer.siaddr());
        assertEquals("undionly.kpxe", offer.file());
        assertEquals("", offer.sname());
        assertEquals("10.0.0.9", text(offer.option(66)));
        assertEquals("undionly.kpxe", text(offer.option(67)));
        assertEquals("0a000009", offer.option(150));
        Reply ack = net.expect(MessageType.ACK, Guest.number(1).selecting(SERVER, offer.yiaddr()));
        assertEquals("10.0.0.9", ack.siaddr());
        assertEquals("undionly.kpxe", ack.file());
        assertFalse(ack.options().containsKey(67), "not asked for");
        Reply nak = net.expect(MessageType.NAK, Guest.number(1).initReboot("10.9.9.9"));
        assertEquals("0.0.0.0", nak.siaddr());
        assertEquals("", nak.file());
    }

    @Test
    void serversNameGoesWithItsAddress() {
        Reply offer = booting("tftp.example.com", "x").offer(Guest.number(1).asksFor(66));
        assertEquals("tftp.example.com", offer.sname());
        assertEquals("tftp.example.com", text(offer.option(66)));
        assertEquals("10.0.0.9", offer.siaddr());
    }

    /** The field holds 127 characters and a zero byte. */
    @ParameterizedTest
    @CsvSource({"127, true", "128, false", "255, false"})
    void longNameStandsInTheOptionOnly(int length, boolean inField) {
        String file = "f".repeat(length);
        Reply offer = booting(null, file).offer(Guest.number(1).asksFor(67));
        assertEquals(inField ? file : "", offer.file());
        assertEquals(file, text(offer.option(67)));
    }

    @Test
    void clientsOfANetworkThatBootsNothingAreToldNothing() {
        Reply offer = new DhcpNetwork(subnet(10).build()).offer(Guest.number(1).asksFor(66, 67, 150, 108));
        assertEquals("0.0.0.0", offer.siaddr());
        assertEquals("", offer.file());
        assertFalse(offer.options().containsKey(66)
                || offer.options().containsKey(67)
                || offer.options().containsKey(150));
        assertFalse(offer.options().containsKey(108));
    }

    /** iPXE sends its class bare, as no RFC has it; others with lengths (RFC 3004). */
    @ParameterizedTest
    @ValueSource(strings = {"69505845", "0469505845", "036162630469505845"})
    void ipxeGetsItsScriptAndNotItselfAgain(String userClass) {
        Reply offer = booting(null, "undionly.kpxe")
                .offer(Guest.number(1).option(77, userClass).option(93, "0007").asksFor(67));
        assertEquals("http://10.0.0.9/boot.ipxe", offer.file());
        assertEquals("http://10.0.0.9/boot.ipxe", text(offer.option(67)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "04", "6950584500", "0469505844", "05695058", "00000000", "67505845", "0569505845"})
    void otherClassesAreNotIpxe(String userClass) {
        Reply offer = booting(null, "undionly.kpxe").offer(Guest.number(1).option(77, userClass));
        assertEquals("undionly.kpxe", offer.file());
    }

    @Test
    void machinesOfEachArchitectureGetTheirOwn() {
        DhcpNetwork net = booting(null, "undionly.kpxe");
        assertEquals(
                "undionly.kpxe", net.offer(Guest.number(1).option(93, "0000")).file());
        assertEquals("ipxe.efi", net.offer(Guest.number(2).option(93, "0007")).file());
        assertEquals(
                "ipxe.efi", net.offer(Guest.number(3).option(93, "00070009")).file());
        assertEquals(
                "undionly.kpxe", net.offer(Guest.number(4).option(93, "ffff")).file());
        assertEquals(
                "undionly.kpxe", net.offer(Guest.number(5).option(93, "07")).file(), "too short");
    }

    /** UEFI takes an offer for HTTP boot only with its class in it. */
    @Test
    void httpClientsClassIsReturned() {
        DhcpNetwork net = booting(null, "undionly.kpxe");
        String httpClient =
                HexFormat.of().formatHex("HTTPClient:Arch:00016:UNDI:003001".getBytes(StandardCharsets.US_ASCII));
        Reply offer = net.offer(
                Guest.number(1).option(60, httpClient).option(93, "0010").asksFor(1, 60));
        assertEquals("HTTPClient", text(offer.option(60)));
        assertEquals("http://10.0.0.9/shim.efi", text(offer.option(67)));
        String pxeClient =
                HexFormat.of().formatHex("PXEClient:Arch:00007:UNDI:003016".getBytes(StandardCharsets.US_ASCII));
        assertFalse(net.offer(
                        Guest.number(2).option(60, pxeClient).option(93, "0007").asksFor(1, 60))
                .options()
                .containsKey(60));
    }

    /** A field that names the file holds no options, unless the client asked for the name as an option. */
    @Test
    void bootFileKeepsItsFieldBeforeOptionsOverflowIntoIt() {
        DhcpSubnet.Builder crowded = subnet(10)
                .dns(java.util.Collections.nCopies(60, ip("10.0.0.53")))
                .ntp(java.util.Collections.nCopies(20, ip("10.0.0.123")));
        DhcpBoot boot = new DhcpBoot(ip("10.0.0.9"), null, "undionly.kpxe", Map.of(), null);
        DhcpNetwork net = new DhcpNetwork(crowded.boot(boot).build());
        Reply unasked = net.offer(Guest.number(1).asksFor(1, 3, 6, 42));
        assertEquals("undionly.kpxe", unasked.file());
        assertFalse(unasked.options().containsKey(42));
        Reply asked = net.offer(Guest.number(2).asksFor(1, 3, 6, 42, 67));
        assertEquals("undionly.kpxe", text(asked.option(67)));
        assertTrue(asked.options().containsKey(42), "in the file field");
    }

    @Test
    void optionsByNumberAreForThoseWhoAskAndSomeForAll() {
        DhcpNetwork net = new DhcpNetwork(subnet(10)
                .options(List.of(
                        new DhcpOption(43, "0104c0a80001", false),
                        new DhcpOption(209, "7078656c696e7578", true),
                        new DhcpOption(252, "00".repeat(300), false)))
                .build());
        Reply none = net.offer(Guest.number(1).asksFor(1, 3));
        assertFalse(none.options().containsKey(43));
        assertEquals("pxelinux", text(none.option(209)));
        Reply all = net.offer(Guest.number(2).asksFor(43, 252, 209).option(57, "05dc"));
        assertEquals("0104c0a80001", all.option(43));
        assertEquals(600, all.option(252).length(), "in pieces (RFC 3396)");
        assertEquals(1, all.order().stream().filter(code -> code == 209).count());
        for (int code : List.of(0, 1, 3, 12, 26, 51, 53, 54, 55, 61, 66, 67, 82, 121, 150, 249, 255, 256)) {
            assertThrows(IllegalArgumentException.class, () -> new DhcpOption(code, "00", false), "option " + code);
        }
    }

    /** RFC 8925, section 3.3: for a client that asks for it and no other; it may go on with its lease. */
    @Test
    void clientsThatCanDoWithoutIpv4AreToldSo() {
        DhcpNetwork net = new DhcpNetwork(subnet(10).ipv6OnlyWaitSeconds(1800).build());
        assertEquals(1800, net.offer(Guest.number(1).asksFor(1, 108)).number(108));
        assertFalse(net.offer(Guest.number(2).asksFor(1, 3)).options().containsKey(108));
        assertFalse(net.offer(Guest.number(3)).options().containsKey(108));
    }

    /** RFC 3527: the relay has an address elsewhere and says which subnet the client is in. */
    @Test
    void relayMaySayWhichSubnetItsClientIsIn() {
        DhcpNetwork net = new DhcpNetwork(
                subnet(10).build(),
                DhcpSubnet.builder("10.5.0.0/24", "10.5.0.2")
                        .pools(List.of(new DhcpSubnet.Range(ip("10.5.0.10"), ip("10.5.0.20"))))
                        .build());
        Guest relayed = Guest.number(1)
                .relayed("192.0.2.9", "02:00:00:00:00:99")
                .option(OptionCode.RELAY_INFORMATION, "0102abcd 05040a050001 0203000000");
        Reply offer = net.expect(MessageType.OFFER, relayed.discover(), DhcpNetwork.relay(1));
        assertTrue(offer.yiaddr().startsWith("10.5.0."), offer.yiaddr());
        assertEquals("192.0.2.9", offer.ipDestination(), "the reply goes to the relay all the same");
        assertEquals("192.0.2.9", offer.giaddr());
        assertEquals("0102abcd05040a0500010203000000", offer.option(OptionCode.RELAY_INFORMATION));
        for (String information : List.of("", "0503 0a0500", "05", "0504 0a05", "0104 05040a05")) {
            Guest other = Guest.number(2).discover().relayed("192.0.2.9", "02:00:00:00:00:99");
            if (!information.isEmpty()) {
                other.option(OptionCode.RELAY_INFORMATION, information);
            }
            assertEquals(DhcpOutcome.SILENT, net.answer(other.frame(), DhcpNetwork.relay(1)), information);
        }
        // A switch that only marks the circuit says nothing of subnets.
        Guest marked = Guest.number(3).discover().option(OptionCode.RELAY_INFORMATION, "05040a050001");
        assertTrue(net.expect(MessageType.OFFER, marked, DhcpNetwork.relay(1))
                .yiaddr()
                .startsWith("10.0.0."));
    }

    @Test
    void whatCannotBeSentIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> booting(null, ""));
        assertThrows(IllegalArgumentException.class, () -> booting(null, "f".repeat(256)));
        assertThrows(IllegalArgumentException.class, () -> booting(null, "\u00fcber"));
        assertThrows(IllegalArgumentException.class, () -> booting("a\0b", "x"));
        assertThrows(IllegalArgumentException.class, () -> new DhcpBoot(ip("::1"), null, "x", Map.of(), null));
    }
}
