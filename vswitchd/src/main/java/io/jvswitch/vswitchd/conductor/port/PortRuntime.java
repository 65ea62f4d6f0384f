package io.jvswitch.vswitchd.conductor.port;

import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.tap.DeviceState;
import io.jvswitch.tap.LinkEvent;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetDevice;
import io.jvswitch.tap.NetworkNamespace;
import io.jvswitch.vswitchd.conductor.device.AttachException;
import io.jvswitch.vswitchd.conductor.device.Attachment;
import io.jvswitch.vswitchd.conductor.device.DeviceCloser;
import io.jvswitch.vswitchd.conductor.device.DevicePlace;
import io.jvswitch.vswitchd.conductor.device.KernelDrops;
import io.jvswitch.vswitchd.conductor.device.LinkWatches;
import io.jvswitch.vswitchd.conductor.device.PacketAttachment;
import io.jvswitch.vswitchd.conductor.device.TapAttachment;
import io.jvswitch.vswitchd.plan.PortKind;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.text.Units;
import io.jvswitch.vswitchd.view.PortState;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.PortQueue;
import io.jvswitch.wire.header.VlanTag;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port while it runs: its device, whether it carries frames, and what it waits for. The conductor's.
 *
 * <p>A device that cannot be had is tried again at every tick, somebody else's also when the kernel tells that it is
 * there; a change of the reason is logged once.
 */
