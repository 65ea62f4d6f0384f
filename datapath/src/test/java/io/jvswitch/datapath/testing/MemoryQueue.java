package io.jvswitch.datapath.testing;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.PortQueue;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Hex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A port without a device: what is offered is received, what is transmitted can be looked at. For one thread. */
public final class MemoryQueue implements PortQueue {

    /**
     * What was transmitted: the bytes, where to and with which traffic class when it is a datagram of the underlay, and
     * what was left to the device.
     */
    @SuppressWarnings("ArrayRecordComponent") // looked at, never compared
    public record Sent(
            byte[] bytes,
            IpAddress remote,
            int remotePort,
            int gsoType,
            int gsoSizeBytes,
            int gsoHeaderBytes,
            int checksumState,
            int outerTrafficClass) {
        /** The bytes as hexadecimal text. */
        public String hex() {
            return Hex.text(bytes);
        }
    }

    private final Queue<Consumer<Frame>> arriving = new ArrayDeque<>();
    private final List<Sent> sent = new ArrayList<>();
    private final Queue<DropReason> refusals = new ArrayDeque<>();
    private @Nullable DropReason failure;
    private int receiveDrops;
    private boolean gone;
    private int throwAfter = -1;
    private int offloads = Offload.NONE;

    /**
     * What the device takes unfinished, a set of {@link Offload} bits; to be said before the switch runs for the first
     * time.
     */
    public MemoryQueue offloading(int bits) {
        offloads = bits;
        return this;
    }

    @Override
    public int offloads() {
        return offloads;
    }

    /** The frame arrives at the next receive, with the offload fields that the builder gives it. */
    public void offer(FrameBuilder builder) {
        arriving.add(builder::into);
    }

    /** Changes the fields of the frame that was offered first and has not arrived: a device that lies. */
    public void describe(Consumer<Frame> lie) {
        Consumer<Frame> first = arriving.remove();
        arriving.add(first.andThen(lie));
    }

    /** A train of datagrams of that many bytes each arrives from a remote VTEP at the next receive. */
    public void offerTrain(byte[] bytes, int sizeBytes, String remote) {
        IpAddress address = IpAddress.parse(remote);
        arriving.add(frame -> {
            Hex.fill(frame, bytes);
            frame.setRemote(address.hi(), address.lo(), 50_000);
            frame.setGso(Frame.GSO_UDP_L4, sizeBytes, 0);
        });
    }

    /** The frame arrives at the next receive. */
    public void offer(byte[] bytes) {
        arriving.add(frame -> Hex.fill(frame, bytes));
    }

    /** The datagram arrives from a remote VTEP at the next receive. */
    public void offer(byte[] bytes, String remote) {
        IpAddress address = IpAddress.parse(remote);
        arriving.add(frame -> {
            Hex.fill(frame, bytes);
            frame.setRemote(address.hi(), address.lo(), 50_000);
        });
    }

    /** The next frame to transmit is refused for that reason; can be queued. */
    public void refuse(DropReason reason) {
        refusals.add(reason);
    }

    /** The next call to transmit throws after it took some frames: a defect below the worker. */
    public void throwAfter(int frames) {
        throwAfter = frames;
    }

    /** The device vanishes. */
    public void vanish() {
        gone = true;
    }

    /** What was transmitted since the last call. */
    public List<Sent> drain() {
        List<Sent> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    @Override
    public int receive(FramePool pool, FrameBatch into) {
        if (gone) {
            return GONE;
        }
        int received = 0;
        while (!into.isFull() && !arriving.isEmpty()) {
            Consumer<Frame> next = arriving.remove();
            Frame frame = pool.take();
            if (frame == null) {
                receiveDrops++;
                continue;
            }
            next.accept(frame);
            into.add(frame);
            received++;
        }
        return received;
    }

    @Override
    public int transmit(FrameBatch batch, int from) {
        failure = null;
        for (int i = from; i < batch.size(); i++) {
            if (throwAfter == i - from) {
                throwAfter = -1;
                throw new IllegalStateException("the device is broken");
            }
            DropReason refusal = refusals.poll();
            if (refusal != null) {
                failure = refusal;
                return i - from;
            }
            Frame frame = batch.get(i);
            sent.add(new Sent(
                    Hex.bytes(frame),
                    new IpAddress(frame.remoteHi(), frame.remoteLo()),
                    frame.remotePort(),
                    frame.gsoType(),
                    frame.gsoSizeBytes(),
                    frame.gsoHeaderBytes(),
                    frame.checksumState(),
                    frame.outerTrafficClass()));
        }
        return batch.size() - from;
    }

    @Override
    public @Nullable DropReason transmitFailure() {
        return failure;
    }

    @Override
    public @Nullable String transmitError() {
        return failure == DropReason.TX_REFUSED ? "send: EINVAL" : null;
    }

    @Override
    public int takeReceiveDrops() {
        int drops = receiveDrops;
        receiveDrops = 0;
        return drops;
    }

    @Override
    public int fd() {
        return -1;
    }
}
