package io.jvswitch.vswitchd.api;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame to trace, and where it comes in.
 *
 * @param port name of the port, or {@code underlay}
 * @param bytes the frame from the Ethernet header on, without a tunnel's headers
 * @param arrival the tunnel that it comes by; null for a frame from a port, and only then
 * @param notes what was assumed in making the frame, a sentence each
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record TraceInput(
        String port, byte[] bytes, @Nullable Arrival arrival, List<String> notes) {

    /** What stands for a port where frames come from tunnels. */
    public static final String UNDERLAY = "underlay";

    public TraceInput {
        notes = List.copyOf(notes);
    }

    /** A frame from a port, about which nothing was assumed. */
    public static TraceInput of(String port, byte[] bytes) {
        return new TraceInput(port, bytes, null, List.of());
    }

    /**
     * A tunnel.
     *
     * @param vtep outer source address
     * @param kind VXLAN or GRE
     * @param id VNI or GRE key, {@link NetworkSpec#NO_VNI} for GRE without one
     * @param outerTrafficClass DSCP and ECN of the outer header
     */
    public record Arrival(IpAddress vtep, TunnelKind kind, long id, int outerTrafficClass) {}
}
