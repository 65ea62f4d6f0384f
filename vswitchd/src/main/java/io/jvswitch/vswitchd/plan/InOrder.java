package io.jvswitch.vswitchd.plan;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map that keeps the order of its entries. The copy of one is itself: what has not changed from one plan
 * to the next is the same object, and costs nothing.
 */
final class InOrder<K, V> extends AbstractMap<K, V> {

    private final Map<K, V> entries;

    private InOrder(Map<K, V> entries) {
        this.entries = entries;
    }

    /** The same entries in the same order, whatever becomes of {@code map}. */
    static <K, V> Map<K, V> copyOf(Map<K, V> map) {
        return map instanceof InOrder ? map : new InOrder<>(Collections.unmodifiableMap(new LinkedHashMap<>(map)));
    }

    @Override
    public @Nullable V get(Object key) {
        return entries.get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return entries.containsKey(key);
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return entries.entrySet();
    }
}
