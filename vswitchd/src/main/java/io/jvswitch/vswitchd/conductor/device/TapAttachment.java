package io.jvswitch.vswitchd.conductor.device;

import io.jvswitch.encap.offload.SuperframeSize;
import io.jvswitch.tap.DeviceState;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetworkNamespace;
import io.jvswitch.tap.TapDevice;
import io.jvswitch.tap.TapOptions;
import io.jvswitch.tap.TapQueue;
import io.jvswitch.vswitchd.plan.PortSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TAP that the switch makes and removes; one that outlives the daemon is found again by the next, and is removed with
 * its port.
 */
public final class TapAttachment implements Attachment {

    /** What a guest may leave to us; what the kernel does not know is left out when the device is opened. */
    private static final int OFFLOADS = TapDevice.OFFLOAD_CHECKSUM
            | TapDevice.OFFLOAD_TSO4
            | TapDevice.OFFLOAD_TSO6
            | TapDevice.OFFLOAD_TSO_ECN
            | TapDevice.OFFLOAD_USO4
            | TapDevice.OFFLOAD_USO6;

    private static final Logger LOG = LoggerFactory.getLogger(TapAttachment.class);

    private final String name;
    private final TapDevice device;
    private int mtuBytes;
    /** What the switch gave it last. */
    private int givenMtuBytes;

    private int superframeBytes = SuperframeSize.LINUX_DEFAULT_BYTES;

    /** Null for a device that goes with the daemon: nobody but the switch changes it. */
    private @Nullable DeviceState state;

    private final boolean persistent;
    private boolean left;

    private TapAttachment(String name, TapDevice device, int mtuBytes, @Nullable DeviceState state) {
        this.state = state;
        this.persistent = state != null;
        this.name = name;
        this.device = device;
        this.mtuBytes = mtuBytes;
        this.givenMtuBytes = mtuBytes;
    }

    /**
     * Makes the device with an MTU and the port's MAC address, and sets it up unless it outlives the daemon: then its
     * owner does.
     *
     * @throws NativeException when it cannot be had now; nothing is left behind
     */
    public static TapAttachment open(PortSpec spec, NetworkNamespace namespace, int queues, int mtuBytes)
            throws NativeException {
        // A device of that name is somebody's, and so are its MAC address and MTU.
        TapOptions options = TapOptions.named(spec.name())
                .withAttach(spec.persistent() ? TapOptions.Attach.ANY : TapOptions.Attach.CREATE)
                .withPersistent(spec.persistent())
                .withQueues(queues)
                .withNamespace(namespace);
        // Without the header nothing unfinished can cross, in either direction.
        TapDevice tap =
                TapDevice.open(spec.offloads() ? options.withOffloads(OFFLOADS) : options.withVnetHeaderBytes(0));
        try {
            if (spec.mac() != null) {
                tap.setMac(spec.mac());
            }
            tap.setMtu(mtuBytes);
            if (spec.persistent()) {
                return new TapAttachment(spec.name(), tap, mtuBytes, tap.read());
            }
            tap.setUp(true);
            return new TapAttachment(spec.name(), tap, mtuBytes, null);
        } catch (NativeException e) {
            tap.close();
            throw e;
        }
    }

    @Override
    public List<TapQueue> queues() {
        List<TapQueue> queues = new ArrayList<>();
        for (int i = 0; i < device.queueCount(); i++) {
            queues.add(device.queue(i));
        }
        return queues;
    }

    @Override
    public int mtuBytes() {
        return mtuBytes;
    }

    @Override
    public void followMtu(int bytes, boolean configured) throws NativeException {
        if (bytes == givenMtuBytes) {
            return;
        }
        int before = givenMtuBytes;
        // Tried once: what the device does not take now it will not take at the next change of anything either.
        givenMtuBytes = bytes;
        mtuBytes = device.read().mtuBytes();
        if (configured || mtuBytes == before) {
            device.setMtu(bytes);
            mtuBytes = bytes;
        }
    }

    @Override
    public void limitSuperframes(int bytes) throws NativeException {
        if (bytes != superframeBytes) {
            superframeBytes = bytes;
            device.setGsoMax(bytes);
        }
    }

    @Override
    public long kernelDrops() throws NativeException {
        return device.kernelDrops();
    }

    @Override
    public List<String> offloads() {
        if (device.offloads() == 0) {
            return List.of();
        }
        boolean uso = (device.offloads() & TapDevice.OFFLOAD_USO4) != 0;
        return uso ? List.of("csum", "tso4", "tso6", "uso") : List.of("csum", "tso4", "tso6");
    }

    @Override
    public int deviceIndex() {
        return state == null ? 0 : state.index();
    }

    @Override
    public @Nullable DeviceState state() {
        return state;
    }

    @Override
    public void follow(DeviceState newState) {
        state = newState;
        mtuBytes = newState.mtuBytes();
    }

    @Override
    public void leave() {
        left = true;
    }

    @Override
    public boolean isGone() {
        try {
            // Found wherever it was moved to, and by whatever name.
            device.currentName();
            return false;
        } catch (NativeException e) {
            return e.isGone();
        }
    }

    @Override
    public String lostText() {
        return "TAP " + name + " was deleted by somebody else; it is made again within a second";
    }

    @Override
    public void close() {
        if (!persistent || left) {
            device.close();
            return;
        }
        try {
            device.remove();
        } catch (NativeException e) {
            LOG.warn("{}", e.getMessage());
        }
    }
}
