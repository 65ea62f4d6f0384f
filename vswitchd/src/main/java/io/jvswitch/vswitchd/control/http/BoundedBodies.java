package io.jvswitch.vswitchd.control.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Gathers a request's body up to a bound, and says of one that is larger what every other refusal says; netty's own
 * answer is empty.
 */
final class BoundedBodies extends HttpObjectAggregator {

    BoundedBodies(int mostBytes) {
        super(mostBytes, true);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        context.writeAndFlush(ControlHandler.tooLarge(context.alloc(), oversized, maxContentLength()))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** A client that asks first, as curl does for more than a megabyte. */
    @Override
    protected Object newContinueResponse(HttpMessage start, int mostBytes, ChannelPipeline pipeline) {
        Object answer = super.newContinueResponse(start, mostBytes, pipeline);
        return answer instanceof FullHttpResponse response
                        && response.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)
                ? ControlHandler.tooLarge(pipeline.channel().alloc(), start, mostBytes)
                : answer;
    }
}
