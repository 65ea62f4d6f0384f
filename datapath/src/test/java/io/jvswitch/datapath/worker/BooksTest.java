package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Offload;
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

    /** Superframes whole, cut, merged, refused and lying, among ports of different abilities. */
    @Test
    void superframesBalance() {
        RandomGenerator random = Seed.random(BooksTest.class);
        try (TestSwitch blue = new TestSwitch(3, 64, 256)) {
            blue.port(2).offloading(Offload.CHECKSUM | Offload.TSO4 | Offload.TSO6 | Offload.ECN | Offload.USO);
            blue.port(3).offloading(Offload.CHECKSUM);
            blue.underlay().offloading(Offload.TRAINS);
            blue.tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2", "192.0.2.3").publish();
            for (int i = 0; i < 3_000; i++) {
                Superframe superframe = new Superframe(
                        random.nextBoolean(),
                        random.nextInt(4) == 0 ? 5 : 0,
                        random.nextBoolean(),
                        random.nextInt(),
                        random.nextInt(100, 1_500),
                        random.nextInt(1, 20_000));
                if (random.nextBoolean()) {
                    blue.port(1 + random.nextInt(3)).offer(superframe.offered());
                } else {
                    int sizeBytes = superframe.datagrams(Superframe.VXLAN_42).getFirst().length;
                    byte[] train = superframe.train(Superframe.VXLAN_42);
                    for (int damage = random.nextInt(3); damage > 0; damage--) {
                        train[random.nextInt(train.length)] ^= (byte) (1 << random.nextInt(8));
                    }
                    int lie = random.nextInt(20) == 0 ? random.nextInt(1, 300) : 0;
                    blue.underlay().offerTrain(train, sizeBytes + lie, "192.0.2.2");
                }
                if (random.nextInt(10) == 0) {
                    blue.underlay().refuse(DropReason.TX_UNREACHABLE);
                    blue.port(2).refuse(DropReason.TX_QUEUE_FULL);
                }
                if (random.nextInt(4) == 0) {
                    blue.run();
                    blue.told();
                    blue.underlay().drain();
                    for (int port = 1; port <= 3; port++) {
                        blue.port(port).drain();
                    }
                    assertEquals(0, blue.leakedFrames(), "after frame " + i);
                    assertEquals(0, blue.imbalance(), "after frame " + i);
                }
            }
            assertTrue(blue.count(Locations.UNDERLAY, PortCounters.Kind.MERGED) > 0);
            assertTrue(blue.count(1, PortCounters.Kind.CREATED) > 0);
        }
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
