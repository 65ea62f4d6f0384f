package io.jvswitch.flowtable.mac;

import io.jvswitch.flowtable.hash.Hashed;
import org.jspecify.annotations.Nullable;

/** One address of an {@link Fdb}. */
final class FdbEntry extends Hashed {

    /** VLAN in bits 48 to 59, MAC in the 48 below. */
    final long key;

    /** Readers take the location from here; {@link #owner} is the writer's. */
    volatile int location;

    /** Written opaquely by any thread that touches the entry. */
    long seenNs;

    boolean isStatic;

    /** {@link #seenNs} when the writer last put the entry at its list's young end. */
    long queuedNs;

    FdbLocation owner;

    @Nullable
    FdbEntry older;

    @Nullable
    FdbEntry younger;

    FdbEntry(long key, int hash, FdbLocation owner, long nowNs, boolean isStatic) {
        super(hash);
        this.key = key;
        this.owner = owner;
        this.location = owner.location;
        this.seenNs = nowNs;
        this.isStatic = isStatic;
    }
}
