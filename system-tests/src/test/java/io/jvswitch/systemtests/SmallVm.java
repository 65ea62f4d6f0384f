package io.jvswitch.systemtests;

import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.Programs;
import io.jvswitch.testkit.RunningProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a small VM is made of: Debian's cloud kernel, and an initramfs with busybox, the kernel's virtio modules and a
 * script.
 *
 * <p>The kernel is the host's where it has one, and otherwise unpacked from its package beside the build: nothing is
 * installed.
 */
final class SmallVm {
    private static final Path KEPT = Path.of("target", "guest-kernel").toAbsolutePath();
    private static final String KERNEL = "vmlinuz-*-cloud-amd64";
    private static final Pattern LIBRARY = Pattern.compile("(/\\S+)\\s+\\(0x");

    /** Each needs some of those before it, and which differs between kernels: all are tried in several rounds. */
    private static final List<String> MODULES = List.of(
            "virtio_ring",
            "virtio",
            "virtio_pci_legacy_dev",
            "virtio_pci_modern_dev",
            "virtio_pci",
            "failover",
            "net_failover",
            "virtio_net");

    private final Path directory;
    private final Path kernel;

    private SmallVm(Path directory, Path kernel) {
        this.directory = directory;
        this.kernel = kernel;
    }

    /**
     * Makes the VM's files.
     *
     * @param directory where; the caller's
     * @param script what the guest runs once its {@code eth0} is there, by busybox's shell
     */
    static SmallVm make(Path directory, String script) {
        Peers.require("qemu-system-x86_64", "busybox");
        try {
            Path root = Files.createDirectories(directory.resolve("root"));
            for (String name : List.of("bin", "dev", "lib", "proc", "sys", "tmp")) {
                Files.createDirectories(root.resolve(name));
            }
            Path host = kernelRoot();
            Path kernel = find(host.resolve("boot"), KERNEL);
            String release = kernel.getFileName().toString().substring("vmlinuz-".length());
            Path modules = host.resolve("lib").resolve("modules").resolve(release);
            for (String module : MODULES) {
                Files.copy(find(modules, module + ".ko"), root.resolve("lib").resolve(module + ".ko"));
            }
            copyProgram(Path.of(Programs.run("sh", "-c", "command -v busybox").strip()), root);
            executable(root.resolve("init"), """
                    #!/bin/busybox sh
                    /bin/busybox --install -s /bin
                    mount -t proc proc /proc
                    mount -t sysfs sys /sys
                    for round in 1 2 3; do
                        for module in /lib/*.ko; do insmod $module 2>/dev/null; done
                    done
                    ip link set lo up
                    ip link set eth0 up
                    """ + script);
            executable(root.resolve("bin").resolve("lease"), """
                    #!/bin/sh
                    case $1 in bound | renew)
                        ip link set dev $interface mtu ${mtu:-1500}
                        ip addr flush dev $interface
                        ip addr add $ip/$mask dev $interface
                        echo "guest: lease $ip mtu $mtu"
                    esac
                    """);
            tapUp(directory);
            Programs.run(
                    "sh",
                    "-c",
                    "cd " + root + " && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1 >"
                            + directory.resolve("initrd"));
            return new SmallVm(directory, kernel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it under software emulation; QEMU makes the TAP, with a virtio-net header, and it goes with QEMU. */
    RunningProgram boot(Netns netns, String tap, String mac) {
        return netns.start(
                "qemu-system-x86_64",
                "-accel",
                "tcg",
                "-m",
                "128",
                "-nographic",
                "-no-reboot",
                "-kernel",
                kernel.toString(),
                "-initrd",
                directory.resolve("initrd").toString(),
                "-append",
                "console=ttyS0 quiet panic=-1",
                "-netdev",
                "tap,id=net0,ifname=" + tap + ",script=" + directory.resolve("tap-up") + ",downscript=no",
                "-device",
                "virtio-net-pci,romfile=,netdev=net0,mac=" + mac);
    }

    /** Starts a VM with nothing but a network card, whose ROM looks for something to boot. */
    static RunningProgram bootFromNetwork(Netns netns, Path directory, String tap, String mac) throws IOException {
        return netns.start(
                "qemu-system-x86_64",
                "-accel",
                "tcg",
                "-m",
                "128",
                "-nographic",
                "-no-reboot",
                "-boot",
                "n",
                "-netdev",
                "tap,id=net0,ifname=" + tap + ",script=" + tapUp(directory) + ",downscript=no",
                "-device",
                "virtio-net-pci,netdev=net0,mac=" + mac);
    }

    private static Path tapUp(Path directory) throws IOException {
        Path script = directory.resolve("tap-up");
        executable(script, "#!/bin/sh\nexec ip link set \"$1\" up\n");
        return script;
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A program with the libraries that it is linked with. */
    private static void copyProgram(Path program, Path root) throws IOException {
        Files.copy(program, root.resolve("bin").resolve(program.getFileName()));
        Matcher libraries =
                LIBRARY.matcher(Programs.tryRun("ldd", program.toString()).output());
        while (libraries.find()) {
            Path library = Path.of(libraries.group(1));
            Path copy = root.resolve(Path.of("/").relativize(library));
            Files.createDirectories(copy.getParent());
            Files.copy(library.toRealPath(), copy);
        }
    }

    /** The directory that holds {@code boot} and {@code lib/modules} of a cloud kernel. */
    private static Path kernelRoot() throws IOException {
        if (has(Path.of("/boot"))) {
            return Path.of("/");
        }
        if (!has(KEPT.resolve("boot"))) {
            unpack();
        }
        return KEPT;
    }

    private static boolean has(Path boot) throws IOException {
        if (!Files.isDirectory(boot)) {
            return false;
        }
        try (var kernels = Files.newDirectoryStream(boot, KERNEL)) {
            return kernels.iterator().hasNext();
        }
    }

    private static void unpack() throws IOException {
        Files.createDirectories(KEPT.getParent());
        Path temporary = Files.createTempDirectory(KEPT.getParent(), "kernel-");
        Programs.Outcome outcome = Programs.tryRun("sh", "-c", """
                cd %s || exit 1
                package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image-/ { print $2; exit }')
                [ -n "$package" ] || { echo 'no package linux-image-cloud-amd64: apt-get update'; exit 1; }
                apt-get -qq -o APT::Sandbox::User=root download "$package" && dpkg-deb -x ./*.deb . && rm -f ./*.deb
                [ -d lib/modules ] || mv usr/lib .
                """.formatted(temporary));
        if (outcome.status() != 0) {
            throw new AssertionError(
                    "no kernel for a VM: neither in /boot nor from Debian's package: " + outcome.output());
        }
        try {
            Files.move(temporary, KEPT, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another run was first.
            if (!has(KEPT.resolve("boot"))) {
                throw e;
            }
        }
    }

    private static Path find(Path directory, String glob) throws IOException {
        var matcher = directory.getFileSystem().getPathMatcher("glob:" + glob);
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> matcher.matches(file.getFileName()))
                    .sorted()
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + glob + " below " + directory));
        }
    }
}
