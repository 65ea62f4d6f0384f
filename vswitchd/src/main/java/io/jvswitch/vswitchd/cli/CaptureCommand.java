package io.jvswitch.vswitchd.cli;

import io.jvswitch.dhcp.FileFailure;
import io.jvswitch.vswitchd.control.http.ControlClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code capture}: frames as they pass. */
@Command(
        name = "capture",
        description = {
            "Show frames as they pass a port, or write them for tcpdump and Wireshark, until interrupted.",
            "With --drops those that are dropped there, each with its reason.",
            "  jvswitch capture tap-vm1 tcp dport=80",
            "  jvswitch capture any --drops",
            "  jvswitch capture tap-vm1 -w - | tcpdump -nr -",
            "A superframe (TSO, GRO) is one frame; checksums that are left to a device look wrong. Of tunnels the "
                    + "frames that they carry"
                    + " are seen, with the tunnel and its other end.",
            "The switch never waits: frames that come faster than they are read are lost to the capture, and counted."
        })
final class CaptureCommand implements Callable<Integer> {

    private static final int BLOCK_BYTES = 64 << 10;

    private final Console console;

    @Mixin
    private ReadCommands.Output output = new ReadCommands.Output();

    @Parameters(
            index = "0",
            paramLabel = "PORT",
            description = "Name of a port; 'underlay' for what tunnels carry, 'any' for everything.")
    private String port = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "FILTER",
            description = {
                "Only frames of which all of this is true:",
                "[arp|icmp|tcp|udp] [src=IP] [dst=IP] [sport=N] [dport=N] [vlan=N] [smac=MAC] [dmac=MAC] [ttl=N] "
                        + "[vtep=IP] [vni=N]"
                        + " [tunnel=vxlan|gre]"
            })
    private List<String> filter = new ArrayList<>();

    @Option(
            names = {"-w", "--write"},
            paramLabel = "FILE",
            description = "Write pcapng to FILE, or to the output for '-'.")
    private @Nullable String file;

    @Option(names = "--drops", description = "Only frames that are dropped, with the reason.")
    private boolean drops;

    @Option(
            names = "--direction",
            paramLabel = "rx|tx|both",
            description = "rx: frames that come in by the port; tx: that leave by it (default: both).")
    private @Nullable String direction;

    @Option(names = "--count", paramLabel = "N", description = "End after N frames.")
    private @Nullable Long count;

    @Option(names = "--seconds", paramLabel = "N", description = "End after N seconds.")
    private @Nullable Long seconds;

    @Option(
            names = "--snaplen",
            paramLabel = "BYTES",
            description = "Take at most so much of each frame (default: all with -w, else 256).")
    private @Nullable Integer snapBytes;

    CaptureCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (output.json && file != null) {
            throw CommandFailure.ofUsage("--json is for lines, and -w writes pcapng: choose one");
        }
        String path = Console.with("/v1/capture", "port", port);
        path = Console.with(path, "format", file != null ? "pcapng" : output.json ? "json" : "text");
        path = Console.with(path, "drops", drops ? "true" : null);
        path = Console.with(path, "direction", direction);
        path = Console.with(path, "filter", filter.isEmpty() ? null : String.join(" ", filter));
        path = Console.with(path, "count", text(count));
        path = Console.with(path, "seconds", text(seconds));
        path = Console.with(path, "snaplen", text(snapBytes));
        ControlClient.Streamed<Integer> streamed = console.client().stream(
                path,
                stream -> {
                    Signals.on("INT", stream::end);
                    Signals.on("TERM", stream::end);
                },
                (status, in) -> {
                    if (status >= Console.FIRST_ERROR_STATUS) {
                        return console.refuse(status, in, false);
                    }
                    write(in);
                    return Console.DONE;
                });
        Map<String, String> trailers = streamed.trailers();
        String captured = trailers.get("jvswitch-captured");
        if (captured != null) {
            String lost = trailers.getOrDefault("jvswitch-lost", "0");
            console.err()
                    .println(captured + " frames captured, " + lost + " lost"
                            + (lost.equals("0")
                                    ? ""
                                    : ": they came faster than they were read; narrow the filter, or lower --snaplen"));
        }
        return streamed.result();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private void write(InputStream in) throws IOException {
        if (file == null || file.equals("-")) {
            byte[] block = new byte[BLOCK_BYTES];
            // a reader that has gone, as 'head' does, ends it
            for (int bytes = in.read(block); bytes >= 0 && !console.out().checkError(); bytes = in.read(block)) {
                console.out().write(block, 0, bytes);
                console.out().flush();
            }
            return;
        }
        Path path = Console.file(file);
        try (OutputStream out = Files.newOutputStream(path)) {
            byte[] block = new byte[BLOCK_BYTES];
            // by hand, so that a full disk is not taken for a daemon that broke off
            for (int bytes = in.read(block); bytes >= 0; bytes = in.read(block)) {
                keep(path, out, block, bytes);
            }
        } catch (FileSystemException e) {
            throw new CommandFailure("cannot write " + path + ": " + FileFailure.reason(e) + "; choose another file");
        }
    }

    private static void keep(Path path, OutputStream out, byte[] block, int bytes) {
        try {
            out.write(block, 0, bytes);
        } catch (IOException e) {
            throw new CommandFailure("cannot write " + path + ": " + FileFailure.reason(e)
                    + "; what was captured before is in it, up to a last frame that may be cut");
        }
    }
}
