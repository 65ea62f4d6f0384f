package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LeaseStoreTest {

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("blue.leases");
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    }

    /** What is known after a restart, as text. */
    private static List<String> view(DhcpNetwork net) {
        return net.responder.leases().stream()
                .map(lease -> lease.state().label() + " " + lease.ip() + " " + lease.mac() + " " + lease.clientId()
                        + " " + lease.hostname() + " " + lease.untilEpochMs())
                .toList();
    }

    private DhcpNetwork open() throws IOException {
        RecordingEvents events = new RecordingEvents();
        DhcpNetwork net =
                new DhcpNetwork(LeaseStore.open(file(), events), subnet(100).build());
        net.events.warnings.addAll(events.warnings);
        net.events.infos.addAll(events.infos);
        return net;
    }

    // Lines

    @Test
    void lineIsReadableAndGreppable() {
        Lease lease = lease(0x0a00_0065, "01020000000005", 1_767_323_045_000L);
        lease.setHostname(new byte[] {'v', 'm', '1'}, 3);
        String line = text(LeaseRecord.Kind.BOUND, lease);
        assertTrue(
                line.startsWith("bound ip=10.0.0.101 mac=02:00:00:00:00:05 id=01020000000005 "
                        + "until=2026-01-02T03:04:05Z host=vm1 crc="),
                line);
        assertTrue(text(LeaseRecord.Kind.FREE, lease).startsWith("free ip=10.0.0.101 mac="));
        assertTrue(text(LeaseRecord.Kind.GONE, lease).startsWith("gone ip=10.0.0.101 crc="));
        lease.setIdentity(new byte[0], 0);
        lease.setHostname(new byte[0], 0);
        assertTrue(text(LeaseRecord.Kind.DECLINED, lease).startsWith("declined ip=10.0.0.101 until="));
    }

    /** The checksum is CRC-32C: "123456789" gives e3069283 (RFC 3720, appendix B.4 uses the same polynomial). */
    @Test
    void lineOfAnotherProgramWithTheRightChecksumIsRead() throws Exception {
        LeaseRecord record = LeaseLineReader.read(withCrc("declined ip=10.0.0.7 until=never later-field=x"));
        assertEquals(LeaseRecord.Kind.DECLINED, record.kind());
        assertEquals(Lease.NEVER, record.untilEpochMs());
        CRC32C crc = new CRC32C();
        crc.update("123456789".getBytes(StandardCharsets.US_ASCII));
        assertEquals(0xe306_9283L, crc.getValue());
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                999,
                1000,
                951_782_399_000L,
                951_782_400_000L,
                951_868_800_000L,
                1_709_164_799_001L,
                1_767_323_045_000L,
                4_107_542_400_000L,
                253_402_300_799_000L
            })
    void timeIsTheCalendarsRoundedUpToTheSecond(long epochMs) throws Exception {
        Lease lease = lease(0x0a00_0065, "0102", epochMs);
        String line = text(LeaseRecord.Kind.BOUND, lease);
        String expected = Instant.ofEpochSecond(Math.ceilDiv(epochMs, 1000L)).toString();
        assertTrue(line.contains(" until=" + expected + " "), line + " is not " + expected);
        assertEquals(
                Instant.parse(expected).toEpochMilli(),
                LeaseLineReader.read(line).untilEpochMs());
    }

    @Test
    void longestLineFits() throws Exception {
        Lease lease = new Lease(-1);
        byte[] identity = new byte[255];
        Arrays.fill(identity, (byte) 0xfe);
        lease.setIdentity(identity, 255);
        lease.identityWithMac = true;
        lease.mac = 0xffff_ffff_ffffL;
        lease.untilEpochMs = Long.MAX_VALUE - 1;
        byte[] name = new byte[63];
        Arrays.fill(name, (byte) 'x');
        lease.setHostname(name, 63);
        LeaseRecord record = LeaseLineReader.read(text(LeaseRecord.Kind.BOUND, lease));
        assertEquals(255, record.identity().length);
        assertTrue(record.identityWithMac());
        assertEquals(-1, record.ip());
        assertEquals(63, record.hostname().length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bound ip=10.0.0.5 mac=02:00:00:00:00:05 until=never",
                "bound ip=10.0.0.5 mac=02:00:00:00:00:05 id= until=never",
                "bound ip=10.0.0.5 mac=02:00:00:00:00:05 id=0 until=never",
                "bound ip=10.0.0.5 mac=02:00:00:00:00 id=0102 until=never",
                "bound ip=10.0.0.555 mac=02:00:00:00:00:05 id=0102 until=never",
                "bound ip=::1 mac=02:00:00:00:00:05 id=0102 until=never",
                "bound ip=10.0.0.5 mac=02:00:00:00:00:05 id=0102 until=tomorrow",
                "bound ip=10.0.0.5 mac=02:00:00:00:00:05 id=0102",
                "lost ip=10.0.0.5",
                "gone",
                "gone 10.0.0.5",
                ""
            })
    void lineWithTheRightChecksumButNoSenseIsRefused(String body) {
        assertThrows(LeaseLineReader.BadLineException.class, () -> LeaseLineReader.read(withCrc(body)));
    }

    private static String withCrc(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
        return body + " crc=" + HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static Lease lease(int address, String identityHex, long untilEpochMs) {
        Lease lease = new Lease(address);
        byte[] identity = HexFormat.of().parseHex(identityHex);
        lease.setIdentity(identity, identity.length);
        lease.mac = 0x0200_0000_0005L;
        lease.untilEpochMs = untilEpochMs;
        return lease;
    }

    private static String text(LeaseRecord.Kind kind, Lease lease) {
        ByteBuffer line = new LeaseLineWriter().write(kind, lease);
        String text = StandardCharsets.ISO_8859_1.decode(line).toString();
        assertTrue(text.endsWith("\n"));
        return text.substring(0, text.length() - 1);
    }

    // Restart

    @Test
    void leasesOfEveryKindSurviveWithoutClosing() throws IOException {
        DhcpNetwork net = open();
        String bound = net.lease(1);
        String released = net.lease(2);
        net.outcome(Guest.number(2).release(SERVER, released));
        assertEquals(
                List.of(released),
                net.responder.leases().stream()
                        .filter(DhcpLease::released)
                        .map(lease -> lease.ip().toString())
                        .toList());
        String declined = net.lease(3);
        net.outcome(Guest.number(3).decline(SERVER, declined));
        net.offer(Guest.number(4)); // an offer is nothing to keep
        Guest cloned = Guest.number(5).clientId("ff0102").option(12, "7a");
        String first = net.offer(cloned).yiaddr();
        net.expect(
                MessageType.ACK,
                Guest.number(5).clientId("ff0102").option(12, "7a").selecting(SERVER, first));
        String clones = net.offer(Guest.number(6).clientId("ff0102")).yiaddr();
        net.expect(MessageType.ACK, Guest.number(6).clientId("ff0102").selecting(SERVER, clones));
        List<String> before = view(net);
        Path copy = directory.resolve("copy.leases");
        Files.copy(file(), copy); // what kill -9 leaves

        RecordingEvents events = new RecordingEvents();
        DhcpNetwork again =
                new DhcpNetwork(LeaseStore.open(copy, events), subnet(100).build());
        List<String> kept = new ArrayList<>(before);
        kept.removeIf(line -> line.startsWith("offered"));
        // who declined is not kept, only that it was
        assertEquals(
                kept.stream()
                        .map(line -> line.replaceAll("^(declined \\S+) .* (\\d+)$", "$1 $2"))
                        .toList(),
                view(again).stream()
                        .map(line -> line.replaceAll("^(declined \\S+) .* (\\d+)$", "$1 $2"))
                        .toList());
        assertEquals(List.of(), events.warnings);
        assertTrue(again.events.bindings.contains("+" + bound + " 02:00:00:00:00:01 -1"));
        assertEquals(3, again.events.bindings.size());
        again.expect(MessageType.ACK, Guest.number(1).initReboot(bound));
        again.expect(MessageType.ACK, Guest.number(6).clientId("ff0102").renewing(SERVER, clones));
        assertEquals(released, again.offer(Guest.number(2)).yiaddr());
        again.responder.close();
        net.responder.close();
    }

    @Test
    void leasesThatEndedMeanwhileAreRememberedAsEnded() throws IOException {
        DhcpNetwork net = open();
        String leased = net.lease(1);
        net.responder.close();
        RecordingEvents events = new RecordingEvents();
        DhcpResponder later = new DhcpResponder(
                List.of(subnet(100).build()), LeaseStore.open(file(), events), events, net.nowMs + 3_600_001, 0);
        assertEquals(LeaseState.EXPIRED, later.leases().getFirst().state());
        assertEquals(0, later.boundLeases());
        assertEquals(
                List.of("+" + leased + " 02:00:00:00:00:01 -1", "-" + leased + " 02:00:00:00:00:01"), events.bindings);
        later.close();
    }

    @Test
    void leasesWaitForTheSubnetsToBeConfigured() throws IOException {
        DhcpNetwork net = open();
        String expired = net.lease(1);
        net.pass(1_800_000);
        String bound = net.lease(2);
        net.pass(1_800_000);
        net.responder.close();
        RecordingEvents events = new RecordingEvents();
        DhcpResponder later = new DhcpResponder(List.of(), LeaseStore.open(file(), events), events, net.nowMs, 0);
        later.doWork(net.nowMs, 0);
        later.reconfigure(List.of(subnet(100).build()), net.nowMs, 0);
        assertEquals(
                List.of("expired " + expired, "bound " + bound).stream()
                        .sorted()
                        .toList(),
                later.leases().stream()
                        .map(lease -> lease.state().label() + " " + lease.ip())
                        .sorted()
                        .toList());
        later.close();
    }

    /** The daemon may die between any two bytes. */
    @Test
    void cutAtEveryByteLosesNothingThatWasFinished() throws IOException {
        DhcpNetwork net = open();
        net.lease(1);
        net.lease(2);
        net.responder.close();
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length <= whole.length; length++) {
            Path cut = directory.resolve("cut.leases");
            byte[] bytes = Arrays.copyOf(whole, length);
            Files.write(cut, bytes);
            RecordingEvents events = new RecordingEvents();
            LeaseStore store = LeaseStore.open(cut, events);
            int finished = 0;
            for (int i = 0; i < length; i++) {
                finished += bytes[i] == '\n' ? 1 : 0;
            }
            // A line that wants only its end is whole: its checksum says so.
            boolean endMissing = length < whole.length && whole[length] == '\n' && finished > 0;
            finished += endMissing ? 1 : 0;
            boolean torn = length > 0 && bytes[length - 1] != '\n' && !endMissing;
            List<LeaseRecord> records = store.takeLoaded();
            assertEquals(Math.max(0, finished - 1), records.size(), "cut at " + length);
            assertEquals(torn ? 1 : 0, events.warnings.size(), "cut at " + length + ": " + events.warnings);
            // and what is written next is readable
            store.append(LeaseRecord.Kind.BOUND, lease(0x0a00_00c8, "0102", 5000));
            store.close();
            LeaseStore again = LeaseStore.open(cut, events);
            assertEquals(records.size() + 1, again.takeLoaded().size(), "cut at " + length);
            again.close();
        }
    }

    @Test
    void damagedLineIsNamedLeftOutAndKept() throws IOException {
        DhcpNetwork net = open();
        String first = net.lease(1);
        String second = net.lease(2);
        String third = net.lease(3);
        net.responder.close();
        byte[] bytes = Files.readAllBytes(file());
        int lineTwo = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("bound ip=" + second);
        bytes[lineTwo + 9] ^= 1;
        Files.write(file(), bytes);

        DhcpNetwork again = open();
        assertEquals(1, again.events.warnings.size());
        String warning = again.events.warnings.getFirst();
        assertTrue(warning.contains("line 3 (offset " + lineTwo), warning);
        assertTrue(warning.contains("checksum"), warning);
        assertEquals(LeaseState.BOUND, again.state(first));
        assertNull(again.state(second));
        assertEquals(LeaseState.BOUND, again.state(third));
        again.tick();
        again.responder.close();
        assertEquals(3, lines(file()).size(), "made anew without the damage");
        assertEquals(4, lines(directory.resolve("damaged-blue.leases")).size(), "the evidence is kept");
        DhcpNetwork unharmed = open();
        assertEquals(List.of(), unharmed.events.warnings);
        unharmed.responder.close();
    }

    @Test
    void fileOfAnotherKindIsTornToPiecesInTheLogButNotForever() throws IOException {
        byte[] junk = new byte[300_000];
        new SplittableRandom(42).nextBytes(junk);
        Files.write(file(), junk);
        RecordingEvents events = new RecordingEvents();
        LeaseStore store = LeaseStore.open(file(), events);
        assertEquals(List.of(), store.takeLoaded());
        assertTrue(events.warnings.size() <= 22, "a limited number of messages: " + events.warnings.size());
        store.close();
    }

    // Growth

    @Test
    void journalIsMadeAnewWhenItHasGrown() throws IOException {
        DhcpNetwork net = open();
        String leased = net.lease(1);
        for (int i = 0; i < 2000; i++) {
            net.pass(100);
            net.expect(MessageType.ACK, Guest.number(1).renewing(SERVER, leased));
            net.tick();
            if (i % 100 == 0) {
                assertTrue(lines(file()).size() < 1100, "never much longer than the limit");
            }
        }
        net.responder.close();
        assertFalse(Files.exists(directory.resolve("new-blue.leases")));
        RecordingEvents events = new RecordingEvents();
        DhcpNetwork again = new DhcpNetwork(
                LeaseStore.open(file(), events), net.nowMs, subnet(100).build());
        assertEquals(view(net), view(again));
        again.responder.close();
    }

    // Names, editors and other hands

    /** A network may be called {@code blue.lock}: no file beside a lease file has the name of another's. */
    @Test
    void networksWhoseNamesEndLikeFilesKeepTheirLeases() throws IOException {
        List<String> names = List.of("blue", "blue.lock", "blue.new", "blue.damaged", "lock-blue", "blue.lock.lock");
        for (int run = 0; run < 2; run++) {
            List<DhcpNetwork> networks = new ArrayList<>();
            for (String name : names) {
                RecordingEvents events = new RecordingEvents();
                networks.add(new DhcpNetwork(
                        LeaseStore.open(directory.resolve("leases-" + name), events),
                        subnet(100).build()));
                assertEquals(List.of(), events.warnings, name);
            }
            for (int i = 0; i < names.size(); i++) {
                DhcpNetwork net = networks.get(i);
                int guest = 1 + i;
                if (run == 0) {
                    net.lease(guest);
                }
                assertEquals(1, net.responder.boundLeases(), names.get(i));
                assertEquals(
                        "02:00:00:00:00:0" + guest,
                        net.responder.leases().getFirst().mac().toString());
                net.tick();
                net.responder.close();
                assertEquals(List.of(), net.events.warnings, names.get(i));
            }
        }
    }

    /** What a daemon of the version before left: its leases count, and its lock is removed once it is nobody's. */
    @Test
    void filesOfEarlierVersionsGoOnWorking() throws IOException {
        DhcpNetwork net = open();
        String leased = net.lease(1);
        net.responder.close();
        String[] before = lines(file()).toArray(String[]::new);
        before[0] = "# jvswitch DHCP leases, format 1. Written by the daemon: stop it before you edit.";
        Files.writeString(file(), String.join("\n", before) + "\n");
        Path formerLock = Files.writeString(directory.resolve("blue.leases.lock"), "12345\n");

        DhcpNetwork again = open();
        assertEquals(LeaseState.BOUND, again.state(leased));
        assertEquals(List.of(), again.events.warnings);
        assertFalse(Files.exists(formerLock));
        again.tick();
        assertTrue(lines(file()).getFirst().contains("crc=edited"), "the header tells what holds now");
        again.responder.close();
    }

    @Test
    void lineEndsOfOtherSystemsDoNoHarm() throws IOException {
        DhcpNetwork net = open();
        List<String> leased = List.of(net.lease(1), net.lease(2));
        net.responder.close();
        String text = Files.readString(file()).replace("\n", "\r\n");
        // with a byte order mark, a blank line, and no end of the last line
        Files.writeString(
                file(), "\ufeff" + text.substring(0, text.length() - 2).replaceFirst("\r\n", "\r\n \r\n"));

        DhcpNetwork again = open();
        assertEquals(List.of(), again.events.warnings);
        leased.forEach(ip -> assertEquals(LeaseState.BOUND, again.state(ip)));
        String third = again.lease(3); // before the file is made anew: behind the line without an end
        RecordingEvents events = new RecordingEvents();
        Path copy = Files.copy(file(), directory.resolve("copy.leases"));
        try (LeaseStore store = LeaseStore.open(copy, events)) {
            assertEquals(3, store.takeLoaded().size(), "with " + third);
            assertEquals(List.of(), events.warnings);
        }
        again.tick();
        assertFalse(Files.readString(file()).contains("\r"), "made anew");
        assertFalse(Files.exists(directory.resolve("damaged-blue.leases")), "nothing was damaged");
        again.responder.close();
    }

    @Test
    void lineEditedByHandCounts() throws IOException {
        DhcpNetwork net = open();
        String leased = net.lease(1);
        net.responder.close();
        String edited = Files.readString(file())
                .replace("mac=02:00:00:00:00:01 id=01020000000001", "mac=02:00:00:00:00:07 id=01020000000007");
        Files.writeString(file(), edited);
        DhcpNetwork damaged = open();
        assertNull(damaged.state(leased), "changed by whatever, not by somebody who says so");
        assertTrue(
                damaged.events.warnings.getFirst().contains("has to end in crc=edited"),
                damaged.events.warnings.toString());
        damaged.responder.close();

        Files.writeString(file(), edited.replaceFirst("crc=[0-9a-f]{8}", "crc=edited"));
        DhcpNetwork again = open();
        assertEquals(List.of(), again.events.warnings);
        DhcpLease found = again.lease(leased);
        assertNotNull(found);
        assertEquals("02:00:00:00:00:07", found.mac().toString());
        assertTrue(
                again.events.infos.getFirst().endsWith("edited by hand that count: 1"), again.events.infos.toString());
        again.tick();
        assertTrue(lines(file()).getLast().matches(".* crc=[0-9a-f]{8}"), "it has a checksum again");
        again.responder.close();
    }

    /** Each way to lose a file under the daemon: noticed, told of with the reason, and put right. */
    @ParameterizedTest
    @ValueSource(strings = {"removed", "replaced by another", "changed to 3 bytes", "removed with its directory"})
    void fileTouchedUnderTheDaemonIsMadeAnew(String how) throws IOException {
        Path deep = directory.resolve("state/leases-blue");
        RecordingEvents events = new RecordingEvents();
        DhcpNetwork net =
                new DhcpNetwork(LeaseStore.open(deep, events), subnet(100).build());
        String first = net.lease(1);
        net.tick();
        switch (how) {
            case "removed" -> Files.delete(deep);
            case "replaced by another" -> {
                Files.writeString(directory.resolve("other"), "# restored from somewhere\n");
                Files.move(directory.resolve("other"), deep, StandardCopyOption.REPLACE_EXISTING);
            }
            case "changed to 3 bytes" -> Files.writeString(deep, "#x\n");
            default -> {
                Files.delete(deep);
                Files.delete(deep.resolveSibling("lock-leases-blue"));
                Files.delete(deep.getParent());
            }
        }
        net.pass(5000);
        net.tick();
        assertEquals(1, events.warnings.size(), events.warnings.toString());
        assertTrue(
                events.warnings.getFirst().contains("was " + how.replace(" with its directory", "")),
                events.warnings.getFirst());
        assertTrue(Files.readString(deep).contains("ip=" + first + " "), "at once");
        assertEquals(
                how.startsWith("removed") ? false : true,
                Files.exists(deep.resolveSibling("damaged-leases-blue")),
                "what somebody put there is kept");
        String second = net.lease(2);
        assertTrue(Files.readString(deep).contains("ip=" + second + " "));
        assertThrows(LeaseStoreException.class, () -> LeaseStore.open(deep, events), "the lock is there again");
        net.pass(60_000);
        net.tick();
        assertEquals(1, events.warnings.size(), "told once");
        Files.delete(deep);
        net.responder.close();
        assertTrue(Files.readString(deep).contains("ip=" + second + " "), "noticed at the end, too");
    }

    // Locks and errors

    @Test
    void secondDaemonIsRefused() throws IOException {
        DhcpNetwork net = open();
        LeaseStoreException e = assertThrows(LeaseStoreException.class, () -> LeaseStore.open(file(), net.events));
        assertTrue(String.valueOf(e.getMessage()).contains("is in use by this process"), e.getMessage());
        net.responder.close();
        open().responder.close();
    }

    @Test
    void directoryIsMade() throws IOException {
        Path deep = directory.resolve("a/b/blue.leases");
        LeaseStore.open(deep, new RecordingEvents()).close();
        assertTrue(Files.exists(deep));
    }

    @Test
    void fileThatCannotBeOpenedIsNamed() throws IOException {
        Files.createDirectory(file());
        LeaseStoreException e =
                assertThrows(LeaseStoreException.class, () -> LeaseStore.open(file(), new RecordingEvents()));
        assertTrue(String.valueOf(e.getMessage()).contains(file().toString()), e.getMessage());
        Path under = directory.resolve("plain");
        Files.writeString(under, "x");
        LeaseStoreException no = assertThrows(
                LeaseStoreException.class, () -> LeaseStore.open(under.resolve("x.leases"), new RecordingEvents()));
        assertTrue(String.valueOf(no.getMessage()).contains("state-dir"), no.getMessage());
    }

    @Test
    void storeInMemoryKeepsNothingAndFailsNever() {
        DhcpNetwork net = new DhcpNetwork(subnet(10).build());
        net.lease(1);
        net.tick();
        assertNull(net.responder.storeFailure());
        assertEquals(0, net.count(DhcpCounter.STORE_FAILED));
        assertEquals(
                IpAddress.parse("10.0.0.2"), net.responder.subnets().getFirst().server());
        net.responder.close();
    }

    /** The JDK says {@code java.nio.file.FileAlreadyExistsException: /path}. */
    @Test
    void aDirectoryThatCannotBeIsNamedInWords() throws IOException {
        Path file = Files.createFile(directory.resolve("plain"));
        LeaseStoreException refused = assertThrows(
                LeaseStoreException.class,
                () -> LeaseStore.open(file.resolve("state").resolve("leases-blue"), new RecordingEvents()));
        assertEquals("make the directory, check its owner and mode, or set another switch.state-dir", refused.remedy());
        assertTrue(refused.problem().startsWith("lease file " + file + "/state/leases-blue: "), refused.problem());
        assertFalse(refused.problem().contains("Exception"), refused.problem());
        for (IOException e : List.of(
                new NoSuchFileException("/a"), new AccessDeniedException("/a"), new FileAlreadyExistsException("/a"))) {
            assertTrue(FileFailure.text(e).matches("/a: [a-z ]+"), FileFailure.text(e));
        }
    }
}
