package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.SERVER;
import static io.jvswitch.dhcp.DhcpNetwork.subnet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import io.jvswitch.wire.IpAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lease file against what a host does to it. */
final class LeaseStoreIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private static String[] writer(Path file) {
        return new String[] {
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            LeaseWriterProgram.class.getName(),
            file.toString()
        };
    }

    /** Every acknowledgement that left the process is in the file, and the lock died with it. */
    @Test
    void killedDaemonLosesNoAcknowledgedLease() throws Exception {
        Path file = directory.resolve("blue.leases");
        for (int round = 0; round < 3; round++) {
            String output;
            try (RunningProgram daemon = RunningProgram.start(writer(file))) {
                daemon.awaitOutput("acknowledged 50 ", PATIENCE);
                daemon.process().destroyForcibly(); // SIGKILL
                assertTrue(daemon.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
                output = daemon.output();
            }
            Map<String, Long> acknowledged = new HashMap<>();
            for (String line : output.split("\n", -1)) {
                String[] words = line.split(" ", -1);
                // the last line may be cut
                if (words.length == 4 && words[3].length() == 13) {
                    acknowledged.put(words[2], Long.parseLong(words[3]));
                }
            }
            RecordingEvents events = new RecordingEvents();
            try (LeaseStore store = LeaseStore.open(file, events)) {
                Map<String, Long> kept = new HashMap<>();
                for (LeaseRecord record : store.takeLoaded()) {
                    kept.put(IpAddress.ipv4ToString(record.ip()), record.untilEpochMs());
                }
                acknowledged.forEach((ip, until) -> {
                    Long found = kept.get(ip);
                    assertNotNull(found, ip);
                    assertTrue(found >= until, ip + " is kept until " + found + ", was acknowledged until " + until);
                });
            }
            assertFalse(acknowledged.isEmpty());
        }
    }

    @Test
    void secondDaemonIsToldWhoHasTheFile() throws Exception {
        Path file = directory.resolve("blue.leases");
        try (RunningProgram daemon = RunningProgram.start(writer(file))) {
            daemon.awaitOutput("ready", PATIENCE);
            LeaseStoreException e =
                    assertThrows(LeaseStoreException.class, () -> LeaseStore.open(file, new RecordingEvents()));
            String message = String.valueOf(e.getMessage());
            assertTrue(
                    message.contains("is in use by process " + daemon.process().pid() + " "), message);
            assertTrue(message.contains("stop that daemon"), message);
        }
    }

    /** A daemon of an earlier version locked another file: it is not overlooked while it runs. */
    @Test
    void daemonOfAnEarlierVersionHasTheFileAsWell() throws Exception {
        Peers.require("python3");
        Path file = directory.resolve("blue.leases");
        Path former = directory.resolve("blue.leases.lock");
        try (RunningProgram daemon = RunningProgram.start("python3", "-c", """
                import fcntl, os, sys, time
                lock = open(sys.argv[1], "w")
                fcntl.lockf(lock, fcntl.LOCK_EX)
                lock.write(f"{os.getpid()}\\n")
                lock.flush()
                print("locked", flush=True)
                time.sleep(600)
                """, former.toString())) {
            daemon.awaitOutput("locked", PATIENCE);
            LeaseStoreException e =
                    assertThrows(LeaseStoreException.class, () -> LeaseStore.open(file, new RecordingEvents()));
            assertTrue(
                    String.valueOf(e.getMessage())
                            .contains("is in use by process " + daemon.process().pid() + " "),
                    e.getMessage());
            assertTrue(Files.exists(former));
        }
        LeaseStore.open(file, new RecordingEvents()).close();
        assertFalse(Files.exists(former));
    }

    /** A file system of 64 KB fills up, leases go on, and nothing is missing once there is room again. */
    @Test
    void fullDiskIsReportedOnceAndRecoveredFrom() throws Exception {
        Peers.requireRoot();
        Peers.require("mount");
        Programs.run("mount", "-t", "tmpfs", "-o", "size=64k", "jvswitch-test", directory.toString());
        try {
            fullDisk();
        } finally {
            Programs.run("umount", directory.toString());
        }
    }

    private void fullDisk() throws IOException {
        Path file = directory.resolve("blue.leases");
        RecordingEvents events = new RecordingEvents();
        DhcpNetwork net =
                new DhcpNetwork(LeaseStore.open(file, events), subnet(140).build());
        for (int i = 1; i <= 20; i++) {
            net.lease(i);
        }
        Path filler = directory.resolve("filler");
        fill(filler);
        for (int i = 21; i <= 120; i++) {
            net.lease(i);
        }
        assertTrue(net.count(DhcpCounter.STORE_FAILED) > 0);
        assertNotNull(net.responder.storeFailure());
        assertEquals(1, events.warnings.size(), events.warnings.toString());
        assertTrue(
                events.warnings.getFirst().contains(file + " cannot be written: No space left on device"),
                events.warnings.getFirst());
        for (int second = 0; second < 20; second++) {
            net.pass(1000);
            net.tick();
        }
        assertEquals(1, events.warnings.size(), "said once, tried again in silence");
        assertFalse(Files.exists(directory.resolve("new-blue.leases")), "no leftovers on a full disk");
        assertTrue(readable(file) >= 20, "what was good is still there");

        Files.delete(filler);
        net.pass(5000);
        net.tick();
        assertNull(net.responder.storeFailure());
        assertTrue(events.infos.getLast().contains("is written again, with all 120 leases"), events.infos.toString());
        assertEquals(120, readable(file));
        net.lease(121);
        assertEquals(121, readable(file), "and appending goes on");
        net.responder.close();
    }

    @Test
    void daemonStartsOnAFullDisk() throws Exception {
        Peers.requireRoot();
        Peers.require("mount");
        Programs.run("mount", "-t", "tmpfs", "-o", "size=64k", "jvswitch-test", directory.toString());
        try {
            Path filler = directory.resolve("filler");
            fill(filler);
            RecordingEvents events = new RecordingEvents();
            Path file = directory.resolve("blue.leases");
            DhcpNetwork net =
                    new DhcpNetwork(LeaseStore.open(file, events), subnet(10).build());
            String ip = net.lease(1);
            assertEquals(1, events.warnings.size(), events.warnings.toString());
            Files.delete(filler);
            net.tick();
            assertNull(net.responder.storeFailure());
            net.expect(MessageType.ACK, Guest.number(1).renewing(SERVER, ip));
            assertEquals(1, readable(file));
            net.responder.close();
        } finally {
            Programs.run("umount", directory.toString());
        }
    }

    /** Leases in a file that another process has locked: read without the lock. */
    private static int readable(Path file) throws IOException {
        List<LeaseRecord> records;
        try (FileChannel channel = FileChannel.open(file)) {
            records = LeaseJournal.read(channel).records();
        }
        return records.size();
    }

    private static void fill(Path filler) {
        boolean full = false;
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] block = new byte[512];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            full = true;
        }
        assertTrue(full);
        Await.until(
                "the file system to be full", PATIENCE, () -> filler.toFile().getFreeSpace() == 0);
    }
}