public final class PortRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(PortRuntime.class);
    private final int number;
    private final Workers workers;
    private final PortTally tally;
    private final DeviceCloser closer;
    private final Consumer<PortRuntime> whenPlaceChanges;
    private PortSpec spec;
    private PortState state = PortState.WAITING;
    private @Nullable String waitsFor = "has not been attached yet";
    private @Nullable String warning;
    private @Nullable Attachment device;
    /** Why the device could not be had the last time, as the kernel says it; null when nobody knows. */
    private @Nullable String refusedBy;

    /** What the device did not take. */
    private @Nullable String refusedChange;

    /** Of the device, while there is one. */
    private @Nullable KernelDrops overruns;
    /** Which namespace the configuration's name meant when the device was opened. */
    private @Nullable Object namespaceIdentity;

    /**
     * @param closer gets its devices when they are no longer wanted
     * @param whenPlaceChanges told at once when the port begins or ceases to be a {@linkplain #isPlace() place}, before
     *     frames are sent by what follows
     */
    public PortRuntime(
            int number,
            PortSpec spec,
            Workers workers,
            PortTally tally,
            DeviceCloser closer,
            Consumer<PortRuntime> whenPlaceChanges) {
        this.number = number;
        this.spec = spec;
        this.workers = workers;
        this.tally = tally;
        this.closer = closer;
        this.whenPlaceChanges = whenPlaceChanges;
    }

    public int number() {
        return number;
    }

    public PortSpec spec() {
        return spec;
    }

    public PortState state() {
        return state;
    }

    /**
     * Whether frames can be sent there: a port without its device, or whose device has no carrier, is nobody's
     * whereabouts.
     */
    public boolean isPlace() {
        return state == PortState.UP;
    }

    private void become(PortState next) {
        boolean changes = isPlace() != (next == PortState.UP);
        state = next;
        if (changes) {
            whenPlaceChanges.accept(this);
        }
    }

    /** What it waits for, null when it carries frames. */
    @Nullable
    public String waitsFor() {
        return waitsFor;
    }

    /** What will lose frames though the port is up, null for nothing. */
    @Nullable
    public String warning() {
        return warning;
    }

    /** The kernel's words for why the device could not be had, null when it was not asked. */
    @Nullable
    public String refusedBy() {
        return refusedBy;
    }

    /** The device as the kernel told of it last, null while there is none or for one that only the switch changes. */
    @Nullable
    public DeviceState deviceState() {
        return device == null ? null : device.state();
    }

    /** The device's MTU, 0 while there is none. */
    public int deviceMtuBytes() {
        return device == null ? 0 : device.mtuBytes();
    }

    /** Names of the offloads in use. */
    public List<String> offloads() {
        return device == null ? List.of() : device.offloads();
    }

    /** How many queues the device has, or would have: each worker needs one of its own. */
    public int queues() {
        return device == null
                ? Math.max(spec.queues(), workers.count())
                : device.queues().size();
    }

    /** Changes what needs no new device: {@link #keepsDevice}. */
    public void adopt(PortSpec newSpec) {
        spec = newSpec;
    }

    /** The port is about to get another device, which nobody asked for in so many words. */
    public void announceNewDevice() {
        if (device != null && !isSystem()) {
            LOG.warn(
                    "port {}: its device is made anew, as the configuration wants another: addresses and routes that it"
                            + " had are lost",
                    spec.name());
        }
    }

    /** Whether the port can become what a specification says with the device that it has. */
    public boolean keepsDevice(PortSpec newSpec) {
        return newSpec.kind() == spec.kind()
                && newSpec.queues() == spec.queues()
                && newSpec.offloads() == spec.offloads()
                && newSpec.deviceName().equals(spec.deviceName())
                && Objects.equals(newSpec.netns(), spec.netns())
                && Objects.equals(newSpec.mac(), spec.mac())
                && (newSpec.kind() != PortKind.SYSTEM || newSpec.mtuBytes() == spec.mtuBytes());
    }

    /** Whether the device is somebody else's, which may come and go. */
    public boolean isSystem() {
        return spec.kind() == PortKind.SYSTEM;
    }

    /** Whether somebody else than the switch may change the device. */
    public boolean isFollowed() {
        return isSystem() || spec.persistent();
    }

    /**
     * Opens the device and gives its queues to the workers.
     *
     * @param mtuBytes what a device that the switch makes gets
     * @param reserved name of the device that the tunnels use, which cannot be switched; null for none
     * @throws AttachException when the device cannot be had now; the port then waits, and says for what
     */
    public void attach(int mtuBytes, @Nullable String reserved) throws AttachException {
        Attachment opened;
        namespaceIdentity = LinkWatches.identity(spec.netns()); // before: one that is replaced in between is noticed
        try {
            opened = open(mtuBytes, reserved);
        } catch (AttachException e) {
            refusedBy = e.kernelText();
            waitFor(e.getMessage());
            throw e;
        }
        device = opened;
        refusedBy = null;
        overruns = KernelDrops.ofDevice("port " + spec.name(), opened::kernelDrops);
        List<? extends PortQueue> queues = opened.queues();
        for (int queue = 0; queue < queues.size(); queue++) {
            workers.numbered(queue % workers.count()).addPort(number, queues.get(queue));
        }
        LOG.info("port {} attached: {}, MTU {}", spec.name(), Units.plural(queues.size(), "queue"), opened.mtuBytes());
        waitsFor = null;
        followLink(opened);
    }

    /** {@link #attach} for a port that may wait. */
    public void tryAttach(int mtuBytes, @Nullable String reserved) {
        try {
            attach(mtuBytes, reserved);
        } catch (AttachException e) {
            LOG.debug("port {} is still not there", spec.name(), e);
        }
    }

    private Attachment open(int mtuBytes, @Nullable String reserved) throws AttachException {
        if (isDevice(reserved)) {
            throw new AttachException(
                    "device " + reserved,
                    "has the underlay's address",
                    "it carries the tunnels and cannot be switched, too; move underlay.local-ip to another device, "
                            + "such as an internal port");
        }
        try (NetworkNamespace namespace = LinkWatches.namespace(spec.netns())) {
            return isSystem()
                    ? PacketAttachment.open(spec, namespace, queues())
                    : TapAttachment.open(spec, namespace, queues(), mtuBytes);
        } catch (NativeException e) {
            if (isSystem()) {
                throw e.isNotYet() ? AttachException.missing(e, elsewhere(e)) : AttachException.of(e);
            }
            throw AttachException.of(e, e.isTaken() ? "; 'kind: system' attaches it as it is" : "");
        }
    }

    /** Whether it is a system port of that device of the daemon's own namespace; null is none. */
    private boolean isDevice(@Nullable String name) {
        return isSystem() && spec.deviceName().equals(name) && LinkWatches.isDaemons(spec.netns());
    }

    /** Whether it has a device that may not be switched any more, as the tunnels use it now. */
    public boolean hasReserved(@Nullable String reserved) {
        return device != null && isDevice(reserved);
    }

    /** Which of the host's namespaces has the device, as a hint; looked for once each time that it is missing. */
    private String elsewhere(NativeException missing) {
        if (!missing.isGone()) {
            return "";
        }
        String waiting = waitsFor;
        if (waiting != null && waiting.startsWith(String.valueOf(missing.getMessage()))) {
            return waiting.substring(String.valueOf(missing.getMessage()).length());
        }
        String found = LinkWatches.namespaceWith(spec.deviceName());
        return found == null ? "" : "; namespace " + found + " has a device of that name: say 'netns: " + found + "'";
    }

    /** State and trouble as the device has them now. */
    private void followLink(Attachment attached) {
        String trouble = attached.linkTrouble();
        if (!Objects.equals(trouble, waitsFor)) {
            LOG.info("port {}: {}", spec.name(), trouble == null ? "carries frames" : trouble);
        }
        waitsFor = trouble;
        become(trouble == null ? PortState.UP : PortState.DOWN);
    }

    /**
     * The kernel's news of a device of this port's namespace; only for a port that is {@link #isFollowed followed}.
     *
     * @return whether the port should be attached anew
     */
    public boolean hear(LinkEvent event) {
        Attachment attached = device;
        return switch (event) {
            case LinkEvent.Present present -> {
                boolean named = present.device().name().equals(spec.deviceName());
                if (attached == null) {
                    yield named;
                }
                boolean ours = present.device().index() == attached.deviceIndex();
                if (isSystem() && ours && named && present.device().masterIndex() != 0) {
                    var _ = detach(); // somebody else forwards its frames now: attaching says so, and how to end it
                    yield true;
                }
                if (ours && named) {
                    attached.follow(present.device());
                    followLink(attached);
                } else if (ours || named) {
                    lost(); // renamed, or another one has the name
                    yield named;
                }
                yield false;
            }
            case LinkEvent.Gone gone -> {
                if (attached != null && gone.index() == attached.deviceIndex() && attached.isGone()) {
                    lost();
                }
                yield false;
            }
            case LinkEvent.AddressesChanged _, LinkEvent.RoutesChanged _, LinkEvent.Overrun _ -> false;
        };
    }

    /** Counts what the kernel dropped of the port's frames since the last time. */
    public void countOverruns() {
        if (overruns != null) {
            tally.lostInKernel(number, DropReason.RX_OVERRUN, overruns.take());
        }
    }

    private void waitFor(@Nullable String reason) {
        become(PortState.WAITING);
        if (!Objects.equals(reason, waitsFor)) {
            LOG.warn("port {} waits: {}", spec.name(), reason);
        }
        waitsFor = reason;
    }

    private interface DeviceChange {
        void apply(NetDevice device) throws NativeException;
    }

    /** Gives the device a MAC address, unless it has it. */
    public void giveMac(MacAddress mac) {
        DeviceState has = deviceState();
        if (has != null && !has.mac().equals(mac)) {
            change("MAC address " + mac, named -> named.setMac(mac));
        }
    }

    /** Gives the device an MTU, unless it has it. */
    public void giveMtu(int bytes) {
        DeviceState has = deviceState();
        if (has != null && has.mtuBytes() != bytes) {
            change("MTU " + bytes, named -> named.setMtu(bytes));
        }
    }

    /** Tried once each: what the device does not take now it will not take at the next change of anything either. */
    private void change(String what, DeviceChange change) {
        Attachment attached = device;
        if (attached == null || what.equals(refusedChange)) {
            return;
        }
        try (NetworkNamespace namespace = LinkWatches.namespace(spec.netns())) {
            NetDevice named = NetDevice.named(namespace, spec.deviceName());
            change.apply(named);
            attached.follow(named.read());
            refusedChange = null;
        } catch (NativeException e) {
            LOG.warn("port {} does not get {}: {}", spec.name(), what, e.getMessage());
            refusedChange = what;
        }
    }

    /** What the port's device shall have: it follows, unless its guest has chosen another. */
    public void setMtu(int mtuBytes) {
        if (device == null) {
            return;
        }
        int before = device.mtuBytes();
        try {
            device.followMtu(mtuBytes, spec.mtuBytes() > 0);
            if (device.mtuBytes() != before) {
                LOG.info("port {}: MTU {} instead of {}", spec.name(), device.mtuBytes(), before);
            }
        } catch (NativeException e) {
            LOG.warn("port {} keeps MTU {}: {}", spec.name(), before, e.getMessage());
        }
    }

    /**
     * What the port's network takes in one piece changed. Only speed depends on it, so nobody is bothered where it
     * fails.
     */
    public void limitSuperframes(int bytes) {
        if (device == null) {
            return;
        }
        try {
            device.limitSuperframes(bytes);
        } catch (NativeException e) {
            LOG.debug("port {}: superframes stay as large as they are: {}", spec.name(), e.getMessage());
        }
    }

    /**
     * Linux lets a frame be 4 bytes longer than its device's MTU only for a tag of 802.1Q.
     *
     * @param mtuBytes largest MTU of the networks that have a tag here, 0 without any
     */
    public void checkRoomForTag(int mtuBytes) {
        int needed = mtuBytes == 0 ? 0 : mtuBytes + VlanTag.BYTES;
        boolean lacking = isSystem() && spec.vlans().serviceTag() && device != null && deviceMtuBytes() < needed;
        String found = !lacking
                ? null
                : "device " + spec.deviceName() + " has MTU " + deviceMtuBytes()
                        + ", and full-size frames with a tag of 802.1ad need " + needed + ": 'ip link set "
                        + spec.deviceName() + " mtu " + needed + "'";
        if (found != null && !found.equals(warning)) {
            LOG.warn("port {}: {}", spec.name(), found);
        }
        warning = found;
    }

    /** A worker found a device gone: this one, unless it has been replaced since. */
    public void toldGone() {
        if (device != null && device.isGone()) {
            lost();
        }
    }

    /**
     * Lets the device go when its namespace has lost its name, or the name means another one: holding on would keep the
     * namespace alive, with nobody in it.
     *
     * @return whether it did
     */
    public boolean followNamespace() {
        if (device == null
                || spec.netns() == null
                || Objects.equals(namespaceIdentity, LinkWatches.identity(spec.netns()))) {
            return false;
        }
        lost("namespace " + spec.netns()
                + " was deleted or made anew; the port is attached again when there is one of that name");
        return true;
    }

    /** The device is no longer the port's. */
    void lost() {
        if (device != null) {
            lost(device.lostText());
        }
    }

    private void lost(String text) {
        var _ = detach();
        waitFor(text);
    }

    /** Where its device is or would be. */
    public DevicePlace place() {
        return new DevicePlace(spec.netns(), spec.deviceName());
    }

    /** As {@link #detach}, when the daemon ends: a device that outlives it stays. */
    public void leave() {
        if (device != null) {
            device.leave();
        }
        var _ = detach();
    }

    /**
     * Has the device taken away from the workers and closed; a device that the switch made goes with it.
     *
     * @return complete when the device is closed
     */
    public CompletableFuture<Void> detach() {
        Attachment old = device;
        if (old == null) {
            return CompletableFuture.completedFuture(null);
        }
        countOverruns();
        overruns = null;
        device = null;
        become(PortState.WAITING);
        return closer.close(place(), "port " + spec.name(), number, old);
    }
}
