package io.jvswitch.vswitchd.control.http;

import io.jvswitch.datapath.capture.CapturedFrame;
import io.jvswitch.vswitchd.capture.CaptureSource;
import io.jvswitch.vswitchd.capture.CaptureWriter;
import io.jvswitch.vswitchd.text.CaptureText;
import io.jvswitch.vswitchd.view.CaptureView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** A capture as lines, of text or of JSON objects. */
final class CaptureLines implements CaptureWriter {

    private final CaptureSource source;
    private final boolean json;

    CaptureLines(CaptureSource source, boolean json) {
        this.source = source;
        this.json = json;
    }

    @Override
    public void begin(ByteBuf out) {
        // lines need no head
    }

    @Override
    public void frame(ByteBuf out, CapturedFrame frame) {
        CaptureView view = CaptureView.of(frame, source.portName(frame.port()), source.epochNs(frame.timeNs()));
        ByteBufUtil.writeUtf8(out, json ? Json.write(view) + "\n" : CaptureText.line(view));
    }

    @Override
    public void end(ByteBuf out, long lost, long epochNs) {
        // the trailers tell
    }
}
