package io.jvswitch.vswitchd.conductor.underlay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.DropReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UdpLossesTest {

    @TempDir
    private Path net;

    private long damaged = 1_000;
    private long overruns = 2_000;

    /** As Linux 6.18 writes them. */
    private void write() {
        try {
            Files.writeString(net.resolve("snmp"), """
                    Tcp: RtoAlgorithm InCsumErrors
                    Tcp: 1 77
                    Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
                    Udp: 60 0 9 61 %d 0 %d 0 5
                    UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
                    UdpLite: 0 0 0 0 88 0 99 0 0
                    """.formatted(overruns, damaged));
            Files.writeString(net.resolve("snmp6"), """
                    Ip6InReceives                   \t1
                    Udp6InErrors                    \t9
                    Udp6RcvbufErrors                \t%d
                    Udp6InCsumErrors                \t%d
                    Udp6MemErrors                   \t5
                    UdpLite6RcvbufErrors            \t88
                    UdpLite6InCsumErrors            \t99
                    """.formatted(overruns, damaged));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private UdpLosses begun(boolean ipv4) {
        write();
        UdpLosses losses = new UdpLosses(ipv4, net);
        losses.begin();
        return losses;
    }

    private static Map<DropReason, Long> losses(long overrun, long damaged, long lost) {
        return Map.of(DropReason.RX_OVERRUN, overrun, DropReason.RX_DAMAGED, damaged, DropReason.RX_LOST, lost);
    }

    private Map<DropReason, Long> take(UdpLosses losses, long drops, long newDamaged, long newOverruns) {
        damaged += newDamaged;
        overruns += newOverruns;
        write();
        return losses.take(() -> drops);
    }

    @ParameterizedTest
    @CsvSource({
        // sockets, InCsumErrors, RcvbufErrors: rx-overrun, rx-damaged, rx-lost
        "0,0,0, 0,0,0",
        "7,0,7, 7,0,0",
        "7,7,0, 0,7,0",
        "0,7,0, 0,7,0", // too small to come to a socket
        "5,7,0, 0,7,0",
        "9,4,5, 5,4,0",
        "0,0,8, 0,0,0", // another program's
        "3,0,8, 3,0,0",
        "6,4,8, 2,0,4", // two full buffers at least; four were one or the other
        "6,8,4, 0,4,4"
    })
    void whatIsCertainIsToldAndTheRestIsNot(long drops, long csum, long full, long overrun, long bad, long lost) {
        for (boolean ipv4 : new boolean[] {true, false}) {
            UdpLosses udp = begun(ipv4);
            assertEquals(losses(overrun, bad, lost), take(udp, drops, csum, full));
            assertEquals(losses(0, 0, 0), take(udp, 0, 0, 0), "each is told once");
        }
    }

    /** Between the look at the namespace's counters and that at the sockets' more may be lost. */
    @Test
    void whatTheNamespaceCountsAMomentLaterIsExplainedThen() {
        UdpLosses udp = begun(true);
        assertEquals(losses(7, 0, 0), take(udp, 9, 0, 7));
        assertEquals(losses(2, 0, 0), take(udp, 0, 0, 2));
        assertEquals(losses(0, 3, 0), take(udp, 4, 3, 0));
        assertEquals(losses(0, 1, 0), take(udp, 0, 1, 0));
    }

    @Test
    void whatTheNamespaceNeverCountsIsLost() {
        UdpLosses udp = begun(true);
        assertEquals(losses(0, 0, 0), take(udp, 5, 0, 0));
        assertEquals(losses(0, 0, 5), take(udp, 0, 0, 0));
        assertEquals(losses(0, 0, 0), take(udp, 0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Udp: InDatagrams\nUdp: 1\n", "Udp: RcvbufErrors InCsumErrors\nUdp: x y\n"})
    void whereTheNamespaceTellsNothingTheCauseIsUnknown(String text) throws IOException {
        UdpLosses udp = begun(true);
        Files.writeString(net.resolve("snmp"), text);
        assertEquals(Map.of(DropReason.RX_LOST, 4L), udp.take(() -> 4));
        Files.delete(net.resolve("snmp"));
        assertEquals(Map.of(DropReason.RX_LOST, 2L), udp.take(() -> 2));
        write();
        assertEquals(Map.of(DropReason.RX_LOST, 0L), udp.take(() -> 0));
        assertEquals(losses(1, 0, 0), take(udp, 1, 0, 1));
    }
}
