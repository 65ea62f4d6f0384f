package io.jvswitch.ovsdb.jsonrpc;

import io.jvswitch.ovsdb.stream.ErrorText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One connection over which JSON-RPC messages go both ways. Bytes become messages, and messages bytes, on the thread of
 * the {@link io.jvswitch.ovsdb.stream.StreamLoop}, which also calls the listener.
 *
 * <p>A peer that sends something else, or does not read what it is sent, is disconnected; the listener is told once.
 */
public final class JsonRpcConnection extends ChannelInboundHandlerAdapter {

    /** Hears of one connection, on the loop's thread. */
    public interface Listener {

        /** The connection is made: messages can be sent. */
        void opened(JsonRpcConnection connection);

        /** A message has come. */
        void received(JsonRpcConnection connection, JsonRpcMessage message);

        /** It has ended, whoever ended it. The last call. */
        void closed(JsonRpcConnection connection, Closed why);
    }

    private static final Logger LOG = LoggerFactory.getLogger("ovs.jsonrpc");
    /** Written as Open vSwitch does, to the case of hexadecimal digits. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                    .build())
            .build();

    private final String name;
    private final JsonStream input;
    private final long maxBacklogBytes;
    private final Listener listener;
    private final AtomicLong backlogBytes = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();
    private volatile @Nullable ChannelHandlerContext context;
    private @Nullable Closed why;
    private boolean told;

    /**
     * A handler for one channel.
     *
     * @param name the peer's, for logs
     * @param maxMessageBytes longest message that is taken
     * @param maxBacklogBytes how much may wait for a peer that does not read
     */
    public JsonRpcConnection(String name, int maxMessageBytes, long maxBacklogBytes, Listener listener) {
        this.name = name;
        this.input = new JsonStream(maxMessageBytes);
        this.maxBacklogBytes = maxBacklogBytes;
        this.listener = listener;
    }

    /** The peer's name in logs. */
    public String name() {
        return name;
    }

    /** How many bytes have come so far. Any thread. */
    public long receivedBytes() {
        return receivedBytes.get();
    }

    /** How many bytes wait to be sent. Any thread. */
    public long backlogBytes() {
        return backlogBytes.get();
    }

    /** Sends a message, after those sent before. Nothing happens when the connection has ended. Any thread. */
    public void send(JsonRpcMessage message) {
        send(message, () -> {});
    }

    /** As {@link #send(JsonRpcMessage)}; {@code sent} runs on the loop's thread once the kernel has taken it. */
    public void send(JsonRpcMessage message, Runnable sent) {
        ChannelHandlerContext channel = context;
        if (channel == null) {
            return;
        }
        log("send", message);
        byte[] bytes = MAPPER.writeValueAsBytes(message.toJson());
        long backlog = backlogBytes.addAndGet(bytes.length);
        if (backlog > maxBacklogBytes) {
            close(new Closed(
                    "Argument list too long",
                    "sending backlog exceeded maximum size (" + backlog + " > " + maxBacklogBytes
                            + " bytes), disconnecting, jsonrpc: " + name + "."));
            return;
        }
        ChannelFuture written = channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
        var _ = written.addListener(done -> {
            backlogBytes.addAndGet(-bytes.length);
            if (done.isSuccess()) {
                sent.run();
            }
        });
    }

    /** Ends the connection; what was sent before is not waited for. Any thread. */
    public void close() {
        close(new Closed(null, null));
    }

    private void close(Closed reason) {
        ChannelHandlerContext channel = context;
        if (channel != null) {
            channel.executor().execute(() -> {
                if (why == null) {
                    why = reason;
                }
                var _ = channel.close();
            });
        }
    }

    /**
     * Takes no more from the peer until told otherwise: whoever cannot follow lets the kernel hold it back. Any thread.
     */
    public void setReading(boolean reading) {
        ChannelHandlerContext channel = context;
        if (channel != null) {
            channel.channel().config().setAutoRead(reading);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext channel) {
        context = channel;
    }

    @Override
    public void channelActive(ChannelHandlerContext channel) {
        if (channel.pipeline().get(SslHandler.class) == null) {
            listener.opened(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                listener.opened(this);
            } else {
                exceptionCaught(channel, handshake.cause());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        try {
            if (why != null) {
                return;
            }
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            receivedBytes.addAndGet(bytes.length);
            input.feed(bytes, 0, bytes.length, this::take);
        } catch (JsonSyntaxException e) {
            fail(channel, Closed.protocolError(name + ": error parsing stream: " + e.getMessage()));
        } finally {
            buffer.release();
        }
    }

    private void take(JsonNode json) {
        ChannelHandlerContext channel = context;
        if (why != null || channel == null) {
            return;
        }
        try {
            JsonRpcMessage message = JsonRpcMessage.parse(json);
            log("received", message);
            listener.received(this, message);
        } catch (BadMessageException e) {
            fail(channel, Closed.protocolError(name + ": received bad JSON-RPC message: " + e.getMessage()));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext channel) {
        tell(why != null ? why : Closed.BY_PEER);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
        String text = ErrorText.of(cause);
        fail(channel, new Closed(text, name + ": receive error: " + text));
    }

    private void fail(ChannelHandlerContext channel, Closed reason) {
        if (why == null) {
            why = reason;
        }
        var _ = channel.close();
    }

    private void tell(Closed reason) {
        if (!told) {
            told = true;
            listener.closed(this, reason);
        }
    }

    private void log(String title, JsonRpcMessage message) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}: {} {}, {}", name, title, message.kind(), MAPPER.writeValueAsString(message.toJson()));
        }
    }
}
