package io.jvswitch.vswitchd.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.capture.CapturedFrame;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.testkit.Peers;
import io.jvswitch.vswitchd.Version;
import io.jvswitch.vswitchd.api.FakeCapture;
import io.jvswitch.vswitchd.view.DropRemedy;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** pcapng, byte by byte (draft-ietf-opsawg-pcapng, sections 4.1 to 4.6) and as tcpdump reads it. */
final class PcapngWriterTest {

    private static final HexFormat HEX = HexFormat.of();

    private final ByteBuf out = Unpooled.buffer();
    private final PcapngWriter writer = new PcapngWriter(
            1, 64, number -> number == Locations.UNDERLAY ? "underlay" : "tap" + number, ns -> ns + 0x1_0000_0000L);

    private String written() {
        String hex = ByteBufUtil.hexDump(out);
        out.clear();
        return hex;
    }

    /** The length stands before and behind the body. */
    private static String block(String type, String body) {
        int bytes = 12 + body.length() / 2;
        String length = "%02x%02x0000".formatted(bytes & 0xff, bytes >> 8);
        return type + length + body + length;
    }

    private static String text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return "%02x%02x".formatted(bytes.length & 0xff, bytes.length >> 8)
                + HEX.formatHex(bytes)
                + "00".repeat(-bytes.length & 3);
    }

    @Test
    void everyBlockIsAsTheDraftDrawsIt() {
        writer.begin(out);
        assertEquals(
                block(
                                "0a0d0d0a",
                                "4d3c2b1a" + "01000000" + "ffffffffffffffff" + "0400"
                                        + text("jvswitch " + Version.text()) + "00000000")
                        + block(
                                "01000000",
                                "01000000" + "40000000" + "0200" + text("tap1") + "0900010009000000" + "00000000"),
                written());

        byte[] bytes = {1, 2, 3, 4, 5};
        writer.frame(out, FakeCapture.frame(5, true, null, bytes));
        assertEquals(
                block(
                        "06000000",
                        "00000000" + "01000000" + "05000000" + "05000000" + "05000000" + "0102030405000000"
                                + "0200040002000000" + "00000000"),
                written());

        CapturedFrame refused = FakeCapture.frame(6, false, DropReason.SPOOFED_MAC, bytes);
        writer.frame(out, refused);
        assertEquals(
                block(
                                "06000000",
                                "00000000" + "01000000" + "06000000" + "05000000" + "05000000" + "0102030405000000"
                                        + "0100"
                                        + text("dropped: spoofed-mac. " + DropReason.SPOOFED_MAC.meaning() + " "
                                                + DropRemedy.of(DropReason.SPOOFED_MAC))
                                        + "0200040001000000" + "00000000")
                        .length(),
                written().length());

        writer.end(out, 7, 9);
        assertEquals(
                block(
                        "05000000",
                        "00000000" + "00000000" + "09000000" + "05000800" + "0700000000000000" + "08000800"
                                + "0200000000000000" + "00000000"),
                written());
    }

    @Test
    void tcpdumpReadsIt() throws IOException, InterruptedException {
        Peers.require("tcpdump");
        writer.begin(out);
        writer.frame(
                out,
                FakeCapture.frame(
                        1,
                        false,
                        DropReason.SPOOFED_IP,
                        Frames.tcpv4().mss(1_398).bytes()));
        writer.frame(
                out,
                FakeCapture.frame(
                        2,
                        Locations.UNDERLAY,
                        true,
                        null,
                        1_398,
                        TunnelFlags.VXLAN | TunnelFlags.KEYED,
                        false,
                        Frames.udpv4().payload(18).bytes()));
        byte[] headless = {0, 0, 0, 0, 0, 0, 42, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0};
        writer.frame(
                out, FakeCapture.frame(3, Locations.UNDERLAY, false, DropReason.VXLAN_NO_VNI, 0, 0, true, headless));
        writer.end(out, 1, 4);
        String raw = out.toString(StandardCharsets.ISO_8859_1);
        assertTrue(raw.contains("dropped: spoofed-ip. "), raw);
        assertTrue(raw.contains("vxlan vni 42 to 192.0.2.2; superframe of segments with 1398 bytes each"), raw);
        Process tcpdump = new ProcessBuilder("tcpdump", "-nr", "-", "-tt")
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = tcpdump.getOutputStream()) {
            out.readBytes(in, out.readableBytes());
        }
        String text = new String(tcpdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, tcpdump.waitFor(), text);
        assertTrue(
                text.contains("4.294967 IP 10.0.0.10.40000 > 10.0.0.11.80: Flags") && text.contains("mss 1398"), text);
        assertTrue(text.contains("IP 10.0.0.10.40000 > 10.0.0.11.9: UDP, length 18"), text);
        assertTrue(text.contains("IP 192.0.2.2.50000 > 192.0.2.1.4789: VXLAN, flags [invalid] (0x00), vni 42"), text);
    }

    @Test
    void aCaptureWithoutFramesIsAFile() throws IOException, InterruptedException {
        Peers.require("tcpdump");
        writer.begin(out);
        writer.end(out, 0, 0);
        Process tcpdump = new ProcessBuilder("tcpdump", "-nr", "-")
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = tcpdump.getOutputStream()) {
            out.readBytes(in, out.readableBytes());
        }
        String text = new String(tcpdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, tcpdump.waitFor(), text);
    }
}
