package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.normal.NormalNews;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.IpAddress;
import org.junit.jupiter.api.Test;

/** Who floods fills its own share only. */
final class ConductorInboxTest {

    private final ConductorInbox inbox = new ConductorInbox(1_024);
    private final Fdb fdb = new Fdb(16);

    private ConductorEvent learn(int location) {
        return new ConductorEvent.FromTranslation(new NormalNews.Learn(0, fdb, 0x0200_0000_0001L, 0, location), 1);
    }

    /** How many events one sender can leave. */
    private int flood(ConductorEvent event) {
        int taken = 0;
        while (inbox.offer(event)) {
            taken++;
        }
        return taken;
    }

    @Test
    void oneThatFloodsLeavesRoomForAllOthers() {
        int first = flood(learn(1));
        assertTrue(first > 64 && first <= 1_024 / 8, "one alone: " + first);
        for (int port = 2; port <= 30; port++) {
            assertTrue(flood(learn(port)) > 0, "port " + port);
        }
        assertTrue(inbox.offer(learn(Locations.ofTunnel(3))));
        assertTrue(inbox.offer(
                new ConductorEvent.FromTranslation(new NormalNews.NewVtep(IpAddress.parse("192.0.2.2")), 1)));
        assertTrue(inbox.offer(new ConductorEvent.PortGone(1)), "the switch's own news");
    }

    @Test
    void aShareIsBoundedHoweverLargeTheQueue() {
        ConductorInbox large = new ConductorInbox(65_536);
        for (int i = 0; i < ConductorInbox.MAX_PER_SENDER; i++) {
            assertTrue(large.offer(learn(1)));
        }
        assertFalse(large.offer(learn(1)));
        assertTrue(large.offer(learn(2)));
    }

    @Test
    void whatWasTakenMakesRoomForTheSenderAgain() {
        int first = flood(learn(1));
        for (int i = 0; i < first; i++) {
            assertNotNull(inbox.poll());
        }
        assertEquals(first, flood(learn(1)));
    }

    @Test
    void vtepsHaveSharesOfTheirOwn() {
        flood(learn(Locations.ofTunnel(1)));
        assertFalse(inbox.offer(learn(Locations.ofTunnel(1))));
        assertTrue(inbox.offer(learn(Locations.ofTunnel(2))));
        assertTrue(inbox.offer(learn(Locations.UNDERLAY - 1)), "the last port");
    }

    @Test
    void whoWantsMoreIsToldOfOnceAtATime() {
        flood(learn(7));
        flood(learn(7));
        flood(learn(Locations.ofTunnel(0)));
        assertEquals(7, inbox.takeOverdrawn());
        assertEquals(Locations.UNDERLAY + 1, inbox.takeOverdrawn());
        assertEquals(-1, inbox.takeOverdrawn());
        flood(learn(7));
        assertEquals(7, inbox.takeOverdrawn());
    }
}
