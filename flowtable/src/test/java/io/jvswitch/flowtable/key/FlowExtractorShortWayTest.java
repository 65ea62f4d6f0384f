package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Extraction has a short way for usual frames and a long one for any: both must say the same of every frame. */
class FlowExtractorShortWayTest {

    private static final List<FrameBuilder> USUAL = List.of(
            Frames.tcpv4(),
            Frames.aToB().ipv4(Frames.IP4_A, Frames.IP4_B).udp(5, 6),
            Frames.ipv4().tos(0xff).ttl(1).dontFragment().udp(0xffff, 0xfffe).payload(1),
            Frames.ipv4().tcp(1, 2).payload(1400));

    private final FlowKey byAnyWay = new FlowKey();
    private final FlowKey byLongWay = new FlowKey();

    /** Compares both ways on a frame whose buffer ends where the frame does, so that a read behind its end fails. */
    private void compare(byte[] bytes, RandomGenerator random) {
        Frame one = Hex.frame(bytes, 0);
        one.setInPort(random.nextInt(3));
        if (random.nextInt(4) == 0) {
            one.setTunnel(random.nextInt(3), random.nextInt(3));
            one.setRemote(random.nextInt(2), random.nextInt(2), 0);
            one.setLocal(random.nextInt(2), random.nextInt(2));
        }
        Frame other = Hex.frame(bytes, 0);
        other.describeAs(one);
        DropReason reason = FlowExtractor.extract(one, byAnyWay);
        assertEquals(FlowExtractor.extractAny(other, byLongWay, byLongWay.present), reason, () -> Hex.text(bytes));
        assertEquals(byLongWay, byAnyWay, () -> Hex.text(bytes));
        assertEquals(byLongWay.present, byAnyWay.present, () -> Hex.text(bytes));
        assertTrue(Arrays.equals(byLongWay.words, byAnyWay.words), () -> Hex.text(bytes));
        if (reason == null) {
            assertEquals(other.l3At(), one.l3At(), () -> Hex.text(bytes));
            assertEquals(other.l4At(), one.l4At(), () -> Hex.text(bytes));
            assertEquals(other.flowHash(), one.flowHash(), () -> Hex.text(bytes));
        }
    }

    @Test
    void onRandomAndOnDamagedFrames() {
        RandomGenerator random = Seed.random(FlowExtractorShortWayTest.class);
        RandomFrames frames = new RandomFrames(random);
        for (int i = 0; i < 40_000; i++) {
            compare(random.nextInt(3) == 0 ? frames.mutated() : frames.next().bytes(), random);
        }
    }

    @Test
    void whenOneByteOfAUsualFramesHeadersIsAnother() {
        RandomGenerator random = Seed.random(FlowExtractorShortWayTest.class);
        for (FrameBuilder usual : USUAL) {
            byte[] bytes = usual.bytes();
            compare(bytes, random);
            for (int at = 0; at < Math.min(bytes.length, 54); at++) {
                byte right = bytes[at];
                for (int value = 0; value < 256; value++) {
                    bytes[at] = (byte) value;
                    compare(bytes, random);
                }
                bytes[at] = right;
            }
        }
    }

    @Test
    void whenAUsualFrameIsCutShort() {
        RandomGenerator random = Seed.random(FlowExtractorShortWayTest.class);
        for (FrameBuilder usual : USUAL) {
            byte[] bytes = usual.bytes();
            for (int length = 0; length < bytes.length; length++) {
                compare(Arrays.copyOf(bytes, length), random);
            }
        }
    }
}
