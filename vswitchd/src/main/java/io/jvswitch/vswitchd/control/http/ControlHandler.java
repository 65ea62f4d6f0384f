package io.jvswitch.vswitchd.control.http;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.ControlRefusedException.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.stream.ChunkedInput;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the one request of a connection; runs on the control server's thread. */
final class ControlHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(ControlHandler.class);
    private static final int ANSWER_TIMEOUT_S = 10;
    /** A reload may have a thousand devices to make. */
    private static final int CHANGE_TIMEOUT_S = 120;

    private final Supplier<@Nullable ControlRoutes> routes;
    private final ChannelGroup answering;
    private boolean asked;
    private @Nullable CaptureBody capture;

    ControlHandler(Supplier<@Nullable ControlRoutes> routes, ChannelGroup answering) {
        this.routes = routes;
        this.answering = answering;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (asked) {
            return;
        }
        asked = true;
        answering.add(context.channel());
        // From here on the client waits for us, and a long answer is under the write timeout.
        context.pipeline().remove(ReadTimeoutHandler.class);
        int timeoutS = request.method().equals(HttpMethod.GET) ? ANSWER_TIMEOUT_S : CHANGE_TIMEOUT_S;
        boolean text = wantsText(request);
        CompletableFuture<Reply> reply;
        try {
            reply = answer(request, text);
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        // The future may complete on the conductor's thread: rendering is done here.
        CompletableFuture<Reply> limited = reply.copy().orTimeout(timeoutS, TimeUnit.SECONDS);
        CompletableFuture<Reply> late = reply;
        limited.handle((answer, failure) -> {
                    if (failure == null) {
                        return answer;
                    }
                    var _ = late.thenAccept(Reply::discard); // should it come after the limit
                    return refusal(failure, text);
                })
                .thenAcceptAsync(answer -> send(context, answer), context.executor())
                .exceptionally(failure -> {
                    LOG.error("control socket: an answer failed", failure);
                    var _ = context.close();
                    return null;
                });
    }

    private CompletableFuture<Reply> answer(FullHttpRequest request, boolean text) {
        if (request.decoderResult().isFailure()) {
            throw invalid("request", request.decoderResult().cause().getMessage(), "is not HTTP");
        }
        ControlRoutes ready = routes.get();
        if (ready == null) {
            throw new ControlRefusedException(
                    Kind.UNAVAILABLE, "switch", null, "is still starting", "try again in a moment");
        }
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        List<String> segments = segments(uri.rawPath());
        List<String> otherMethods = new ArrayList<>();
        for (Route route : ready.all()) {
            Map<String, String> variables = route.match(segments);
            if (variables == null) {
                continue;
            }
            if (route.method().equals(request.method().name())) {
                String body = request.content().toString(StandardCharsets.UTF_8);
                return route.answer().answer(new Route.Request(variables, parameters(uri, route), body, text));
            }
            otherMethods.add(route.method());
        }
        if (otherMethods.isEmpty()) {
            throw new ControlRefusedException(
                    Kind.NOT_FOUND, "request", uri.rawPath(), "no such path", "see docs/reference/control-api.md");
        }
        ControlRefusedException refusal = new ControlRefusedException(
                Kind.INVALID,
                "request",
                request.method().name(),
                "no such method for " + uri.rawPath(),
                "use " + String.join(" or ", otherMethods));
        return CompletableFuture.completedFuture(Reply.refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, refusal, text));
    }

    private static List<String> segments(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (String segment : rawPath.substring(Math.min(1, rawPath.length())).split("/", -1)) {
            try {
                segments.add(QueryStringDecoder.decodeComponent(segment));
            } catch (IllegalArgumentException e) {
                throw invalid("request", rawPath, "a path that cannot be decoded");
            }
        }
        return segments;
    }

    private static Map<String, String> parameters(QueryStringDecoder uri, Route route) {
        Map<String, String> parameters = new HashMap<>();
        uri.parameters().forEach((name, values) -> {
            if (!route.query().contains(name)) {
                String known =
                        route.query().isEmpty() ? "there are none" : "there is " + String.join(" and ", route.query());
                throw invalid("request", name, "no such query parameter of " + route.path() + ": " + known);
            }
            parameters.put(name, values.getLast());
        });
        return parameters;
    }

    private static Reply refusal(Throwable failure, boolean text) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ControlRefusedException refusal) {
            return Reply.refusal(refusal, text);
        }
        if (cause instanceof TimeoutException) {
            return Reply.refusal(
                    new ControlRefusedException(
                            Kind.UNAVAILABLE, "switch", null, "did not answer in time", "look at the daemon's log"),
                    text);
        }
        LOG.error("control socket: a request failed", cause);
        return Reply.refusal(
                HttpResponseStatus.INTERNAL_SERVER_ERROR,
                new ControlRefusedException(
                        Kind.UNAVAILABLE,
                        "switch",
                        null,
                        "failed inside: " + cause,
                        "a defect of jvswitch; report it with the daemon's log"),
                text);
    }

    private static ControlRefusedException invalid(String object, @Nullable String value, String what) {
        return new ControlRefusedException(Kind.INVALID, object, value, what, "see docs/reference/control-api.md");
    }

    private void send(ChannelHandlerContext context, Reply reply) {
        if (reply.capture() != null) {
            stream(context, reply, reply.capture());
            return;
        }
        String first = reply.pieces().hasNext() ? reply.pieces().next() : "";
        if (reply.pieces().hasNext()) {
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, reply.status());
            describe(head, reply);
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            var _ = context.write(head);
            context.writeAndFlush(new HttpChunkedInput(new Pieces(first, reply.pieces())))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        context.writeAndFlush(whole(context.alloc(), reply, first)).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Sends a capture. A client may be as slow as it likes, for it slows down nobody, and ends the capture by closing
     * its side of the connection.
     */
    private void stream(ChannelHandlerContext context, Reply reply, CaptureBody body) {
        Channel channel = context.channel();
        channel.closeFuture().addListener(closed -> body.close());
        if (!channel.isActive()) {
            return;
        }
        capture = body;
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        context.pipeline().remove(WriteTimeoutHandler.class);
        ChunkedWriteHandler chunks = context.pipeline().get(ChunkedWriteHandler.class);
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, reply.status());
        describe(head, reply);
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        head.headers().set(HttpHeaderNames.TRAILER, CaptureBody.CAPTURED + ", " + CaptureBody.LOST);
        var _ = context.write(head);
        ScheduledFuture<?> turns = context.executor()
                .scheduleAtFixedRate(
                        () -> {
                            body.turn();
                            chunks.resumeTransfer();
                        },
                        CaptureBody.TURN_MS,
                        CaptureBody.TURN_MS,
                        TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> turns.cancel(false));
        context.writeAndFlush(new HttpChunkedInput(body, body.trailer())).addListener(ended -> {
            if (!ended.isSuccess()) {
                LOG.debug("control socket: a capture broke off", ended.cause());
            }
            var _ = channel.close();
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent && capture != null) {
            capture.end();
        }
        super.userEventTriggered(context, event);
    }

    private static FullHttpResponse whole(ByteBufAllocator allocator, Reply reply, String text) {
        ByteBuf body = ByteBufUtil.writeUtf8(allocator, text);
        FullHttpResponse whole = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, reply.status(), body);
        describe(whole, reply);
        whole.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return whole;
    }

    /** The refusal of a request whose body is beyond the bound. */
    static FullHttpResponse tooLarge(ByteBufAllocator allocator, HttpMessage request, int mostBytes) {
        Reply reply = Reply.refusal(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                new ControlRefusedException(
                        Kind.INVALID,
                        "request",
                        null,
                        "has a body of more than " + (mostBytes >> 20) + " MiB",
                        "send it in parts, or put it into the configuration file and reload"),
                wantsText(request));
        return whole(allocator, reply, reply.pieces().next());
    }

    private static boolean wantsText(HttpMessage request) {
        return request.headers().get(HttpHeaderNames.ACCEPT, "").contains("text/plain");
    }

    private static void describe(HttpResponse response, Reply reply) {
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException
                || cause instanceof ChannelException
                || cause instanceof PrematureChannelClosureException) {
            LOG.debug("control socket: a client went away", cause);
        } else {
            LOG.warn("control socket: a connection failed: {}", cause.toString());
        }
        var _ = context.close();
    }

    /** Pieces of text, gathered into chunks that are worth sending, as fast as the client takes them. */
    private static final class Pieces implements ChunkedInput<ByteBuf> {

        private static final int CHUNK_CHARS = 64 << 10;

        private @Nullable String first;
        private final Iterator<String> rest;
        private long sentBytes;

        Pieces(String first, Iterator<String> rest) {
            this.first = first;
            this.rest = rest;
        }

        @Override
        public boolean isEndOfInput() {
            return first == null && !rest.hasNext();
        }

        @Override
        @Deprecated
        @SuppressWarnings("InlineMeSuggester")
        public @Nullable ByteBuf readChunk(ChannelHandlerContext context) {
            return readChunk(context.alloc());
        }

        @Override
        public @Nullable ByteBuf readChunk(ByteBufAllocator allocator) {
            if (isEndOfInput()) {
                return null;
            }
            StringBuilder chunk = new StringBuilder();
            if (first != null) {
                chunk.append(first);
                first = null;
            }
            while (chunk.length() < CHUNK_CHARS && rest.hasNext()) {
                chunk.append(rest.next());
            }
            ByteBuf bytes = ByteBufUtil.writeUtf8(allocator, chunk);
            sentBytes += bytes.readableBytes();
            return bytes;
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public long progress() {
            return sentBytes;
        }

        @Override
        public void close() {}
    }
}
