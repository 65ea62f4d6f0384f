package io.jvswitch.vswitchd.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.vswitchd.api.FakeCapture;
import io.jvswitch.vswitchd.capture.CaptureRequest;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Frames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code capture}: what it asks for, prints and writes. */
final class CaptureCommandTest extends AgainstFakeDaemon {

    private static final String SUMMARY =
            "2 frames captured, 3 lost: they came faster than they were read; narrow the filter, or lower --snaplen\n";

    @BeforeEach
    void offer() {
        control.setCaptured(List.of(
                FakeCapture.frame(1, false, null, Frames.tcpv4().bytes()),
                FakeCapture.frame(
                        2, true, DropReason.TX_QUEUE_FULL, Frames.pingv4().bytes()),
                FakeCapture.frame(3, false, null, Frames.pingv4().bytes())));
    }

    private String error() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private CaptureRequest request() {
        CaptureRequest request = control.lastCaptureRequest();
        assertNotNull(request);
        return request;
    }

    @Test
    void aFrameIsALine() {
        assertEquals(0, run("capture", "tap-vm1", "--count", "2"), this::error);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, lines.size(), out::toString);
        assertTrue(
                lines.get(0)
                        .matches("[0-9:]{8}\\.000000001 tap-vm1 rx bytes=54 flow=recirc_id.*in_port\\(1\\),.*"
                                + "tcp\\(src=40000,dst=80\\).*"),
                lines.get(0));
        assertTrue(lines.get(1).contains(".000000002 tap-vm1 tx bytes=98 drop=tx-queue-full flow="), lines.get(1));
        assertEquals(SUMMARY, error());
    }

    @Test
    void jsonIsAnObjectALine() {
        assertEquals(0, run("capture", "tap-vm1", "--count", "1", "--json"), this::error);
        String line = out.toString(StandardCharsets.UTF_8);
        assertTrue(
                line.startsWith(
                        "{\"time\":\"1970-01-01T00:00:01.000000001Z\",\"port\":\"tap-vm1\",\"direction\":\"rx\","
                                + "\"bytes\":54,\"flow\":\""),
                line);
        assertEquals(1, line.lines().count());
    }

    @Test
    void whatIsAskedForReachesTheDaemon() {
        run(
                "capture",
                "any",
                "--drops",
                "--direction",
                "rx",
                "--count",
                "1",
                "--seconds",
                "9",
                "--snaplen",
                "64",
                "tcp",
                "dst=10.0.0.12");
        CaptureRequest request = request();
        assertEquals("any", request.port());
        assertTrue(request.drops() && request.received() && !request.sent());
        assertEquals(1, request.count());
        assertEquals(9, request.seconds());
        assertEquals(64, request.snapBytes());
        assertEquals(CaptureRequest.Format.TEXT, request.format());
    }

    @Test
    void aFileIsPcapng() throws IOException {
        Path file = dir.resolve("x.pcapng");
        assertEquals(0, run("capture", "tap-vm1", "-w", file.toString(), "--count", "2"), this::error);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        assertEquals(SUMMARY, error());
        byte[] written = Files.readAllBytes(file);
        assertEquals(0, run("capture", "tap-vm1", "-w", "-", "--count", "2"), this::error);
        byte[] printed = out.toByteArray();
        assertEquals(written.length, printed.length);
        assertEquals(0x0a, printed[0]);
        assertEquals(CaptureRequest.WHOLE_FRAME_BYTES, request().snapBytes());
    }

    @Test
    void refusalsSayWhy() {
        fails(1, "jvswitch: port nope: does not exist; see 'jvswitch port list'\n", "capture", "nope");
        fails(
                2,
                "jvswitch: filter: value 'dts=1': expected [arp|icmp|tcp|udp] [src=IP] [dst=IP] [sport=N] [dport=N] "
                        + "[vlan=N]"
                        + " [smac=MAC] [dmac=MAC] [ttl=N] [vtep=IP] [vni=N] [tunnel=vxlan|gre]; correct the "
                        + "description\n",
                "capture",
                "tap-vm1",
                "dts=1");
        fails(
                2,
                "jvswitch: capture: value 'up': expected rx, tx or both as direction; correct the request\n",
                "capture",
                "tap-vm1",
                "--direction",
                "up");
        fails(
                2,
                "jvswitch: capture: value '0': expected a number 1 to 1000000000000 as count; correct the request\n",
                "capture",
                "tap-vm1",
                "--count",
                "0");
        fails(
                2,
                "jvswitch: --json is for lines, and -w writes pcapng: choose one\nSee 'jvswitch capture --help'.\n",
                "capture",
                "tap-vm1",
                "--json",
                "-w",
                "x");
        fails(
                1,
                "jvswitch: cannot write /nonexistent/x: there is no such file or directory; choose another file\n",
                "capture",
                "tap-vm1",
                "-w",
                "/nonexistent/x");
    }

    @Test
    void aFullDiskIsNotTheDaemonsFault() {
        fails(
                1,
                "jvswitch: cannot write /dev/full: No space left on device; what was captured before is in it, up "
                        + "to a last frame that"
                        + " may be cut\n",
                "capture",
                "tap-vm1",
                "-w",
                "/dev/full");
    }
}
