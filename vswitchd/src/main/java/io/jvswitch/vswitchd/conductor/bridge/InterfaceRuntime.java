package io.jvswitch.vswitchd.conductor.bridge;

import io.jvswitch.datapath.translate.Port;
import io.jvswitch.tap.DeviceState;
import io.jvswitch.vswitchd.conductor.port.PortRuntime;
import io.jvswitch.vswitchd.plan.bridge.InterfaceSpec;
import io.jvswitch.vswitchd.plan.bridge.InterfaceType;
import io.jvswitch.vswitchd.view.InterfaceView;
import io.jvswitch.wire.MacAddress;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** An interface of a bridge while it runs. The conductor's. */
final class InterfaceRuntime {

    private final BridgeRuntime bridge;
    private final int number;
    private final MacAddress ownMac;
    private InterfaceSpec spec;
    private @Nullable PortRuntime port;
    private @Nullable DeviceState device;
    private int openFlowPort;
    private long linkResets;

    /**
     * @param number in the data path's one number space
     * @param ownMac what an interface without a device says that it has
     */
    InterfaceRuntime(BridgeRuntime bridge, InterfaceSpec spec, int number, MacAddress ownMac) {
        this.bridge = bridge;
        this.spec = spec;
        this.number = number;
        this.ownMac = ownMac;
    }

    BridgeRuntime bridge() {
        return bridge;
    }

    InterfaceSpec spec() {
        return spec;
    }

    void become(InterfaceSpec newSpec) {
        spec = newSpec;
    }

    int number() {
        return number;
    }

    boolean isLocal() {
        return spec.name().equals(bridge.spec().name());
    }

    /** Its OpenFlow number, 0 while it has none. */
    int openFlowPort() {
        return openFlowPort;
    }

    void setOpenFlowPort(int newNumber) {
        openFlowPort = newNumber;
    }

    /** Its device, null for one without or before it is known. */
    @Nullable
    PortRuntime port() {
        return port;
    }

    /** Whether frames can come from it: it has its device, or needs none. */
    boolean isThere() {
        return !spec.type().isDevice() || device != null;
    }

    /** Whether its device's MTU is what others go by, and not what follows them. */
    boolean decidesMtu() {
        return device != null && (spec.type() == InterfaceType.SYSTEM || spec.mtuBytes() > 0);
    }

    /** The device's MTU, 0 without a device. */
    int mtuBytes() {
        DeviceState has = device;
        return has == null ? 0 : has.mtuBytes();
    }

    /** What it counts as when the bridge chooses its MAC address, null for nothing. */
    @Nullable
    MacAddress mac() {
        DeviceState has = device;
        return spec.type().isDevice() ? has == null ? null : has.mac() : ownMac;
    }

    /** Its device is like this now. */
    void follow(PortRuntime runtime) {
        DeviceState before = device;
        port = runtime;
        device = runtime.deviceState();
        if (before != null && device != null && before.running() != device.running()) {
            linkResets++;
        }
    }

    /** Its device has gone for good, or belongs to another interface. */
    void loseDevice() {
        port = null;
        device = null;
    }

    /**
     * The port, as workers see it.
     *
     * @param numberOf number of an interface by its name, 0 for none
     */
    Port published(ToIntFunction<String> numberOf) {
        PortRuntime runtime = port;
        boolean attached = runtime != null && runtime.isPlace();
        return switch (spec.type()) {
            case SYSTEM -> new Port.Device(number, spec.name(), bridge.id(), mtuBytes(), attached);
            case INTERNAL -> new Port.Internal(number, spec.name(), bridge.id(), mtuBytes(), attached);
            case PATCH ->
                new Port.Patch(
                        number, spec.name(), bridge.id(), spec.peer() == null ? 0 : numberOf.applyAsInt(spec.peer()));
        };
    }

    /** Whether it can carry frames. */
    boolean isUp() {
        PortRuntime runtime = port;
        return !spec.type().isDevice() || runtime != null && runtime.isPlace();
    }

    /** As it is now, for whoever asks. */
    InterfaceView view() {
        DeviceState has = device;
        String error = error();
        if (!spec.type().isDevice()) {
            return new InterfaceView(
                    spec.name(), number, error == null ? openFlowPort : -1, error, ownMac, 0, 0, true, true, 0);
        }
        return has == null
                ? InterfaceView.failed(spec.name(), number, error)
                : new InterfaceView(
                        spec.name(),
                        number,
                        error == null ? openFlowPort : -1,
                        error,
                        has.mac(),
                        has.index(),
                        has.mtuBytes(),
                        has.up(),
                        has.running(),
                        linkResets);
    }

    /** What is wrong with it, in Open vSwitch's words; null for nothing. */
    private @Nullable String error() {
        PortRuntime runtime = port;
        if (!isThere()) {
            String why = runtime == null ? null : runtime.refusedBy();
            return "could not open network device " + spec.name() + " (" + (why == null ? "No such device" : why) + ")";
        }
        return openFlowPort == 0
                ? "could not add network device " + spec.name() + " to ofproto (No buffer space available)"
                : null;
    }
}
