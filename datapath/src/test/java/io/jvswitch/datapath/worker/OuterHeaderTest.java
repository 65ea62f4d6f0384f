package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.RuleBridge;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.RuleVersions;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.TunnelTraffic;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.testing.Hex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules on the outer header of what comes by a tunnel: hops, traffic class, VXLAN's group policy. */
final class OuterHeaderTest {

    /** Outer Ethernet, IPv4 and UDP. */
    private static final int OUTER_BYTES = 42;

    private static final int VXLAN_BYTES = 8;
    private static final int POLICY = 1;
    private static final int HOPS = 2;
    private static final int CLASS = 3;
    private static final int OTHERS = 4;
    private static final String REMOTE = "192.0.2.1";
    /** From a socket with the mark 0x480007, and from one without. */
    private static final List<byte[]> LINUX = Hex.frames(Hex.class, "linux-vxlan-gbp.hex");

    private final RuleVersions versions = new RuleVersions();
    private final RuleBridge bridge = new RuleBridge(0, 1, 1, versions);
    private final Worker worker = new Worker(
            0, new WorkerSettings(256, FramePool.JUMBO_BUFFER_BYTES, 64, 64, 60_000_000_000L), new ConductorInbox(16));
    private final MemoryQueue underlay = new MemoryQueue();
    private final List<MemoryQueue> out = new ArrayList<>();
    private long nowNs = 1_000_000_000;

    @BeforeEach
    void start() {
        List<Port> ports = new ArrayList<>();
        for (int number = POLICY; number <= OTHERS; number++) {
            MemoryQueue queue = new MemoryQueue();
            out.add(queue);
            worker.proxy().addPort(number, queue);
            ports.add(new Port.Device(number, "p" + number, 0, 1_500, true));
        }
        ports.add(new Port.Tunnel(
                Locations.ofTunnel(0),
                "vx0",
                0,
                TunnelKind.VXLAN,
                null,
                null,
                Port.Tunnel.KEY_OF_FLOW,
                4_789,
                0,
                TunnelTraffic.of(1)));
        worker.proxy().setTunnel(TunnelKind.VXLAN, underlay, List.of(underlay), null);
        bridge.add(0, 40, step -> step.output(POLICY), FlowField.TUNNEL_GBP_ID, 7, FlowField.TUNNEL_GBP_FLAGS, 0x48);
        bridge.add(0, 30, step -> step.output(HOPS), FlowField.TUNNEL_TTL, 17);
        bridge.add(0, 20, step -> step.output(CLASS), FlowField.TUNNEL_TOS, 0xb8);
        bridge.add(0, 10, step -> step.output(OTHERS));
        bridge.publish();
        worker.proxy().publish(new Snapshot(1, ports, List.of(bridge), versions));
    }

    @AfterEach
    void close() {
        worker.close();
    }

    private static byte[] inner(byte[] captured) {
        return Arrays.copyOfRange(captured, OUTER_BYTES + VXLAN_BYTES, captured.length);
    }

    /** The datagram arrives; gives the port that its frame leaves by. */
    private int arrive(byte[] captured, int hops, int trafficClass) {
        underlay.offer(Arrays.copyOfRange(captured, OUTER_BYTES, captured.length), REMOTE);
        underlay.describe(frame -> {
            frame.setOuterHops(hops);
            frame.setOuterTrafficClass(trafficClass);
        });
        for (int i = 0; i < 4; i++) {
            nowNs += 1_000;
            worker.doWork(nowNs);
        }
        int left = 0;
        for (int i = 0; i < out.size(); i++) {
            for (MemoryQueue.Sent sent : out.get(i).drain()) {
                assertEquals(0, left, "sent once");
                assertArrayEquals(inner(captured), sent.bytes());
                left = i + 1;
            }
        }
        return left;
    }

    @Test
    void eachIsThereForRules() {
        assertEquals(POLICY, arrive(LINUX.get(0), 64, 0));
        assertEquals(HOPS, arrive(LINUX.get(1), 17, 0xb8));
        assertEquals(CLASS, arrive(LINUX.get(1), 64, 0xb8));
        assertEquals(OTHERS, arrive(LINUX.get(1), 64, 0));
        assertEquals(POLICY, arrive(LINUX.get(0), 17, 0xb8), "and is the frame's own, not that of the frame before");
        assertEquals(OTHERS, arrive(LINUX.get(1), 16, 0xb9));
    }

    /** What no rule asks for does not part flows. */
    @Test
    void aFlowIsMadeForWhatWasAskedFor() {
        arrive(LINUX.get(0), 64, 0);
        arrive(LINUX.get(0), 63, 0);
        arrive(LINUX.get(0), 62, 0xb8);
        assertEquals(1, worker.flows().size());
        worker.flows().forEach(flow -> assertTrue(flow.match().contains("gbp_id=7,gbp_flags=0x48"), flow.match()));
    }
}
