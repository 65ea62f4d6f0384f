package io.jvswitch.tap;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A queue's table of slots, through which one native call moves a burst of frames: Java writes where each frame's bytes
 * are, C writes how many came and from where. Field for field {@code struct jvs_slot} of slot.h, in the machine's byte
 * order.
 *
 * <pre>
 *   0  address       8    first byte of the room to fill, or of the frame to send
 *   8  capacity      4    receive: bytes that C may write at the address
 *  12  length        4    receive: bytes written; transmit: bytes to send
 *  16  remote       16    two halves, high first; receive: where from; transmit: where to
 *  32  local        16    two halves, high first; our own address, 0 leaves the choice to the socket
 *  48  remote port   2
 *  50  segment size  2    UDP GSO or GRO: bytes of each datagram, 0 for a single one
 *  52  VLAN TPID     2    receive, {@link #TAGGED}: 0x8100 or 0x88a8
 *  54  VLAN TCI      2    receive, {@link #TAGGED}: priority, drop-eligible indicator and VLAN id
 *  56  status        4    transmit: -errno of the slot that stopped the burst
 *  60  flags         1    receive: {@link #TRUNCATED}, {@link #MALFORMED}, {@link #TAGGED}
 *  61  hops          1    receive: TTL or hop limit of the outer IP header
 *  62  offset        1    receive: bytes of outer IP header before the payload, at most 60
 *  63  traffic class 1    of the outer IP header, DSCP and ECN
 * </pre>
 *
 * <p>Only ranges of a frame's own segment go into it, so C never touches memory outside a buffer, whatever a frame's
 * fields say. The table's memory is freed when the queue is unreachable, never during a call.
 *
 * <p>Also holds the frames that are waiting to be filled. How many follows the traffic: a few on a quiet queue, where
 * most calls find nothing, up to a full burst. Allocates nothing after construction. Single-threaded, like its queue.
 */
final class BurstTable {

    static final int SLOT_BYTES = 64;
    static final int ADDRESS = 0;
    static final int CAPACITY = 8;
    static final int LENGTH = 12;
    static final int REMOTE_HIGH = 16;
    static final int REMOTE_LOW = 24;
    static final int LOCAL_HIGH = 32;
    static final int LOCAL_LOW = 40;
    static final int REMOTE_PORT = 48;
    static final int SEGMENT_SIZE = 50;
    static final int VLAN_TPID = 52;
    static final int VLAN_TCI = 54;
    static final int STATUS = 56;
    static final int FLAGS = 60;
    static final int HOPS = 61;
    static final int OFFSET = 62;
    static final int TRAFFIC_CLASS = 63;

    /** {@link #FLAGS}: the frame was longer than the slot's buffer. */
    static final int TRUNCATED = 1;
    /** {@link #FLAGS}: the outer IP header does not parse. */
    static final int MALFORMED = 2;
    /** {@link #FLAGS}: the kernel took a VLAN tag out of the frame. */
    static final int TAGGED = 4;

    static final int SLOTS = FrameBatch.BURST_FRAMES;

    private static final int QUIET_FRAMES = 4;

    private final MemorySegment table;
    private final @Nullable Frame[] prepared = new Frame[SLOTS];
    private int asking = QUIET_FRAMES;

    BurstTable() {
        table = Arena.ofAuto().allocate((long) SLOTS * SLOT_BYTES, SLOT_BYTES);
    }

    /** For the natives; valid as long as this object is reachable. */
    long address() {
        return table.address();
    }

    /**
     * Takes empty frames from the pool and makes slots of them, from slot 0 on.
     *
     * @param room most frames to take
     * @param front bytes before the frame's first byte that the kernel fills as well (a virtio-net or IPv4 header), at
     *     most the headroom
     * @return slots that are ready; fewer than asked for when the pool is empty
     */
    int prepare(FramePool pool, int room, int front) {
        int wanted = Math.min(asking, room);
        for (int i = 0; i < wanted; i++) {
            Frame frame = pool.take();
            if (frame == null) {
                return i;
            }
            prepared[i] = frame;
            long at = (long) i * SLOT_BYTES;
            int start = frame.start() - front;
            table.set(ValueLayout.JAVA_LONG, at + ADDRESS, frame.address() + start);
            table.set(ValueLayout.JAVA_INT, at + CAPACITY, frame.capacity() - start);
        }
        return wanted;
    }

    /** The frame of a filled slot, which is the caller's from now on. */
    Frame takeFrame(int slot) {
        Frame frame = prepared[slot];
        if (frame == null) {
            throw new IllegalStateException("slot " + slot + " has no frame");
        }
        prepared[slot] = null;
        return frame;
    }

    /**
     * Returns the frames of slots that were not filled to the pool, and notes how busy the queue is. The last one taken
     * is returned first, which keeps the pool's order: the next burst fills the buffers that are warm in the cache, not
     * those at the far end of this one.
     */
    void returnUnfilled(FramePool pool, int filled, int ready) {
        for (int i = ready - 1; i >= filled; i--) {
            pool.release(takeFrame(i));
        }
        asking = Math.clamp(2L * filled, QUIET_FRAMES, SLOTS);
    }

    /**
     * Makes a slot of the bytes to send.
     *
     * @param at where they begin in the frame's segment
     * @param length how many
     * @throws IndexOutOfBoundsException when they are not inside it
     * @throws IllegalArgumentException when the frame is not in native memory: the kernel can read no other
     */
    void load(int slot, Frame frame, int at, int length) {
        Objects.checkFromIndexSize(at, length, frame.capacity());
        if (frame.address() == 0) {
            throw new IllegalArgumentException("a frame in heap memory cannot be sent to a device");
        }
        long row = (long) slot * SLOT_BYTES;
        table.set(ValueLayout.JAVA_LONG, row + ADDRESS, frame.address() + at);
        table.set(ValueLayout.JAVA_INT, row + LENGTH, length);
    }

    /** Adds a datagram's destination, its segment size, and the traffic class of its outer header. */
    void loadAddresses(int slot, Frame frame, long localHigh, long localLow) {
        long row = (long) slot * SLOT_BYTES;
        table.set(ValueLayout.JAVA_LONG, row + REMOTE_HIGH, frame.remoteHi());
        table.set(ValueLayout.JAVA_LONG, row + REMOTE_LOW, frame.remoteLo());
        table.set(ValueLayout.JAVA_LONG, row + LOCAL_HIGH, localHigh);
        table.set(ValueLayout.JAVA_LONG, row + LOCAL_LOW, localLow);
        table.set(ValueLayout.JAVA_SHORT, row + REMOTE_PORT, (short) frame.remotePort());
        int segmentSize = frame.gsoType() == Frame.GSO_UDP_L4 ? frame.gsoSizeBytes() : 0;
        table.set(ValueLayout.JAVA_SHORT, row + SEGMENT_SIZE, (short) segmentSize);
        table.set(ValueLayout.JAVA_BYTE, row + TRAFFIC_CLASS, (byte) frame.outerTrafficClass());
    }

    int length(int slot) {
        return table.get(ValueLayout.JAVA_INT, (long) slot * SLOT_BYTES + LENGTH);
    }

    long remoteHigh(int slot) {
        return table.get(ValueLayout.JAVA_LONG, (long) slot * SLOT_BYTES + REMOTE_HIGH);
    }

    long remoteLow(int slot) {
        return table.get(ValueLayout.JAVA_LONG, (long) slot * SLOT_BYTES + REMOTE_LOW);
    }

    long localHigh(int slot) {
        return table.get(ValueLayout.JAVA_LONG, (long) slot * SLOT_BYTES + LOCAL_HIGH);
    }

    long localLow(int slot) {
        return table.get(ValueLayout.JAVA_LONG, (long) slot * SLOT_BYTES + LOCAL_LOW);
    }

    int remotePort(int slot) {
        return table.get(ValueLayout.JAVA_SHORT, (long) slot * SLOT_BYTES + REMOTE_PORT) & 0xffff;
    }

    int segmentSize(int slot) {
        return table.get(ValueLayout.JAVA_SHORT, (long) slot * SLOT_BYTES + SEGMENT_SIZE) & 0xffff;
    }

    /** {@link #TAGGED}: priority, drop-eligible indicator and VLAN id of the tag. */
    int vlanTci(int slot) {
        return table.get(ValueLayout.JAVA_SHORT, (long) slot * SLOT_BYTES + VLAN_TCI) & 0xffff;
    }

    /** {@link #TAGGED}: 0x8100 or 0x88a8. */
    int vlanTpid(int slot) {
        return table.get(ValueLayout.JAVA_SHORT, (long) slot * SLOT_BYTES + VLAN_TPID) & 0xffff;
    }

    int offset(int slot) {
        return table.get(ValueLayout.JAVA_BYTE, (long) slot * SLOT_BYTES + OFFSET) & 0xff;
    }

    int flags(int slot) {
        return table.get(ValueLayout.JAVA_BYTE, (long) slot * SLOT_BYTES + FLAGS) & 0xff;
    }

    int hops(int slot) {
        return table.get(ValueLayout.JAVA_BYTE, (long) slot * SLOT_BYTES + HOPS) & 0xff;
    }

    int trafficClass(int slot) {
        return table.get(ValueLayout.JAVA_BYTE, (long) slot * SLOT_BYTES + TRAFFIC_CLASS) & 0xff;
    }

    /** The error number of the slot that stopped a transmission. */
    int errno(int slot) {
        return -table.get(ValueLayout.JAVA_INT, (long) slot * SLOT_BYTES + STATUS);
    }
}
