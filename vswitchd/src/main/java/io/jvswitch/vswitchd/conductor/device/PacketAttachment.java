package io.jvswitch.vswitchd.conductor.device;

import io.jvswitch.tap.DeviceState;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetDevice;
import io.jvswitch.tap.NetworkNamespace;
import io.jvswitch.tap.PacketDevice;
import io.jvswitch.tap.PacketQueue;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.wire.Offload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A device that is somebody else's: its link state, addresses and MTU are left alone, but for an MTU that the
 * configuration asks for, and it stays when the port goes.
 */
public final class PacketAttachment implements Attachment {

    private final String name;
    private final PacketDevice device;
    private int mtuBytes;
    private @Nullable String trouble;
    private @Nullable DeviceState state;

    private PacketAttachment(String name, PacketDevice device, DeviceState state) {
        this.name = name;
        this.device = device;
        follow(state);
    }

    /**
     * Opens the device.
     *
     * @throws NativeException when it cannot be had now; nothing is left behind
     */
    public static PacketAttachment open(PortSpec spec, NetworkNamespace namespace, int queues) throws NativeException {
        String name = spec.deviceName();
        PacketDevice device = PacketDevice.open(namespace, name, queues);
        try {
            NetDevice byName = NetDevice.named(namespace, name);
            if (spec.mtuBytes() > 0) {
                byName.setMtu(spec.mtuBytes());
            }
            return new PacketAttachment(name, device, byName.read());
        } catch (NativeException e) {
            device.close();
            throw e;
        }
    }

    @Override
    public List<PacketQueue> queues() {
        List<PacketQueue> queues = new ArrayList<>();
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
    public void followMtu(int bytes, boolean configured) {
        // The device's owner decides.
    }

    @Override
    public List<String> offloads() {
        boolean uso = (device.queue(0).offloads() & Offload.USO) != 0;
        return uso ? List.of("csum", "tso4", "tso6", "uso") : List.of("csum", "tso4", "tso6");
    }

    @Override
    public int deviceIndex() {
        return device.opened().index();
    }

    @Override
    public void follow(DeviceState newState) {
        state = newState;
        mtuBytes = newState.mtuBytes();
        trouble = !newState.up()
                ? "device " + name + " is down; set it up with 'ip link set " + name + " up', or start the guest"
                : newState.running()
                        ? null
                        : "device " + name + " has no carrier; the guest or the cable's other end is down";
    }

    @Override
    public @Nullable DeviceState state() {
        return state;
    }

    @Override
    public @Nullable String linkTrouble() {
        return trouble;
    }

    @Override
    public boolean isGone() {
        return device.isGone();
    }

    @Override
    public String lostText() {
        return "device " + name
                + " was deleted, renamed or moved to another namespace; the port is attached again when there is "
                + "one of that name";
    }

    @Override
    public void close() {
        device.close();
    }
}
