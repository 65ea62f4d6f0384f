package io.jvswitch.vswitchd.conductor.state;

import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.tap.DeviceState;
import io.jvswitch.tap.LinkEvent;
import io.jvswitch.vswitchd.conductor.bridge.Bridges;
import io.jvswitch.vswitchd.conductor.device.AttachException;
import io.jvswitch.vswitchd.conductor.device.DeviceCloser;
import io.jvswitch.vswitchd.conductor.device.LinkWatches;
import io.jvswitch.vswitchd.conductor.port.PortNumbers;
import io.jvswitch.vswitchd.conductor.port.PortRuntime;
import io.jvswitch.vswitchd.conductor.port.PortTally;
import io.jvswitch.vswitchd.conductor.port.RoundRobin;
import io.jvswitch.vswitchd.conductor.underlay.Underlay;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.time.DaemonClock;
import io.jvswitch.vswitchd.view.PortState;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ports that run, in the configuration's order, and the devices that are still to be attached: some at a time, so
 * that whoever asks
 * the conductor something meanwhile does not wait for all of them. The conductor's.
 */
public final class Ports {

    /**
     * Of ports that wait, how many are tried at one tick, in turn. For somebody else's device the kernel's news do
     * not wait for that.
     */
    private static final int ATTEMPTS_PER_TICK = 64;
    /**
     * Of ports in namespaces, for how many it is looked at one tick whether theirs is still the one of that name, in
     * turn.
     */
    private static final int NAMESPACES_PER_TICK = 256;

    private final Workers workers;
    private final PortTally tally;
    private final Underlay underlay;
    private final LinkWatches links;
    private final PortSizes sizes;
    private final Publisher publisher;
    private final DeviceCloser closer;
    private final Consumer<PortRuntime> whenPlaceChanges;
    private final PortNumbers numbers;
    private final Bridges bridges;
    private final Map<String, PortRuntime> byName = new LinkedHashMap<>();
    private final Map<Integer, PortRuntime> byNumber = new HashMap<>();
    /** Those whose device somebody else may change, by its namespace. */
    private final Map<String, Set<PortRuntime>> followed = new HashMap<>();

    private final Deque<Attachable> unattached = new ArrayDeque<>();
    private final Set<PortRuntime> queued = new HashSet<>();
    private final RoundRobin attempts = new RoundRobin(ATTEMPTS_PER_TICK);
    private final RoundRobin namespaces = new RoundRobin(NAMESPACES_PER_TICK);

    /** @param tried complete when the device was attached, or could not be yet */
    private record Attachable(PortRuntime port, CompletableFuture<Void> tried) {}

    /**
     * No ports yet.
     *
     * @param whenPlaceChanges told when a port begins or ceases to be a {@linkplain PortRuntime#isPlace() place}
     * @param numbers shared with ports that have no device
     */
    Ports(
            Workers workers,
            PortTally tally,
            Underlay underlay,
            LinkWatches links,
            PortSizes sizes,
            Publisher publisher,
            Bridges bridges,
            DeviceCloser closer,
            Consumer<PortRuntime> whenPlaceChanges,
            PortNumbers numbers) {
        this.workers = workers;
        this.tally = tally;
        this.underlay = underlay;
        this.links = links;
        this.sizes = sizes;
        this.publisher = publisher;
        this.bridges = bridges;
        this.closer = closer;
        this.whenPlaceChanges = whenPlaceChanges;
        this.numbers = numbers;
    }

    /** As they are at any time. */
    Collection<PortRuntime> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    @Nullable
    PortRuntime named(String name) {
        return byName.get(name);
    }

    @Nullable
    PortRuntime numbered(int number) {
        return byNumber.get(number);
    }

    /** The name of the port with that number, for messages. */
    String nameOf(int number) {
        PortRuntime port = byNumber.get(number);
        return port == null ? "number " + number : port.spec().name();
    }

    /** The ports, and removed ones whose counters can still be read, by name. */
    Map<String, Integer> numbers() {
        return numbers.all();
    }

    /** Refuses more ports than there are numbers for. */
    void requireRoomFor(int ports) {
        numbers.requireRoomFor(ports);
    }

    // ---- change ----

    /** A port more, without its device. */
    PortRuntime add(PortSpec spec) {
        PortRuntime port = new PortRuntime(numbers.take(spec.name()), spec, workers, tally, closer, whenPlaceChanges);
        byName.put(spec.name(), port);
        byNumber.put(port.number(), port);
        if (port.isFollowed()) {
            followed.computeIfAbsent(key(spec.netns()), any -> new LinkedHashSet<>())
                    .add(port);
        }
        publisher.changed(port);
        return port;
    }

    private static String key(@Nullable String netns) {
        return netns == null ? "" : netns;
    }

