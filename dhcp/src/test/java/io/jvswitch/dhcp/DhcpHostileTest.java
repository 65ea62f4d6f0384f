package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What broken and hostile guests send. */
final class DhcpHostileTest {

    @TempDir
    Path directory;

    private final DhcpNetwork net = new DhcpNetwork(subnet(100).build());

    // Bytes

    @Test
    void everyTruncationIsInvalidAndLeavesTheFrameAsItWas() {
        byte[] whole =
                Guest.number(1).discover().clientId("01 020000000001").builder().bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            Frame frame = Guest.frame(cut, 1);
            assertEquals(DhcpOutcome.INVALID, net.answer(frame), "length " + length);
            assertArrayEquals(cut, Hex.bytes(frame));
        }
        assertEquals(whole.length, net.count(DhcpCounter.RX_INVALID));
    }

    @Test
    void messageCutWithItsLengthsRightIsReadAsFarAsItsOptionsAreWhole() {
        byte[] message = Guest.number(1).discover().clientId("01 020000000001").message();
        for (int length = 0; length <= message.length; length++) {
            Frame frame = Guest.frame(udp(Arrays.copyOf(message, length)), 1);
            // behind the fixed part and cookie: type, identifier, end; a missing end is forgiven
            boolean whole = length == 240 || length == 243 || length >= 252;
            DhcpOutcome expected =
                    !whole ? DhcpOutcome.INVALID : length == 240 ? DhcpOutcome.SILENT : DhcpOutcome.REPLY;
            assertEquals(expected, net.answer(frame), "length " + length);
        }
    }

    private static byte[] udp(byte[] message) {
        return Frames.ethernet("02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff")
                .ipv4("0.0.0.0", "255.255.255.255")
                .udp(68, 67)
                .payload(message)
                .bytes();
    }

    @Test
    void optionsThatCannotBeReadAreInvalid() {
        for (Guest guest : List.of(
                Guest.number(1).option(53, "00"),
                Guest.number(1).discover().option(82, new byte[200]).option(82, new byte[56]))) {
            assertEquals(DhcpOutcome.INVALID, net.outcome(guest));
        }
        assertEquals(List.of(), net.responder.leases());
    }

    @Test
    void optionsInPiecesAndInOverloadedFieldsAreRead() {
        Guest pieces =
                Guest.number(1).discover().option(61, "ff01").option(61, "0203").option(61, "04");
        assertEquals("ff01020304", net.offer(pieces).option(61));
        byte[] message = Guest.number(2).option(52, "03").message();
        System.arraycopy(Hex.bytes("3704 0306 1a01 ff"), 0, message, 108, 7);
        System.arraycopy(Hex.bytes("3501 01 ff"), 0, message, 44, 4);
        byte[] bytes = udp(message);
        bytes[11] = 2;
        Frame frame = Guest.frame(bytes, 2);
        assertEquals(DhcpOutcome.REPLY, net.answer(frame));
        assertEquals(List.of(53, 54, 51, 58, 59, 1, 3, 6, 26), Reply.of(frame).order());
    }

    @Test
    void longestOptionsOfAllAreAnsweredWithinTheLimit() {
        Guest guest = Guest.number(1)
                .discover()
                .option(61, new byte[255])
                .option(82, new byte[255])
                .option(55, new byte[255])
                .option(55, new byte[255])
                .option(12, new byte[255]);
        Reply offer = net.expect(MessageType.OFFER, guest, DhcpNetwork.relay(1));
        assertTrue(offer.messageBytes() <= 548);
        assertEquals(510, offer.option(82).length(), "relay information must come back");
        assertEquals(1, net.count(DhcpCounter.OPTIONS_OMITTED), "the identifier found no room");
    }

    @Test
    void wrongChecksumsAndHeadersAreInvalid() {
        Frame udp =
                Guest.frame(Guest.number(1).discover().builder().badChecksum().bytes(), 1);
        assertEquals(DhcpOutcome.INVALID, net.answer(udp));
        Frame ip = Guest.frame(
                Guest.number(1).discover().builder().poke(24, "0000").bytes(), 1);
        assertEquals(DhcpOutcome.INVALID, net.answer(ip));
        Frame none = Guest.frame(
                Guest.number(1).discover().builder().withoutChecksum().bytes(), 1);
        assertEquals(DhcpOutcome.REPLY, net.answer(none), "RFC 768: no checksum is no wrong one");
        Frame partial = Guest.number(1).discover().builder().partialChecksum().frame();
        partial.setInPort(1);
        Frame room = Guest.frame(Hex.bytes(partial), 1);
        room.setChecksum(Frame.CSUM_PARTIAL, room.start() + 34, 6);
        assertEquals(DhcpOutcome.REPLY, net.answer(room), "a guest's kernel leaves it to us");
        Frame fragment = Guest.frame(
                Frames.ethernet("02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff")
                        .ipv4("0.0.0.0", "255.255.255.255")
                        .fragment(0, true)
                        .udp(68, 67)
                        .payload(Guest.number(1).discover().message())
                        .bytes(),
                1);
        assertEquals(DhcpOutcome.INVALID, net.answer(fragment));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0: 02", "2: 10", "1: 00", "1: 20", "2: 00", "28: 03", "28: 000000000000", "236: 63825364"})
    void fixedPartOfAnotherKindIsInvalid(String poke) {
        byte[] message = Guest.number(1).discover().message();
        int at = Integer.parseInt(poke.substring(0, poke.indexOf(':')));
        byte[] bytes = Hex.bytes(poke.substring(poke.indexOf(':') + 1));
        System.arraycopy(bytes, 0, message, at, bytes.length);
        assertEquals(DhcpOutcome.INVALID, net.answer(Guest.frame(udp(message), 1)));
    }

    @Test
    void ipOptionsAreLeftOut() {
        byte[] bytes = Frames.ethernet("02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff")
                .ipv4("0.0.0.0", "255.255.255.255")
                .ipOptions("94040000")
                .udp(68, 67)
                .payload(Guest.number(1).discover().message())
                .bytes();
        Frame frame = Guest.frame(bytes, 1);
        assertEquals(DhcpOutcome.REPLY, net.answer(frame));
        Reply.of(frame);
    }

    @Test
    void randomDamageNeverThrowsAndEveryReplyIsSound() {
        RandomGenerator random = Seed.random(DhcpHostileTest.class);
        RandomFrames mutator = new RandomFrames(random);
        int replies = 0;
        for (int i = 0; i < 10_000; i++) {
            int number = 1 + random.nextInt(20);
            byte[] request = switch (random.nextInt(5)) {
                case 0 ->
                    Guest.number(number)
                            .selecting(SERVER, "10.0.0." + (100 + random.nextInt(100)))
                            .message();
                case 1 ->
                    Guest.number(number)
                            .renewing(SERVER, "10.0.0." + (100 + random.nextInt(100)))
                            .message();
                case 2 ->
                    Guest.number(number)
                            .decline(SERVER, "10.0.0." + (100 + random.nextInt(100)))
                            .message();
                case 3 ->
                    Guest.number(number)
                            .release(SERVER, "10.0.0." + (100 + random.nextInt(100)))
                            .message();
                default -> Guest.number(number).discover().clientId("ff0102").message();
            };
            // damage the message under correct checksums, so that it is looked into; and sometimes the whole frame
            byte[] bytes = udp(mutator.mutate(request));
            System.arraycopy(new byte[] {(byte) number}, 0, bytes, 11, 1);
            if (random.nextInt(4) == 0) {
                bytes = mutator.mutate(bytes);
            }
            Frame frame = Guest.frame(bytes, number);
            net.pass(random.nextInt(10_000));
            if (net.answer(frame) == DhcpOutcome.REPLY) {
                Reply.of(frame);
                replies++;
            }
        }
        assertTrue(replies > 500, "damage so heavy that nothing was tested: " + replies);
    }

    // Deeds

    @Test
    void hardwareAddressMustBeTheSenders() {
        assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(1).discover().ethernetSource("02:00:00:00:00:02")));
        assertEquals(1, net.count(DhcpCounter.CHADDR_MISMATCH));
    }

    @Test
    void floodOfDiscoversFromOnePortHoldsAFewAddressesOnly() {
        for (int i = 0; i < 10_000; i++) {
            assertNotNull(net.ask(new Guest(0x0200_1000_0000L + i, 1).discover()));
        }
        assertEquals(Allocator.OFFERS_PER_PORT, net.responder.leases().size());
        assertEquals(10_000 - Allocator.OFFERS_PER_PORT, net.count(DhcpCounter.HOLD_RECYCLED));
        net.pass(DhcpResponder.HOLD_MS);
        net.tick();
        assertEquals(List.of(), net.responder.leases());
    }

    @Test
    void guestThatLeasesUnderManyNamesLeavesAddressesForOthers() {
        int leased = 0;
        for (int i = 0; i < 200; i++) {
            Guest made = new Guest(0x0200_1000_0000L + i, 1);
            Reply offer = net.ask(made.discover());
            if (offer != null) {
                net.expect(MessageType.ACK, new Guest(made.mac, 1).selecting(SERVER, offer.yiaddr()));
                leased++;
            }
        }
        assertEquals(75, leased, "three quarters of 100");
        assertEquals(125, net.count(DhcpCounter.PORT_LIMIT));
        assertEquals(1, net.events.warnings.size(), "told once: " + net.events.warnings);
        assertNotNull(net.ask(new Guest(0x0200_0000_0005L, 2).discover()));
    }

    /** At least one address is left to the others, where there is more than one. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 2", "4, 3", "5, 4", "8, 6"})
    void smallPoolIsNoOnesAlone(int addresses, int most) {
        DhcpNetwork small = new DhcpNetwork(subnet(addresses).build());
        assertEquals(most, leaseAll(small, 1));
        assertEquals(addresses > 1 ? 1 : 0, Math.min(1, leaseAll(small, 2)));
    }

    /** As many leases as a port can get under made-up addresses. */
    private static int leaseAll(DhcpNetwork network, int port) {
        int leased = 0;
        for (int i = 0; i < 200; i++) {
            Guest made = new Guest(0x0200_1000_0000L + 1000L * port + i, port);
            Reply offer = network.ask(made.discover());
            if (offer != null) {
                network.expect(MessageType.ACK, new Guest(made.mac, port).selecting(SERVER, offer.yiaddr()));
                leased++;
            }
        }
        return leased;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 100})
    void portsShareIsNoLargerAfterARestart(int addresses) throws IOException {
        Path file = directory.resolve("leases");
        RecordingEvents events = new RecordingEvents();
        DhcpNetwork before =
                new DhcpNetwork(LeaseStore.open(file, events), subnet(addresses).build());
        int share = leaseAll(before, 1);
        before.responder.close();
        // Numbers are given anew at each start; the name is the port's.
        DhcpNetwork after =
                new DhcpNetwork(LeaseStore.open(file, events), subnet(addresses).build());
        DhcpPort samePort = DhcpNetwork.port(1);
        for (int i = 0; i < 20; i++) {
            Frame frame = new Guest(0x0200_2000_0000L + i, 77).discover().frame();
            assertEquals(DhcpOutcome.SILENT, after.answer(frame, samePort));
        }
        assertEquals(20, after.count(DhcpCounter.PORT_LIMIT));
        assertNotNull(after.ask(Guest.number(2).discover()), "another port");
        // its clients are its own again
        Guest former = new Guest(0x0200_1000_0000L + 1000, 77);
        DhcpLease lease = after.responder.leases().stream()
                .filter(each -> each.mac().bits() == former.mac)
                .findFirst()
                .orElseThrow();
        Guest elsewhere = new Guest(former.mac, 2);
        assertEquals(
                DhcpOutcome.SILENT,
                after.outcome(elsewhere.release(SERVER, lease.ip().toString())));
        assertEquals(1, after.count(DhcpCounter.NOT_HOLDER));
        assertEquals(share, after.responder.boundLeases());
        after.responder.close();
    }

    @Test
    void quarantineCountsAgainstItsPortAfterARestart() throws IOException {
        Path file = directory.resolve("leases");
        RecordingEvents events = new RecordingEvents();
        DhcpNetwork before =
                new DhcpNetwork(LeaseStore.open(file, events), subnet(2).build());
        String leased = before.lease(1);
        before.outcome(Guest.number(1).decline(SERVER, leased));
        before.responder.close();
        DhcpNetwork after =
                new DhcpNetwork(LeaseStore.open(file, events), subnet(2).build());
        assertNull(after.ask(Guest.number(1).discover()));
        assertNotNull(after.ask(Guest.number(2).discover()));
        after.responder.close();
    }

    @Test
    void numberThatIsAnotherPortsIsChargedWithNothing() throws IOException {
        Path file = directory.resolve("leases");
        RecordingEvents events = new RecordingEvents();
        DhcpNetwork before =
                new DhcpNetwork(LeaseStore.open(file, events), subnet(4).build());
        leaseAll(before, 1);
        before.responder.forgetPort(1);
        assertNotNull(before.ask(new Guest(0x0200_3000_0000L, 1).discover()));
        before.responder.close();
    }

    /** Guests inside a guest that were cloned take turns with one address. */
    @Test
    void identifierOfTwoMachinesBehindOnePortIsWarnedOf() {
        String leased = net.offer(Guest.number(1).clientId("ff 0102")).yiaddr();
        net.expect(MessageType.ACK, Guest.number(1).clientId("ff 0102").selecting(SERVER, leased));
        assertEquals(List.of(), net.events.warnings);
        Guest clone = new Guest(0x0200_0000_0077L, 1).clientId("ff 0102");
        assertEquals(leased, net.offer(clone).yiaddr());
        assertEquals(1, net.events.warnings.size());
        String warning = net.events.warnings.getFirst();
        for (String part :
                new String[] {"02:00:00:00:00:77", "02:00:00:00:00:01", "port 1", leased, "/etc/machine-id"}) {
            assertTrue(warning.contains(part), warning);
        }
        assertEquals(1, net.count(DhcpCounter.CLIENT_ID_SHARED));
    }

    @Test
    void quarantineCountsAgainstThePortThatCausedIt() {
        for (int i = 0; i < 200; i++) {
            Guest made = new Guest(0x0200_1000_0000L + i, 1);
            Reply offer = net.ask(made.discover());
            if (offer != null) {
                net.outcome(new Guest(made.mac, 1).decline(SERVER, offer.yiaddr()));
            }
        }
        assertEquals(75, net.count(DhcpCounter.ADDRESS_DECLINED));
        assertNotNull(net.ask(new Guest(0x0200_0000_0005L, 2).discover()));
    }

    @Test
    void limitCanBeConfigured() {
        DhcpNetwork one = new DhcpNetwork(subnet(100).leasesPerPort(1).build());
        Reply offer = one.offer(new Guest(0x0200_0000_0001L, 1));
        one.expect(MessageType.ACK, new Guest(0x0200_0000_0001L, 1).selecting(SERVER, offer.yiaddr()));
        assertNull(one.ask(new Guest(0x0200_0000_0002L, 1).discover()));
        assertNotNull(one.ask(new Guest(0x0200_0000_0002L, 2).discover()));
    }

    @Test
    void anothersIdentifierDoesNotGetItsAddress() {
        Guest first = Guest.number(1).clientId("ff 0102030405");
        String leased = net.offer(first).yiaddr();
        net.expect(MessageType.ACK, Guest.number(1).clientId("ff 0102030405").selecting(SERVER, leased));

        // a clone on another port, with a MAC of its own
        String clones = net.offer(Guest.number(2).clientId("ff 0102030405")).yiaddr();
        assertNotEquals(leased, clones);
        assertEquals(1, net.count(DhcpCounter.CLIENT_ID_SHARED));
        assertTrue(net.events.warnings.getFirst().contains("/etc/machine-id"));
        net.expect(MessageType.ACK, Guest.number(2).clientId("ff 0102030405").selecting(SERVER, clones));
        net.expect(MessageType.ACK, Guest.number(2).clientId("ff 0102030405").renewing(SERVER, clones));
        net.expect(MessageType.NAK, Guest.number(2).clientId("ff 0102030405").renewing(SERVER, leased));
        net.outcome(Guest.number(2).clientId("ff 0102030405").release(SERVER, leased));
        assertEquals(LeaseState.BOUND, net.state(leased));
        net.expect(MessageType.ACK, Guest.number(1).clientId("ff 0102030405").renewing(SERVER, leased));
        assertEquals(
                clones, net.offer(Guest.number(2).clientId("ff 0102030405")).yiaddr());
    }

    @Test
    void identifierIsTheClientNotItsMac() {
        String leased = net.offer(Guest.number(1).clientId("ff 0102")).yiaddr();
        net.expect(MessageType.ACK, Guest.number(1).clientId("ff 0102").selecting(SERVER, leased));
        // a new network card behind the same port
        Guest newCard = new Guest(0x0200_0000_0077L, 1).clientId("ff 0102");
        assertEquals(leased, net.offer(newCard).yiaddr());
        net.events.bindings.clear();
        net.expect(
                MessageType.ACK,
                new Guest(0x0200_0000_0077L, 1).clientId("ff 0102").selecting(SERVER, leased));
        assertEquals(
                List.of("-" + leased + " 02:00:00:00:00:01", "+" + leased + " 02:00:00:00:00:77 1"),
                net.events.bindings);
        // two clients behind one MAC (ipvlan) get an address each
        assertNotEquals(
                leased,
                net.offer(new Guest(0x0200_0000_0077L, 1).clientId("ff 0103")).yiaddr());
    }

    @Test
    void typeOneIdentifierWithTheMacIsNoOtherClient() {
        String leased = net.lease(1);
        assertEquals(
                leased, net.offer(Guest.number(1).clientId("01 020000000001")).yiaddr());
        assertEquals(leased, net.offer(Guest.number(1).clientId("07")).yiaddr(), "one byte names nobody");
    }

    @Test
    void hostNameOfAGuestCannotForgeLines() {
        Guest guest = Guest.number(1).option(12, Hex.bytes("61 0a 20 3d 62 00 ff 2d 2e 5f"));
        String leased = net.offer(guest).yiaddr();
        net.expect(
                MessageType.ACK,
                Guest.number(1)
                        .option(12, Hex.bytes("61 0a 20 3d 62 00 ff 2d 2e 5f"))
                        .selecting(SERVER, leased));
        DhcpLease lease = net.lease(leased);
        assertEquals("a---b---._", lease == null ? null : lease.hostname());
    }

    /** Right values: what is before the zero bytes (RFC 2132, section 2). */
    @ParameterizedTest
    @CsvSource({
        "766d3100, vm1",
        "766d310000000000, vm1",
        "00, ",
        "000000, ",
        "ff fe 20, ",
        "766d312e, vm1",
        "766d312e00, vm1",
        "2e, ",
        "76006d31, v-m1",
        "766d31 0a, vm1-",
        "1b5b33316d 76, --31mv"
    })
    void hostNameIsShownAsItIsMeant(String hex, String expected) {
        assertEquals(expected, nameOf(Hex.bytes(hex)));
    }

    private @Nullable String nameOf(byte[] sent) {
        String leased = net.offer(Guest.number(1)).yiaddr();
        net.expect(MessageType.ACK, Guest.number(1).option(12, sent).selecting(SERVER, leased));
        DhcpLease lease = net.lease(leased);
        return lease == null ? "no lease" : lease.hostname();
    }

    @Test
    void hostNameThatIsTooLongIsCutBehindALabel() {
        byte[] padded = Arrays.copyOf("vm1".getBytes(StandardCharsets.US_ASCII), 255);
        assertEquals("vm1", nameOf(padded));
        String label = "x".repeat(30);
        assertEquals(
                label + "." + label,
                nameOf((label + "." + label + ".example.com").getBytes(StandardCharsets.US_ASCII)));
        assertEquals("y".repeat(63), nameOf("y".repeat(100).getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void addressThatNoClientCanHaveIsNotInformed() {
        for (String address : List.of("10.0.0.255", "10.0.0.0", SERVER)) {
            assertEquals(DhcpOutcome.SILENT, net.outcome(Guest.number(1).inform(address)));
        }
    }
}
