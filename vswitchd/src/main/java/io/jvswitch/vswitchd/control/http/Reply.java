package io.jvswitch.vswitchd.control.http;

import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a request: pieces of text, made as the client takes them, or a capture.
 *
 * @param status HTTP status
 * @param contentType media type
 * @param pieces the body; used once
 * @param capture the body instead, or null
 */
record Reply(
        HttpResponseStatus status,
        String contentType,
        Iterator<String> pieces,
        @Nullable CaptureBody capture) {

    static final String JSON = "application/json";
    static final String TEXT = "text/plain; charset=utf-8";

    static Reply of(HttpResponseStatus status, String contentType, String body) {
        return new Reply(status, contentType, List.of(body).iterator(), null);
    }

    static Reply ok(String contentType, Iterator<String> pieces) {
        return new Reply(HttpResponseStatus.OK, contentType, pieces, null);
    }

    static Reply capture(String contentType, CaptureBody capture) {
        return new Reply(HttpResponseStatus.OK, contentType, Collections.emptyIterator(), capture);
    }

    /** Nobody is there to be answered. */
    void discard() {
        if (capture != null) {
            capture.close();
        }
    }

    /** A refusal, as JSON or as the line that a person reads. */
    static Reply refusal(ControlRefusedException refusal, boolean text) {
        return refusal(status(refusal.kind()), refusal, text);
    }

    private static HttpResponseStatus status(ControlRefusedException.Kind kind) {
        return switch (kind) {
            case INVALID -> HttpResponseStatus.BAD_REQUEST;
            case NOT_FOUND -> HttpResponseStatus.NOT_FOUND;
            case CONFLICT -> HttpResponseStatus.CONFLICT;
            case UNAVAILABLE -> HttpResponseStatus.SERVICE_UNAVAILABLE;
        };
    }

    static Reply refusal(HttpResponseStatus status, ControlRefusedException refusal, boolean text) {
        if (text) {
            return of(status, TEXT, refusal.getMessage() + "\n");
        }
        return of(status, JSON, Json.write(ErrorView.of(refusal)) + "\n");
    }
}
