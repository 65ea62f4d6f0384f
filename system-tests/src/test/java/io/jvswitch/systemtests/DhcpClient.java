package io.jvswitch.systemtests;

import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.RunningProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A guest's DHCP client, {@code udhcpc} or {@code dhclient}, with files of its own. What it tells its script is
 * recorded: that is what a guest gets to know.
 */
final class DhcpClient implements AutoCloseable {
    private final Guest guest;
    private final Path directory;
    private final Path record;

    private DhcpClient(Guest guest, Path directory) {
        this.guest = guest;
        this.directory = directory;
        record = directory.resolve("record");
    }

    static DhcpClient on(Guest guest) {
        Peers.require("udhcpc", "dhclient");
        try {
            Path directory = Files.createTempDirectory("jvs-dhcp-");
            DhcpClient client = new DhcpClient(guest, directory);
            Files.createFile(client.record);
            Path script = client.script();
            Files.writeString(
                    script,
                    "#!/bin/sh\nRECORD=" + client.record + "\n" + Files.readString(Scripts.file("dhcp-event.sh")));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path script() {
        return directory.resolve("script");
    }

    /**
     * Starts {@code udhcpc} in the foreground; it asks for more options than it does by default, and passes its own
     * environment on to the script: it has none.
     */
    RunningProgram startUdhcpc(String... options) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "-i",
                "PATH=" + System.getenv("PATH"),
                "udhcpc",
                "-f",
                "-i",
                guest.device(),
                "-s",
                script().toString(),
                "-t",
                "20",
                "-T",
                "1"));
        for (String option :
                List.of("mtu", "staticroutes", "search", "ntpsrv", "domain", "dns", "hostname", "58", "59", "249")) {
            command.add("-O");
            command.add(option);
        }
        command.addAll(List.of(options));
        return guest.netns().start(command.toArray(String[]::new));
    }

    /** Starts {@code dhclient} in the foreground with a lease file that outlives it. */
    RunningProgram startDhclient() {
        try {
            Path configuration = directory.resolve("dhclient.conf");
            Files.writeString(configuration, """
                    option rfc3442-classless-static-routes code 121 = array of unsigned integer 8;
                    request subnet-mask, broadcast-address, routers, domain-name, domain-name-servers, domain-search, host-name,
                        interface-mtu, rfc3442-classless-static-routes, ntp-servers, dhcp-renewal-time, dhcp-rebinding-time;
                    timeout 60;
                    retry 1;
                    initial-interval 1;
                    select-timeout 0;
                    backoff-cutoff 2;
                    """);
            Files.writeString(
                    leaseFile(), "", StandardCharsets.US_ASCII, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return guest.netns()
                    .start(
                            "dhclient",
                            "-d",
                            "-4",
                            "-v",
                            "-cf",
                            configuration.toString(),
                            "-lf",
                            leaseFile().toString(),
                            "-pf",
                            pidFile().toString(),
                            "-sf",
                            script().toString(),
                            guest.device());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has {@code dhclient} give its lease back. */
    String releaseDhclient() {
        return guest.netns()
                .run(
                        "dhclient",
                        "-r",
                        "-4",
                        "-v",
                        "-cf",
                        directory.resolve("dhclient.conf").toString(),
                        "-lf",
                        leaseFile().toString(),
                        "-pf",
                        pidFile().toString(),
                        "-sf",
                        script().toString(),
                        guest.device());
    }

    private Path leaseFile() {
        return directory.resolve("leases");
    }

    private Path pidFile() {
        return directory.resolve("pid");
    }

    /** Everything that the script was told so far. */
    String record() {
        try {
            return Files.readString(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Forgets what the script was told so far. */
    void clearRecord() {
        try {
            Files.writeString(record, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the script is told of an event and gives what it was told. */
    Map<String, String> await(RunningProgram client, String event) {
        Await.until(
                "the DHCP event " + event,
                Hypervisor.LIMIT,
                () -> client.output() + "\n" + record(),
                () -> record().contains("event=" + event + "\n") && record().endsWith("end\n"));
        Map<String, String> told = new LinkedHashMap<>();
        String text = record();
        for (String line :
                text.substring(text.lastIndexOf("event=" + event + "\n")).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                told.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return told;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
