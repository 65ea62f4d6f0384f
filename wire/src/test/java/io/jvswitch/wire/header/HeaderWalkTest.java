package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Captures;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.RandomFrames;
import io.jvswitch.wire.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * All headers of a frame together: valid frames pass every check, damaged ones give reasons and nothing ever leaves the
 * frame.
 */
class HeaderWalkTest {

    @Test
    void whatOthersSentPasses() {
        for (String capture : List.of(
                "linux-arp-ping",
                "linux-nd-ping",
                "linux-tcp",
                "linux-udp",
                "linux-fragments",
                "linux-too-big",
                "linux-vxlan-ipv4",
                "linux-vxlan-ipv6",
                "dhcp-udhcpc",
                "dhcp-dhclient",
                "ovs-gre",
                "ovs-geneve",
                "ovs-vlan")) {
            for (byte[] frame : Captures.frames(capture)) {
                assertNull(HeaderWalk.frame(MemorySegment.ofArray(frame)), capture);
            }
        }
    }

    @Test
    void validFramesPass() {
        RandomFrames random = new RandomFrames(Seed.random(getClass()));
        for (int i = 0; i < 10_000; i++) {
            byte[] frame = random.next().bytes();
            assertNull(HeaderWalk.frame(MemorySegment.ofArray(frame)), () -> Hex.text(frame));
        }
    }

    @Test
    void damagedFramesGiveReasonsAndNeverThrow() {
        RandomFrames random = new RandomFrames(Seed.random(getClass()));
        Set<DropReason> seen = EnumSet.noneOf(DropReason.class);
        for (int i = 0; i < 50_000; i++) {
            byte[] frame = random.mutated();
            try {
                DropReason reason = HeaderWalk.frame(MemorySegment.ofArray(frame));
                if (reason != null) {
                    seen.add(reason);
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("frame:\n" + Hex.text(frame), e);
            }
        }
        // Every kind of damage to these headers turns up; the seed is printed should that ever not be so.
        assertTrue(
                seen.containsAll(EnumSet.of(
                        DropReason.ETHERNET_TRUNCATED,
                        DropReason.IPV4_TRUNCATED,
                        DropReason.IPV4_BAD_VERSION,
                        DropReason.IPV4_BAD_HEADER_LENGTH,
                        DropReason.IPV4_BAD_TOTAL_LENGTH,
                        DropReason.IPV6_BAD_PAYLOAD_LENGTH,
                        DropReason.TCP_BAD_DATA_OFFSET,
                        DropReason.UDP_BAD_LENGTH)),
                seen::toString);
    }
}
