package io.jvswitch.bench.datapath;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.PortQueue;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A port without a device and without cost of its own: each receive yields one burst of copies of the given frames, in
 * turn, and what is transmitted is only counted.
 */
final class LoopPort implements PortQueue {

    private final MemorySegment[] templates;
    private final int burst;
    private final int offloads;
    private final Consumer<Frame> describe;
    private final long remoteHi;
    private final long remoteLo;
    private int next;
    private int left = Integer.MAX_VALUE;
    private int inTurn;
    private long transmitted;

    /**
     * @param burst frames a receive; 0 for a port that only takes
     * @param remote the VTEP that they come from, or null for a guest's port
     * @param offloads what it takes unfinished, a set of {@link io.jvswitch.wire.Offload} bits
     * @param describe sets the offload fields of what arrives
     * @param templates what arrives
     */
    LoopPort(int burst, @Nullable IpAddress remote, int offloads, Consumer<Frame> describe, byte[]... templates) {
        this.burst = burst;
        this.offloads = offloads;
        this.describe = describe;
        remoteHi = remote == null ? 0 : remote.hi();
        remoteLo = remote == null ? 0 : remote.lo();
        this.templates = new MemorySegment[templates.length];
        for (int i = 0; i < templates.length; i++) {
            this.templates[i] = MemorySegment.ofArray(templates[i]);
        }
        inTurn = templates.length;
    }

    /** Lets no more than that many frames arrive from now on. */
    void limit(int frames) {
        left = frames;
    }

    /** From now on only the first templates arrive, in turn. */
    void repeat(int templatesInTurn) {
        inTurn = templatesInTurn;
        next = 0;
    }

    /** Frames taken since the start. */
    long transmitted() {
        return transmitted;
    }

    @Override
    public int receive(FramePool pool, FrameBatch into) {
        int received = 0;
        int most = Math.min(burst, left);
        while (received < most && !into.isFull()) {
            Frame frame = pool.take();
            if (frame == null) {
                break;
            }
            MemorySegment template = templates[next];
            next = next + 1 == inTurn ? 0 : next + 1;
            frame.resize((int) template.byteSize());
            MemorySegment.copy(template, 0, frame.segment(), frame.start(), template.byteSize());
            frame.setRemote(remoteHi, remoteLo, 0);
            describe.accept(frame);
            into.add(frame);
            received++;
        }
        if (left != Integer.MAX_VALUE) {
            left -= received;
        }
        return received;
    }

    @Override
    public int transmit(FrameBatch batch, int from) {
        transmitted += batch.size() - from;
        return batch.size() - from;
    }

    @Override
    public @Nullable DropReason transmitFailure() {
        return null;
    }

    @Override
    public int offloads() {
        return offloads;
    }

    @Override
    public int fd() {
        return -1;
    }
}
