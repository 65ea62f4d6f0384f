package io.jvswitch.vswitchd.conductor.device;

import io.jvswitch.tap.LinkEvent;
import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetDevice;
import io.jvswitch.tap.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespaces in which ports have devices that come and go: one {@link LinkWatch} each. The conductor's, but for
 * {@link #hasNews}.
 *
 * <p>A namespace is known by what the configuration calls it; when its name comes to mean another one (a container
 * restarted), the watch moves on.
 */
public final class LinkWatches implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LinkWatches.class);
    private static final Path NAMED = Path.of("/run/netns");
    private static final String OWN = "/proc/self/ns/net";

    private final Runnable wakeup;
    private final Map<Key, Watched> watches = new HashMap<>();
    private volatile List<LinkWatch> open = List.of();

    /** What the configuration calls a namespace, null for the daemon's. */
    private record Key(@Nullable String netns) {}

    /** @param identity which namespace the name meant when the watch began */
    private record Watched(LinkWatch watch, @Nullable Object identity) {}

    public LinkWatches(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    /** The namespace that the configuration means; the caller closes it. */
    public static NetworkNamespace namespace(@Nullable String netns) throws NativeException {
        if (netns == null) {
            return NetworkNamespace.current();
        }
        return netns.startsWith("/") ? NetworkNamespace.ofPath(Path.of(netns)) : NetworkNamespace.named(netns);
    }

    /** Whether that is the daemon's own namespace, whatever the configuration calls it. */
    public static boolean isDaemons(@Nullable String netns) {
        if (netns == null) {
            return true;
        }
        Object identity = identity(netns);
        return identity != null && identity.equals(identity(OWN));
    }

    /** The name of a namespace that has a device of that name, null when none of those with a name has. */
    public static @Nullable String namespaceWith(String device) {
        String[] names = NAMED.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            try (NetworkNamespace namespace = NetworkNamespace.named(name)) {
                if (NetDevice.named(namespace, device).exists()) {
                    return name;
                }
            } catch (NativeException | IllegalArgumentException e) {
                LOG.debug("namespace {} cannot be looked into", name, e);
            }
        }
        return null;
    }

    /** Which namespace a name means now: null for the daemon's own, and where there is none. */
    public static @Nullable Object identity(@Nullable String netns) {
        if (netns == null) {
            return null;
        }
        try {
            return Files.readAttributes(
                            netns.startsWith("/") ? Path.of(netns) : NAMED.resolve(netns), BasicFileAttributes.class)
                    .fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /** Watches a namespace from now on, if it is there: what happens before is for the caller to look at after this. */
    public void watch(@Nullable String netns) {
        Key key = new Key(netns);
        if (watches.containsKey(key)) {
            return;
        }
        Object identity = identity(netns);
        try (NetworkNamespace namespace = namespace(netns)) {
            watches.put(key, new Watched(LinkWatch.open(namespace, wakeup), identity));
            publish();
        } catch (NativeException e) {
            LOG.debug("namespace {} cannot be watched yet", netns, e);
        }
    }

    /** Stops watching namespaces that no port needs. */
    public void retain(Predicate<@Nullable String> needed) {
        for (Key key : List.copyOf(watches.keySet())) {
            if (!needed.test(key.netns())) {
                end(key);
            }
        }
    }

    /**
     * Looks whether every name still means the namespace that is watched; those that do not are watched no more.
     * Holding on to one would keep its devices alive after {@code ip netns delete}.
     */
    public void endOutdated() {
        for (Map.Entry<Key, Watched> entry : List.copyOf(watches.entrySet())) {
            String netns = entry.getKey().netns();
            if (netns != null
                    && !Objects.equals(identity(netns), entry.getValue().identity())) {
                end(entry.getKey());
            }
        }
    }

    private void end(Key key) {
        Watched ended = watches.remove(key);
        publish();
        if (ended != null) {
            ended.watch().close();
        }
    }

    private void publish() {
        open = watches.values().stream().map(Watched::watch).toList();
    }

    /** Whether {@link #poll} would find something; any thread. */
    public boolean hasNews() {
        for (LinkWatch watch : open) {
            if (watch.hasNews()) {
                return true;
            }
        }
        return false;
    }

    /** Reads all news; the listener is told the namespace as the configuration calls it. */
    public void poll(BiConsumer<@Nullable String, LinkEvent> listener) {
        List.copyOf(watches.entrySet())
                .forEach(entry -> entry.getValue()
                        .watch()
                        .poll(event -> listener.accept(entry.getKey().netns(), event)));
    }

    @Override
    public void close() {
        List.copyOf(watches.keySet()).forEach(this::end);
    }
}
