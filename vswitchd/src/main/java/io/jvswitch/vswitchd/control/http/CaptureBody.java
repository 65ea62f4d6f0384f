package io.jvswitch.vswitchd.control.http;

import io.jvswitch.datapath.capture.CapturedFrame;
import io.jvswitch.vswitchd.capture.CaptureRequest;
import io.jvswitch.vswitchd.capture.CaptureSource;
import io.jvswitch.vswitchd.capture.CaptureWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedInput;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A capture as the body of an answer: made as the client takes it, until the client, the switch, a number of frames or
 * a time ends it. The trailers {@value #CAPTURED} and {@value #LOST} tell how many frames it has and how many it could
 * not keep.
 *
 * <p>A client that is slow leaves frames in the workers' rings, until those are full. One that is fast gets so much at
 * a turn that other clients' requests are answered in between.
 *
 * <p>The control server's thread, except for {@link #close}.
 */
final class CaptureBody implements ChunkedInput<ByteBuf> {

    /** Trailer: frames in the body. */
    static final String CAPTURED = "Jvswitch-Captured";
    /** Trailer: frames that the client was too slow for. */
    static final String LOST = "Jvswitch-Lost";

    /** How often the rings are looked into. */
    static final int TURN_MS = 10;

    private static final int TURN_BYTES = 4 << 20;
    private static final int FRAMES_AT_ONCE = 16;
    private static final int CHUNK_BYTES = 64 << 10;

    private final CaptureSource source;
    private final CaptureRequest request;
    private final CaptureWriter writer;
    private final LastHttpContent trailer = new DefaultLastHttpContent();
    private final long beganNs = System.nanoTime();
    private long captured;
    private long sentBytes;
    private int turnBytes = TURN_BYTES;
    private boolean begun;
    private boolean ending;
    private boolean finished;

    CaptureBody(CaptureSource source, CaptureRequest request, CaptureWriter writer) {
        this.source = source;
        this.request = request;
        this.writer = writer;
    }

    /** What ends the chunks; its trailers are right when it is sent. */
    LastHttpContent trailer() {
        return trailer;
    }

    /** A turn begins: there may be more to send. */
    void turn() {
        turnBytes = TURN_BYTES;
    }

    /** The client wants no more than what has been captured. */
    void end() {
        ending = true;
        source.close();
    }

    @Override
    public boolean isEndOfInput() {
        return finished;
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester")
    public @Nullable ByteBuf readChunk(ChannelHandlerContext context) {
        return readChunk(context.alloc());
    }

    @Override
    public @Nullable ByteBuf readChunk(ByteBufAllocator allocator) {
        if (finished || turnBytes <= 0) {
            return null;
        }
        boolean last = ending || source.hasEnded() || hasTimedOut() || isComplete();
        if (last) {
            end();
        }
        ByteBuf out = allocator.buffer();
        boolean done = false;
        try {
            fill(out, last);
            done = true;
        } finally {
            if (!done) {
                out.release();
            }
        }
        if (!out.isReadable()) {
            out.release();
            return finished ? allocator.buffer(0, 0) : null;
        }
        turnBytes -= out.readableBytes();
        sentBytes += out.readableBytes();
        return out;
    }

    private void fill(ByteBuf out, boolean last) {
        if (!begun) {
            begun = true;
            writer.begin(out);
        }
        boolean empty = false;
        while (!empty && !isComplete() && out.readableBytes() < CHUNK_BYTES) {
            empty = source.drain(FRAMES_AT_ONCE, frame -> add(out, frame)) == 0;
        }
        if (last && empty || isComplete()) {
            source.close();
            finished = true;
            long lost = source.lost();
            writer.end(out, lost, source.epochNs(System.nanoTime()));
            trailer.trailingHeaders().set(CAPTURED, captured).set(LOST, lost);
        }
    }

    private void add(ByteBuf out, CapturedFrame frame) {
        if (!isComplete()) {
            captured++;
            writer.frame(out, frame);
        }
    }

    private boolean isComplete() {
        return request.count() > 0 && captured >= request.count();
    }

    private boolean hasTimedOut() {
        return request.seconds() > 0 && System.nanoTime() - beganNs >= TimeUnit.SECONDS.toNanos(request.seconds());
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public long progress() {
        return sentBytes;
    }

    /** The client is gone. */
    @Override
    public void close() {
        source.close();
    }
}