    /**
     * A port less. Its number stays taken, for a port of that name that follows at once, until it is {@linkplain
     * #release released}.
     *
     * @return complete when its device is closed
     */
    CompletableFuture<Void> remove(PortRuntime port) {
        CompletableFuture<Void> closed = port.detach();
        byName.remove(port.spec().name());
        byNumber.remove(port.number());
        Set<PortRuntime> sameNetns = followed.get(key(port.spec().netns()));
        if (sameNetns != null && sameNetns.remove(port) && sameNetns.isEmpty()) {
            followed.remove(key(port.spec().netns()));
        }
        publisher.gone(port);
        return closed;
    }

    /** The number of a removed port can be another one's. */
    void release(String name) {
        numbers.release(name);
    }

    /** Puts them in that order, and stops listening where there are none any more. */
    void inOrder(Collection<String> order) {
        Networks.reorder(byName, order);
        links.retain(netns -> netns == null && underlay.spec() != null || followed.containsKey(key(netns)));
    }

    /**
     * Has the device attached when it is its turn.
     *
     * @return complete when that was tried
     */
    CompletableFuture<Void> attachLater(PortRuntime port) {
        Attachable one = new Attachable(port, new CompletableFuture<>());
        unattached.add(one);
        queued.add(port);
        return one.tried();
    }

    /**
     * Attaches devices that are to be attached, until a time. A place whose former device is still being closed is
     * left for later.
     *
     * @param clock looked at after each device: the kernel may take its time
     * @return whether there is more to do right now
     */
    boolean attachSome(DaemonClock clock, long deadlineNs) {
        for (int left = unattached.size(); left > 0; left--) {
            Attachable one = unattached.removeFirst();
            if (closer.isClosing(one.port().place())) {
                unattached.addLast(one);
                continue;
            }
            queued.remove(one.port());
            if (isOurs(one.port())) {
                tryAttach(one.port());
            }
            one.tried().complete(null);
            if (clock.now().ns() - deadlineNs >= 0) {
                return !unattached.isEmpty();
            }
        }
        return false;
    }

    /** Whether it has not been removed since. */
    @SuppressWarnings("ReferenceEquality") // another port may have its name by now
    private boolean isOurs(PortRuntime port) {
        return byName.get(port.spec().name()) == port;
    }

    private void tryAttach(PortRuntime port) {
        if (closer.isClosing(port.place())) {
            var _ = attachLater(port);
            return;
        }
        watchFor(port);
        port.tryAttach(sizes.mtuBytes(port.spec()), underlay.device());
        publisher.changed(port);
    }

    /** Attaches a device at once, and says what is wrong. */
    void attach(PortRuntime port) throws AttachException {
        watchFor(port);
        port.attach(sizes.mtuBytes(port.spec()), underlay.device());
        publisher.changed(port);
    }

    /** Before the device is looked for: one that appears in between is not missed. */
    private void watchFor(PortRuntime port) {
        if (port.isFollowed()) {
            links.watch(port.spec().netns());
        }
    }

    // ---- events ----

    /** A worker found a device gone. */
    void toldGone(int number) {
        PortRuntime port = byNumber.get(number);
        if (port != null) {
            port.toldGone();
            publisher.changed(port);
        }
    }

    /** The kernel's news of a device. */
    void hear(@Nullable String netns, LinkEvent event) {
        for (PortRuntime port : List.copyOf(followed.getOrDefault(key(netns), Set.of()))) {
            PortState before = port.state();
            int mtuBefore = port.deviceMtuBytes();
            DeviceState deviceBefore = port.deviceState();
            if (port.hear(event)) {
                tryAttach(port);
            }
            boolean isOther = port.state() != before || port.deviceMtuBytes() != mtuBefore;
            if (isOther || bridges.has(port) && !Objects.equals(port.deviceState(), deviceBefore)) {
                publisher.changed(port);
            }
        }
    }

    /**
     * The tunnels' device cannot be switched, too: a port that has it, as it was attached before, lets it go and says
     * why.
     */
    void giveReservedBack() {
        for (PortRuntime port : byName.values()) {
            if (port.hasReserved(underlay.device())) {
                var _ = port.detach();
                tryAttach(port);
                publisher.changed(port);
            }
        }
    }

    /** Once a second: devices that waited, and namespaces whose name means another one. */
    void tick() {
        numbers.tick();
        namespaces.visit(byName.values(), port -> {
            if (port.followNamespace()) {
                publisher.changed(port);
            }
        });
        List<PortRuntime> waiting = byName.values().stream()
                .filter(port -> port.state() == PortState.WAITING && !queued.contains(port))
                .toList();
        attempts.visit(waiting, this::tryAttach);
    }

    /** Lets every device go. */
    void close() {
        byName.values().forEach(PortRuntime::leave);
        unattached.forEach(one -> one.tried().complete(null));
        unattached.clear();
    }
}
