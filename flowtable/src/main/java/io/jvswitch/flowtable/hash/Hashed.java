package io.jvswitch.flowtable.hash;

/** What a {@link HashDirectory} and a {@link Roster} keep: an object with its hash, computed once, and its seat. */
public abstract class Hashed {

    /** The hash under which the object was inserted. */
    public final int hash;

    /** Where the object stands in its table's roster; -1 before it came and once it has left. The writer's alone. */
    public int seat = -1;

    public Hashed(int hash) {
        this.hash = hash;
    }
}
