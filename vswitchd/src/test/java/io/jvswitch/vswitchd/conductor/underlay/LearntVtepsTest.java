package io.jvswitch.vswitchd.conductor.underlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.vswitchd.conductor.network.DhcpService;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.vswitchd.conductor.network.NetworkTables;
import io.jvswitch.vswitchd.config.yaml.ConfigException;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.wire.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** VTEPs that anybody can make up: bounded, aged, and a real one gets its place. */
final class LearntVtepsTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MAX_AGE_NS = 300 * SECOND_NS;
    private static final long MAC = 0x020000000001L;
    private static final IpAddress REAL = IpAddress.parse("192.0.2.7");

    private final VtepTable vteps = new VtepTable(4789, 1);
    private final List<Integer> forgotten = new ArrayList<>();
    private final LearntVteps learnt = new LearntVteps(vteps, address -> 1_500, forgotten::add);
    private final NetworkRuntime blue;
    private long nowNs = -5 * SECOND_NS; // System.nanoTime() may be anything

    LearntVtepsTest() throws ConfigException {
        blue = new NetworkRuntime(
                0,
                Objects.requireNonNull(ConfigReader.read("f", """
                                switch: {name: hv1}
                                underlay: {local-ip: 192.0.2.1}
                                networks: {blue: {tunnel: vxlan, vni: 42, allow-unknown-vteps: true}}
                                """).networks().get("blue")),
                8_192,
                new DhcpService("blue", Path.of("unused"), number -> ""),
                new NetworkTables(address -> 0));
    }

    private static IpAddress forged(int i) {
        return IpAddress.ofIpv4(0xc612_0000 + i); // 198.18.0.0/15
    }

    private void fill() {
        for (int i = 0; i < LearntVteps.MOST; i++) {
            assertTrue(learnt.heard(forged(i), nowNs + i));
        }
        nowNs += SECOND_NS;
    }

    private boolean tick() {
        return learnt.tick(List.of(blue), nowNs, MAX_AGE_NS);
    }

    @Test
    void whereThereIsRoomOneIsKnownAtOnce() {
        assertTrue(learnt.heard(REAL, nowNs));
        assertFalse(learnt.heard(REAL, nowNs), "told by a second worker");
        assertEquals(1, vteps.all().size());
    }

    @Test
    void senderAfterSenderMadeUpPushesNobodyOut() {
        fill();
        for (int i = LearntVteps.MOST; i < 100_000; i++) {
            nowNs += SECOND_NS / 10_000;
            assertFalse(learnt.heard(forged(i), nowNs));
        }
        assertEquals(LearntVteps.MOST, vteps.all().size());
        assertEquals(List.of(), forgotten);
    }

    @Test
    void aRealOneIsHeardAgainAndTakesThePlaceOfTheMostSilent() {
        fill();
        Vtep first = Objects.requireNonNull(vteps.find(forged(0)));
        Vtep second = Objects.requireNonNull(vteps.find(forged(1)));
        blue.fdb().learn(MAC, 0, first.number(), nowNs);
        tick(); // the first was heard after the second
        for (int i = 0; i < 10_000; i++) {
            learnt.heard(forged(LearntVteps.MOST + i), nowNs);
        }
        assertFalse(learnt.heard(REAL, nowNs));
        nowNs += SECOND_NS;
        for (int i = 10_000; i < 20_000; i++) {
            learnt.heard(forged(LearntVteps.MOST + i), nowNs);
        }
        assertTrue(learnt.heard(REAL, nowNs));
        assertNotNull(vteps.find(REAL));
        assertNotNull(vteps.find(forged(0)));
        assertNull(vteps.find(forged(1)));
        assertEquals(List.of(second.number()), forgotten);
    }

    @Test
    void thoseWhoRepeatThemselvesPushOutAFewASecondOnly() {
        fill();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 1_000; i++) {
                nowNs += SECOND_NS / 1_000;
                learnt.heard(forged(LearntVteps.MOST + i), nowNs);
            }
        }
        assertTrue(forgotten.size() >= 60 && forgotten.size() <= 65, "pushed out " + forgotten.size());
        assertEquals(LearntVteps.MOST, vteps.all().size());
    }

    @Test
    void theSilentAreForgottenAndTheConfiguredAreNot() {
        learnt.heard(forged(1), nowNs);
        learnt.heard(forged(2), nowNs);
        learnt.heard(REAL, nowNs);
        int real = Objects.requireNonNull(vteps.find(REAL)).number();
        vteps.of(forged(2), 1_500);
        for (int minute = 0; minute < 6; minute++) {
            blue.fdb().learn(MAC, 0, real, nowNs);
            tick();
            nowNs += 60 * SECOND_NS;
        }
        assertNull(vteps.find(forged(1)));
        assertNotNull(vteps.find(forged(2)));
        assertNotNull(vteps.find(REAL));
        nowNs += MAX_AGE_NS;
        assertTrue(tick());
        assertNull(vteps.find(REAL));
        assertEquals(List.of(forged(2)), vteps.all().stream().map(Vtep::address).toList());
    }

    @Test
    void anIndexRestsBeforeItIsAnothers() {
        learnt.heard(forged(1), nowNs);
        Vtep old = Objects.requireNonNull(vteps.find(forged(1)));
        assertTrue(vteps.isCurrent(old.number(), nowNs));
        vteps.remove(old, nowNs);
        assertFalse(vteps.isCurrent(old.number(), nowNs), "nobody has it");
        Vtep soon = vteps.learn(forged(2), 1_500, nowNs + SECOND_NS);
        assertEquals(Locations.ofTunnel(1), soon.number());
        Vtep later = vteps.learn(forged(3), 1_500, nowNs + 3 * SECOND_NS);
        assertEquals(old.number(), later.number());
        assertFalse(vteps.isCurrent(old.number(), nowNs), "what a worker said of the one before");
        assertTrue(vteps.isCurrent(old.number(), nowNs + 3 * SECOND_NS));
        assertEquals(later, vteps.at(later.number()));
        assertNull(vteps.find(forged(1)));
    }
}
