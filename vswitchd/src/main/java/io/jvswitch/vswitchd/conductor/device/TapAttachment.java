package io.jvswitch.vswitchd.conductor.device;

import io.jvswitch.encap.offload.SuperframeSize;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetworkNamespace;
import io.jvswitch.tap.TapDevice;
import io.jvswitch.tap.TapOptions;
import io.jvswitch.tap.TapQueue;
import io.jvswitch.vswitchd.plan.PortSpec;
import java.util.ArrayList;
import java.util.List;

/** A TAP that the switch makes and removes. */
public final class TapAttachment implements Attachment {

    /** What a guest may leave to us; what the kernel does not know is left out when the device is opened. */
    private static final int OFFLOADS = TapDevice.OFFLOAD_CHECKSUM
            | TapDevice.OFFLOAD_TSO4
            | TapDevice.OFFLOAD_TSO6
            | TapDevice.OFFLOAD_TSO_ECN
            | TapDevice.OFFLOAD_USO4
            | TapDevice.OFFLOAD_USO6;

    private final String name;
    private final TapDevice device;
    private int mtuBytes;
    /** What the switch gave it last. */
    private int givenMtuBytes;

    private int superframeBytes = SuperframeSize.LINUX_DEFAULT_BYTES;

    private TapAttachment(String name, TapDevice device, int mtuBytes) {
        this.name = name;
        this.device = device;
        this.mtuBytes = mtuBytes;
        this.givenMtuBytes = mtuBytes;
    }

    /**
     * Makes the device with an MTU and the port's MAC address, and sets it up.
     *
     * @throws NativeException when it cannot be had now; nothing is left behind
     */
    public static TapAttachment open(PortSpec spec, NetworkNamespace namespace, int queues, int mtuBytes)
            throws NativeException {
        // A device of that name is somebody's, and so are its MAC address and MTU.
        TapOptions options = TapOptions.named(spec.name())
                .withAttach(TapOptions.Attach.CREATE)
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
            tap.setUp(true);
            return new TapAttachment(spec.name(), tap, mtuBytes);
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
        device.close();
    }
}
