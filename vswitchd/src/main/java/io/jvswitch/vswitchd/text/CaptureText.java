package io.jvswitch.vswitchd.text;

import io.jvswitch.vswitchd.view.CaptureView;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Captured frames as lines. */
public final class CaptureText {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSSSSS");

    private CaptureText() {}

    /** One frame in one line, with the time of day of this host. */
    public static String line(CaptureView frame) {
        return line(frame, ZoneId.systemDefault());
    }

    static String line(CaptureView frame, ZoneId zone) {
        String tunnel = frame.tunnel();
        return TIME.format(frame.time().atZone(zone)) + " " + frame.port() + " " + frame.direction() + " bytes="
                + frame.bytes()
                + (frame.gsoBytes() == null ? "" : " gso=" + frame.gsoBytes())
                + (tunnel == null ? "" : " tunnel=" + tunnel)
                + (frame.vni() == null ? "" : " " + ("gre".equals(tunnel) ? "key=" : "vni=") + frame.vni())
                + (frame.vtep() == null ? "" : " vtep=" + frame.vtep())
                + (frame.drop() == null ? "" : " drop=" + frame.drop())
                + (frame.lostFrames() == null ? "" : " lost-before=" + frame.lostFrames())
                + " flow=" + frame.flow() + "\n";
    }
}
