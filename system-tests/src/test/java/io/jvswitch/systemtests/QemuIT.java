package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.RunningProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A VM under QEMU, on a TAP that QEMU opened: it comes and goes as it likes, and the switch follows. */
final class QemuIT {
    private static final int FILE_BYTES = 50 << 20;
    private static final String MAC = "02:00:00:00:00:11";

    private final Hypervisor hypervisor = Hypervisor.create("hvq");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest far = Guest.in(vtep.netns(), "vx42");

    @AfterEach
    void clearAway() {
        hypervisor.close();
        vtep.close();
    }

    @Test
    void aVmIsLeasedItsAddressMovesAFileAndIsReachedAgainAfterARestart(@TempDir Path directory) throws Exception {
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        vtep.addVxlan(42, "192.0.2.2", "192.0.2.1", 1450, "10.0.0.20/24");
        hypervisor.configure("""
                underlay:
                  local-ip: 192.0.2.1
                networks:
                  blue:
                    tunnel: vxlan
                    vni: 42
                    remotes: [192.0.2.2]
                    subnets:
                      - cidr: 10.0.0.0/24
                        dhcp: {server: 10.0.0.2}
                ports:
                  tap-vm1: {kind: system, network: blue, mac: "%s", ip: 10.0.0.11}
                """.formatted(MAC));
        hypervisor.start();
        SmallVm vm = SmallVm.make(directory, """
                udhcpc -i eth0 -s /bin/lease -q -n -t 20 -T 1 >/dev/null 2>&1
                ping -c 2 10.0.0.20 >/dev/null && echo "guest: reached 10.0.0.20"
                wget -q -O - http://10.0.0.20:8000/file | sha256sum | sed 's/^/guest: file /'
                while sleep 3600; do :; done
                """.replace("2>&1\n", "\n").replace(">/dev/null \n", "\n"));
        String sum = writeFile(directory.resolve("www"));
        RunningProgram web = vtep.netns()
                .start(
                        "python3",
                        "-u",
                        "-m",
                        "http.server",
                        "--directory",
                        directory.resolve("www").toString(),
                        "8000");
        web.awaitOutput("Serving HTTP", Hypervisor.LIMIT);

        try (RunningProgram qemu = vm.boot(hypervisor.netns(), "tap-vm1", MAC)) {
            qemu.awaitOutput("guest: lease 10.0.0.11 mtu 1450", Hypervisor.LIMIT);
            qemu.awaitOutput("guest: reached 10.0.0.20", Hypervisor.LIMIT);
            qemu.awaitOutput("guest: file ", Hypervisor.LIMIT);
            qemu.awaitOutput("guest: file " + sum, Hypervisor.LIMIT);
            far.ping("10.0.0.11");
            qemu.process().descendants().forEach(ProcessHandle::destroyForcibly);
            qemu.process().destroyForcibly().waitFor();
        }
        hypervisor.awaitState("tap-vm1", "waiting");
        try (RunningProgram qemu = vm.boot(hypervisor.netns(), "tap-vm1", MAC)) {
            qemu.awaitOutput("guest: lease 10.0.0.11", Hypervisor.LIMIT);
            far.awaitPing("10.0.0.11");
            far.ping("10.0.0.11");
            assertEquals(0, hypervisor.drops("offload-invalid"));
        }
        Await.until(
                "the port to wait for its VM",
                Hypervisor.LIMIT,
                () -> hypervisor.get("/v1/ports").toPrettyString(),
                () -> hypervisor.port("tap-vm1").path("waits_for").asString("").contains("no such device"));
    }

    /** Writes a file that nothing can guess or compress, and gives its SHA-256. */
    private static String writeFile(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("file");
        byte[] bytes = new byte[FILE_BYTES];
        new Random(FILE_BYTES).nextBytes(bytes);
        Files.write(file, bytes);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
