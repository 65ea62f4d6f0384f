package io.jvswitch.encap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.offload.Layers;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.testing.Frames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class EffectiveMtuTest {

    @ParameterizedTest
    @CsvSource({
        "VXLAN,  true,  false, 1500, 1450",
        "VXLAN,  true,  true,  1500, 1430",
        "GENEVE, true,  false, 1500, 1450",
        "GENEVE, true,  true,  1500, 1430",
        "GRE,    false, false, 1500, 1462",
        "GRE,    true,  false, 1500, 1458",
        "GRE,    false, true,  1500, 1442",
        "GRE,    true,  true,  1500, 1438",
        "VXLAN,  true,  false, 9000, 8950",
        "VXLAN,  true,  false, 50,   0",
        "VXLAN,  true,  false, 20,   0",
    })
    void isWhatThePathLeaves(TunnelKind kind, boolean keyed, boolean ipv6, int pathMtuBytes, int expected) {
        assertEquals(expected, EffectiveMtu.of(kind, keyed, ipv6, pathMtuBytes));
    }

    /** The law behind the numbers: the largest frame, pushed, behind its outer headers, is exactly the path MTU. */
    @ParameterizedTest
    @EnumSource(TunnelKind.class)
    void theLargestFrameFillsThePathExactly(TunnelKind kind) {
        int pathMtuBytes = 1500;
        for (boolean keyed : new boolean[] {false, true}) {
            int frameBytes = EffectiveMtu.maxFrameBytes(kind, keyed, false, pathMtuBytes);
            Frame frame =
                    Frames.ipv4().udp(1, 2).payload(frameBytes - 14 - 20 - 8).frame();
            boolean pushed = switch (kind) {
                case VXLAN -> Vxlan.push(frame, 1);
                case GRE -> Gre.push(frame, keyed, 1);
                case GENEVE -> Geneve.push(frame, 1);
            };
            assertTrue(pushed);
            int outerBytes = kind == TunnelKind.GRE ? 20 : 20 + 8;
            assertEquals(pathMtuBytes, outerBytes + frame.length());
            assertEquals(frameBytes, EffectiveMtu.maxFrameBytes(EffectiveMtu.of(kind, keyed, false, pathMtuBytes)));
        }
    }

    @Test
    void tagsInsideTheTunnelCount() {
        Frame plain = Layers.set(Frames.pingv4().frame());
        Frame tagged = Layers.set(
                Frames.aToB().vlan(7).ipv4(Frames.IP4_A, Frames.IP4_B).udp(1, 2).frame());
        Frame twice = Layers.set(Frames.aToB()
                .vlan(7)
                .vlan(8)
                .ipv4(Frames.IP4_A, Frames.IP4_B)
                .udp(1, 2)
                .frame());
        assertEquals(1450, EffectiveMtu.forFrame(plain, 1450));
        assertEquals(1446, EffectiveMtu.forFrame(tagged, 1450));
        assertEquals(1442, EffectiveMtu.forFrame(twice, 1450));
    }

    @Test
    void kindsHaveTheirNames() {
        assertEquals("vxlan", TunnelKind.VXLAN.label());
        assertEquals("gre", TunnelKind.GRE.label());
        assertEquals("geneve", TunnelKind.GENEVE.label());
        for (TunnelKind kind : TunnelKind.values()) {
            assertEquals(kind, TunnelFlags.kind(kind.flagsValue() | TunnelFlags.KEYED | TunnelFlags.SEQUENCE));
            assertTrue(TunnelFlags.isTunnel(kind.flagsValue()));
        }
    }
}
