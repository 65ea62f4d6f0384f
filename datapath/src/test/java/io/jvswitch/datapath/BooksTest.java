package io.jvswitch.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whatever arrives, every frame ends in exactly one way, and every buffer comes back. */
final class BooksTest {

    @Test
    void randomAndMutatedFramesBalance() {
        RandomGenerator random = Seed.random(BooksTest.class);
        RandomFrames frames = new RandomFrames(random);
        try (TestSwitch blue = new TestSwitch(3)
                .tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2", "192.0.2.3")
                .host("02:00:00:00:00:02", "10.0.0.12", "192.0.2.2")
                .bind(1, Frames.MAC_A, Frames.IP4_A)
                .dhcp("02:00:00:00:00:d0")
                .publish()) {
            for (int i = 0; i < 20_000; i++) {
                int from = random.nextInt(4);
                byte[] bytes = random.nextInt(3) == 0
                        ? frames.mutated()
                        : frames.next().bytes();
                if (from == 0) {
                    blue.sendFromTunnel("192.0.2.2", random.nextBoolean() ? bytes : tunnelled(bytes));
                } else {
                    blue.send(from, bytes);
                }
                if (random.nextInt(50) == 0) {
                    blue.underlay().refuse(DropReason.TX_QUEUE_FULL);
                }
                if (random.nextInt(500) == 0) {
                    blue.pathMtu(1_280 + random.nextInt(300)).publish();
                }
                if (random.nextInt(100) == 0) {
                    blue.told();
                    blue.underlay().drain();
                    blue.port(1).drain();
                    blue.port(2).drain();
                    blue.port(3).drain();
                    blue.advanceNs(1_000_000_000);
                }
                assertEquals(0, blue.leakedFrames(), "after frame " + i);
                if (i % 200 == 0) {
                    assertEquals(0, blue.imbalance(), "after frame " + i);
                }
            }
            assertEquals(0, blue.imbalance(), "at the end");
        }
    }

    private static byte[] tunnelled(byte[] inner) {
        byte[] datagram = new byte[inner.length + 8];
        datagram[0] = 8;
        datagram[6] = 42;
        System.arraycopy(inner, 0, datagram, 8, inner.length);
        return datagram;
    }

    @Test
    void runningOutOfFramesIsCountedAndPasses() {
        try (TestSwitch small = new TestSwitch(3, 2, 64)) {
            byte[] broadcast =
                    Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, "10.0.0.77").bytes();
            for (int i = 0; i < 5; i++) {
                small.port(1).offer(broadcast);
            }
            small.run();
            assertEquals(0, small.imbalance());
            assertEquals(0, small.leakedFrames());
            assertEquals(true, small.dropped(1, DropReason.NO_BUFFER) > 0);
            small.port(2).drain();
            small.send(1, broadcast);
            assertEquals(1, small.port(2).drain().size());
        }
    }
}
