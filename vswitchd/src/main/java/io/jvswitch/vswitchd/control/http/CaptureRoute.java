package io.jvswitch.vswitchd.control.http;

import io.jvswitch.vswitchd.api.CaptureFilter;
import io.jvswitch.vswitchd.api.ControlRefusedException;
import io.jvswitch.vswitchd.api.ControlRefusedException.Kind;
import io.jvswitch.vswitchd.api.SwitchControl;
import io.jvswitch.vswitchd.capture.CaptureRequest;
import io.jvswitch.vswitchd.capture.CaptureRequest.Format;
import io.jvswitch.vswitchd.capture.CaptureSource;
import io.jvswitch.vswitchd.capture.CaptureWriter;
import io.jvswitch.vswitchd.capture.PcapngWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/capture}. */
final class CaptureRoute {

    /** What a person sees of a frame needs its headers only. */
    private static final int HEADERS_BYTES = 256;

    private static final int MIN_SNAP_BYTES = 14;
    private static final long MAX_COUNT = 1_000_000_000_000L;
    private static final long MAX_SECONDS = 31_536_000;
    private static final String PCAPNG = "application/x-pcapng";
    private static final String JSON_LINES = "application/x-ndjson";

    private CaptureRoute() {}

    static Route of(SwitchControl control) {
        return new Route(
                "GET",
                "/v1/capture",
                List.of("port", "direction", "drops", "filter", "snaplen", "count", "seconds", "format"),
                "Copies of the frames that pass a port (`underlay`: what tunnels carry; `any`: everywhere) as they "
                        + "come, as `jvswitch"
                        + " capture` takes them: until `count`, `seconds` or the client ends it. `format` is "
                        + "`pcapng`, or `text` or"
                        + " `json` for a line a frame. At most 4 at once.",
                request -> {
                    CaptureRequest wanted = parse(request);
                    return control.capture(wanted).thenApply(source -> reply(source, wanted));
                });
    }

    private static Reply reply(CaptureSource source, CaptureRequest wanted) {
        CaptureWriter writer = wanted.format() == Format.PCAPNG
                ? new PcapngWriter(source.firstPort(), wanted.snapBytes(), source::portName, source::epochNs)
                : new CaptureLines(source, wanted.format() == Format.JSON);
        String type = switch (wanted.format()) {
            case PCAPNG -> PCAPNG;
            case TEXT -> Reply.TEXT;
            case JSON -> JSON_LINES;
        };
        return Reply.capture(type, new CaptureBody(source, wanted, writer));
    }

    private static CaptureRequest parse(Route.Request request) {
        String port = request.parameter("port");
        if (port == null) {
            throw invalid(null, "expected port with the name of a port, underlay or any");
        }
        Format format = choice(request, "format", Format.class, request.text() ? Format.TEXT : Format.PCAPNG);
        String direction = request.parameter("direction");
        if (direction != null && !List.of("rx", "tx", "both").contains(direction)) {
            throw invalid(direction, "expected rx, tx or both as direction");
        }
        String filter = request.parameter("filter");
        int whole = format == Format.PCAPNG ? CaptureRequest.WHOLE_FRAME_BYTES : HEADERS_BYTES;
        return new CaptureRequest(
                port,
                !"tx".equals(direction),
                !"rx".equals(direction),
                flag(request, "drops"),
                CaptureFilter.of(filter == null ? "" : filter),
                (int) number(request, "snaplen", MIN_SNAP_BYTES, CaptureRequest.WHOLE_FRAME_BYTES, whole),
                number(request, "count", 1, MAX_COUNT, 0),
                number(request, "seconds", 1, MAX_SECONDS, 0),
                format);
    }

    private static <E extends Enum<E>> E choice(Route.Request request, String name, Class<E> type, E absent) {
        String text = request.parameter(name);
        if (text == null) {
            return absent;
        }
        for (E value : type.getEnumConstants()) {
            if (value.name().toLowerCase(java.util.Locale.ROOT).equals(text)) {
                return value;
            }
        }
        throw invalid(text, "expected pcapng, text or json as " + name);
    }

    private static boolean flag(Route.Request request, String name) {
        String text = request.parameter(name);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw invalid(text, "expected true or false as " + name);
        }
        return "true".equals(text);
    }

    private static long number(Route.Request request, String name, long least, long most, long absent) {
        String text = request.parameter(name);
        if (text == null) {
            return absent;
        }
        if (text.matches("[0-9]{1,13}")) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw invalid(text, "expected a number " + least + " to " + most + " as " + name);
    }

    private static ControlRefusedException invalid(@Nullable String value, String what) {
        return new ControlRefusedException(Kind.INVALID, "capture", value, what, "correct the request");
    }
}
