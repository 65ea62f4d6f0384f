package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Action;
import io.jvswitch.datapath.translate.PushNsh;
import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.testkit.AllocationMeter;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.MplsHeader;
import io.jvswitch.wire.header.NshHeader;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every action but those that go to the conductor, on packets of each family: the steady state allocates nothing. */
final class ActionAllocationTest {

    private static final int OUT = 2;
    private static final int BURSTS = 500;

    enum Kind {
        UDP4(Frames.udpv4().payload(100)),
        TCP6(Frames.tcpv6().payload(100)),
        SCTP(Frames.ipv4().sctp(1, 2, 3).payload(100)),
        ICMPV6(Frames.pingv6()),
        ARP(Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B)),
        SOLICITATION(Frames.ipv6().neighbourSolicitation(Frames.IP6_B, Frames.MAC_A));

        @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
        private final byte[] bytes;

        Kind(FrameBuilder frame) {
            bytes = frame.bytes();
        }
    }

    private static List<Action> everyAction() {
        Action output = new Action.Output(OUT);
        List<Action> list = new ArrayList<>();
        for (FlowField field : SetField.WRITABLE) {
            if (field == FlowField.IP_TTL) {
                continue; // or the next action would end its way
            }
            list.add(field.isWide() ? new SetField(field, 0, 7, -1, 7) : SetField.of(field, 1, 1));
        }
        list.addAll(List.of(
                output,
                new Action.LowerTtl(Action.TtlOf.IP, null),
                new Action.Meter(1, Action.Meter.Unit.KILOBITS, Action.Meter.MAX_RATE, Action.Meter.MAX_RATE),
                new Action.Hash(3),
                new Action.PushVlan(EtherType.VLAN, 1, 7),
                SetField.of(FlowField.VLAN_TCI, 8, 0xfff),
                new Action.Truncate(40),
                output,
                new Action.PopVlan(),
                new Action.PushMpls(EtherType.MPLS_UNICAST, MplsHeader.entryOf(29, 0, true, 64)),
                new Action.LowerTtl(Action.TtlOf.MPLS, null),
                SetField.of(FlowField.MPLS_LABEL, 77),
                output,
                new Action.PopMpls(EtherType.IPV4),
                new PushNsh(
                        0,
                        63,
                        NshHeader.MD_TYPE_1,
                        NshHeader.NEXT_ETHERNET,
                        1,
                        2,
                        List.of(1_000_000, 2_000_000, 3_000_000, 4_000_000)),
                new Action.LowerTtl(Action.TtlOf.NSH, null),
                SetField.of(FlowField.NSH_C1, 77),
                new Action.PushEthernet(1, 2),
                output,
                new Action.PopEthernet(),
                new Action.PopNsh(),
                output));
        return list;
    }

    @ParameterizedTest
    @EnumSource
    void aBurstAllocatesNothing(Kind kind) {
        List<Action> list = everyAction();
        try (TestSwitch sw = new TestSwitch(OUT, 512, 16, step -> {
            for (int i = 0; i < list.size(); i++) {
                step.add(list.get(i));
            }
        })) {
            LoopQueue in = new LoopQueue(kind.bytes);
            sw.worker().proxy().removePort(1, () -> {});
            sw.worker().proxy().removePort(OUT, () -> {});
            sw.worker().proxy().addPort(1, in);
            sw.worker().proxy().addPort(OUT, new LoopQueue(kind.bytes));
            sw.worker().doWork(sw.nowNs());
            AllocationMeter.awaitNone(BURSTS + " bursts", () -> {
                for (int i = 0; i < BURSTS; i++) {
                    in.refill();
                    sw.worker().doWork(sw.nowNs());
                }
            });
            long came = sw.count(1, PortCounters.Kind.RX_FRAMES);
            assertTrue(came > 0);
            assertEquals(5 * came, sw.count(OUT, PortCounters.Kind.TX_FRAMES), "each action was carried out");
        }
    }
}
