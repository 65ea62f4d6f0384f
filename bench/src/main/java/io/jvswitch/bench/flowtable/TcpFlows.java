package io.jvswitch.bench.flowtable;

import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.megaflow.FlowTable;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.TcpHeader;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/**
 * Many TCP flows over IPv4, told apart by source address and port, and a burst of frames that takes their looks in
 * turn: frames are in the first-level cache, as they are when a device has just been read, flows are visited in random
 * order.
 */
final class TcpFlows {

    /** Frames in a burst, as the figures have it. */
    static final int BURST = 32;

    private static final int IP_AT = EthernetHeader.BYTES;
    private static final int TCP_AT = IP_AT + Ipv4Header.BYTES;
    private static final int FRAME_BYTES = 66;
    private static final int PORTS = 16;

    final Frame[] frames = new Frame[BURST];
    final FlowKey[] keys = new FlowKey[BURST];
    private final int[] order;
    private int next;

    TcpFlows(int flows) {
        Arena arena = Arena.ofShared();
        for (int i = 0; i < BURST; i++) {
            frames[i] = new Frame(arena.allocate(2048, 64));
            frames[i].resize(FRAME_BYTES);
            frames[i].setInPort(1);
            long at = frames[i].start();
            EthernetHeader.write(frames[i].segment(), at, 0x0200_0000_0002L, 0x0200_0000_0001L, EtherType.IPV4);
            Ipv4Header.write(
                    frames[i].segment(),
                    at + IP_AT,
                    0,
                    FRAME_BYTES - IP_AT,
                    1,
                    Ipv4Header.FLAG_DF,
                    64,
                    IpProtocol.TCP,
                    0,
                    0x0a00_0002);
            TcpHeader.setSourcePort(frames[i].segment(), at + TCP_AT, 1024);
            TcpHeader.setDestinationPort(frames[i].segment(), at + TCP_AT, 443);
            TcpHeader.setHeaderBytesAndFlags(frames[i].segment(), at + TCP_AT, 32, TcpHeader.FLAG_ACK);
            keys[i] = new FlowKey();
        }
        order = new int[flows];
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < flows; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }

    /** What a translation that needs the whole five-tuple looks at. */
    static FlowMask mask() {
        return new FlowMask()
                .exact(FlowField.RECIRC_ID)
                .exact(FlowField.IN_PORT)
                .exact(FlowField.ETH_SRC)
                .exact(FlowField.ETH_DST)
                .exact(FlowField.ETH_TYPE)
                .exact(FlowField.VLAN_TCI)
                .exact(FlowField.IP_SRC)
                .exact(FlowField.IP_DST)
                .exact(FlowField.IP_PROTO)
                .exact(FlowField.IP_FRAG)
                .exact(FlowField.L4_SRC)
                .exact(FlowField.L4_DST);
    }

    /** The i-th flow in random order. */
    int inOrder(int i) {
        return order[i];
    }

    int count() {
        return order.length;
    }

    /** Gives a frame the look of a flow. */
    void look(Frame frame, int flow) {
        int at = frame.start();
        Ipv4Header.setSource(frame.segment(), at + IP_AT, 0x0b00_0000 + flow / PORTS);
        TcpHeader.setSourcePort(frame.segment(), at + TCP_AT, 1024 + flow % PORTS);
    }

    /** Fills the burst with the next flows in random order. */
    void nextBurst() {
        int at = next;
        for (int i = 0; i < BURST; i++) {
            look(frames[i], order[at]);
            at = at + 1 == order.length ? 0 : at + 1;
        }
        next = at;
    }

    /** Reads the burst's keys. */
    void extract() {
        for (int i = 0; i < BURST; i++) {
            extract(frames[i], keys[i]);
        }
    }

    static void extract(Frame frame, FlowKey key) {
        DropReason reason = FlowExtractor.extract(frame, key);
        if (reason != null) {
            throw new IllegalStateException("the benchmark's own frame is dropped: " + reason);
        }
    }

    /** The key of a flow. */
    FlowKey key(int flow) {
        look(frames[0], flow);
        FlowKey key = new FlowKey();
        extract(frames[0], key);
        return key;
    }

    /** A table that has all flows as megaflows of one mask. */
    FlowTable<String> table(int cacheEntries) {
        FlowTable<String> table = new FlowTable<>(count(), cacheEntries);
        FlowMask mask = mask();
        for (int flow : order) {
            table.insert(key(flow), mask, "output", 1, 0);
        }
        return table;
    }
}
