package io.jvswitch.vswitchd.conductor;

import io.jvswitch.datapath.Worker;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetworkNamespace;
import io.jvswitch.vswitchd.config.PortSpec;
import io.jvswitch.vswitchd.view.PortState;
import io.jvswitch.wire.PortQueue;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port while it runs: its device, whether it carries frames, and what it waits for. The conductor's.
 *
 * <p>A device that cannot be had is tried again at every tick; a change of the reason is logged once.
 */
final class PortRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(PortRuntime.class);
    private final int number;
    private final List<Worker> workers;
    private PortSpec spec;
    private PortState state = PortState.WAITING;
    private @Nullable String waitsFor = "has not been attached yet";
    private @Nullable Attachment device;

    PortRuntime(int number, PortSpec spec, List<Worker> workers) {
        this.number = number;
        this.spec = spec;
        this.workers = workers;
    }

    int number() {
        return number;
    }

    PortSpec spec() {
        return spec;
    }

    PortState state() {
        return state;
    }

    /** What it waits for, null when it carries frames. */
    @Nullable
    String waitsFor() {
        return waitsFor;
    }

    /** The device's MTU, 0 while there is none. */
    int deviceMtuBytes() {
        return device == null ? 0 : device.mtuBytes();
    }

    /** Names of the offloads in use. */
    List<String> offloads() {
        return device == null ? List.of() : device.offloads();
    }

    /** How many queues the device has, or would have: each worker needs one of its own. */
    int queues() {
        return device == null
                ? Math.max(spec.queues(), workers.size())
                : device.queues().size();
    }

    /** Changes what needs no new device; says whether that was all. */
    boolean adopt(PortSpec newSpec) {
        boolean sameDevice = newSpec.kind() == spec.kind()
                && newSpec.queues() == spec.queues()
                && Objects.equals(newSpec.netns(), spec.netns())
                && Objects.equals(newSpec.mac(), spec.mac());
        if (sameDevice) {
            spec = newSpec;
        }
        return sameDevice;
    }

    /**
     * Opens the device and gives its queues to the workers.
     *
     * @throws NativeException when the device cannot be had now; the port then waits, and says for what
     */
    void attach(int mtuBytes) throws NativeException {
        Attachment opened;
        try {
            opened = open(mtuBytes);
        } catch (NativeException e) {
            waitFor(e.getMessage());
            throw e;
        }
        device = opened;
        List<? extends PortQueue> queues = opened.queues();
        for (int queue = 0; queue < queues.size(); queue++) {
            workers.get(queue % workers.size()).addPort(number, queues.get(queue));
        }
        state = PortState.UP;
        waitsFor = null;
        LOG.info("port {} attached: {} queues, MTU {}", spec.name(), queues.size(), opened.mtuBytes());
    }

    /** {@link #attach} for a port that may wait. */
    void tryAttach(int mtuBytes) {
        try {
            attach(mtuBytes);
        } catch (NativeException e) {
            LOG.debug("port {} is still not there", spec.name(), e);
        }
    }

    private Attachment open(int mtuBytes) throws NativeException {
        try (NetworkNamespace namespace = namespace()) {
            return TapAttachment.open(spec, namespace, queues(), mtuBytes);
        }
    }

    private NetworkNamespace namespace() throws NativeException {
        String netns = spec.netns();
        if (netns == null) {
            return NetworkNamespace.current();
        }
        return netns.startsWith("/") ? NetworkNamespace.ofPath(Path.of(netns)) : NetworkNamespace.named(netns);
    }

    private void waitFor(@Nullable String reason) {
        state = PortState.WAITING;
        if (!Objects.equals(reason, waitsFor)) {
            LOG.warn("port {} waits: {}", spec.name(), reason);
        }
        waitsFor = reason;
    }

    /** The guest's MTU changed: the device follows. */
    void setMtu(int mtuBytes) {
        if (device == null) {
            return;
        }
        int before = device.mtuBytes();
        try {
            device.followMtu(mtuBytes);
            if (device.mtuBytes() != before) {
                LOG.info("port {}: MTU {} instead of {}", spec.name(), device.mtuBytes(), before);
            }
        } catch (NativeException e) {
            LOG.warn("port {} keeps MTU {}: {}", spec.name(), before, e.getMessage());
        }
    }

    /** A worker found the device gone. */
    void lost() {
        if (device != null) {
            String text = device.lostText();
            detach();
            waitFor(text);
        }
    }

    /** Takes the device away from the workers and closes it; a device that the switch made goes with it. */
    void detach() {
        Attachment old = device;
        if (old == null) {
            return;
        }
        device = null;
        state = PortState.WAITING;
        LetGo.by(workers, "port " + spec.name(), (worker, done) -> worker.removePort(number, done));
        old.close();
        LOG.info("port {} detached", spec.name());
    }
}
