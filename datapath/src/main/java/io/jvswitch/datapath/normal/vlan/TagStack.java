package io.jvswitch.datapath.normal.vlan;

import io.jvswitch.wire.header.VlanTag;

/**
 * The tags that a frame has somewhere: some that it is given, in front of what is kept of those that it came with.
 *
 * <p>A tag is TPID and TCI in one {@code int}. What it takes from the outermost tag of the frame as it came is not
 * looked at before somebody has to write it: a TPID of 0 stands for that tag's, {@link #PRIORITY_OF_FRAME} for its
 * priority.
 */
public final class TagStack {

    /** In a tag, in the place of the drop-eligible bit: its priority is that of the frame's outermost tag. */
    static final int PRIORITY_OF_FRAME = VlanTag.DEI_MASK;
    /** TPID, and priority: those of the frame's outermost tag. */
    static final int OF_FRAME = PRIORITY_OF_FRAME;

    private int first;
    private int second;
    private int count;
    private int kept;

    /** No tag in front, and all tags of the frame kept. */
    public TagStack() {}

    /** All tags of the frame as it came. */
    void clear() {
        keep(0);
    }

    /** No tag in front of the frame's own from the given one on, counted from 0. */
    void keep(int from) {
        first = 0;
        second = 0;
        count = 0;
        kept = from;
    }

    void copyFrom(TagStack other) {
        first = other.first;
        second = other.second;
        count = other.count;
        kept = other.kept;
    }

    /** Puts a tag in front; there are two at most. */
    void push(int tag) {
        second = first;
        first = tag;
        count++;
    }

    /** Takes the outermost tag off. */
    void pop() {
        if (count == 0) {
            kept++;
        } else {
            first = second;
            second = 0;
            count--;
        }
    }

    /** Replaces the tag in front, which must be there. */
    void setFirst(int tag) {
        first = tag;
    }

    /** Leaves out what is behind the first so many tags in front, but for what is never looked at. */
    void cut(int front, int known) {
        kept = known;
        if (front < 2) {
            second = 0;
        }
        if (front < 1) {
            first = 0;
        }
        count = Math.min(count, front);
    }

    /** How many tags are in front of the frame's own. */
    int count() {
        return count;
    }

    /** A tag in front: the first or second, counted from 0. */
    int tag(int index) {
        return index == 0 ? first : second;
    }

    /** The first of the frame's own tags that is kept, counted from 0. */
    int kept() {
        return kept;
    }

    /** Whether more of the frame's own tags are kept than in another. */
    public boolean keepsMoreThan(TagStack other) {
        return kept < other.kept;
    }

    boolean isSame(TagStack other) {
        return first == other.first && second == other.second && count == other.count && kept == other.kept;
    }
}
