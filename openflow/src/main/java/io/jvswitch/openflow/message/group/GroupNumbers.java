package io.jvswitch.openflow.message.group;

/** The reserved groups and buckets, 32 bits unsigned. */
public final class GroupNumbers {

    /** The highest number that a group may have. */
    public static final long MAX = 0xffff_ff00L;
    /** All groups, in a group mod that deletes. */
    public static final long ALL = 0xffff_fffcL;
    /** No group, or any. */
    public static final long ANY = 0xffff_ffffL;

    /** The highest number that a bucket may have. */
    public static final long BUCKET_MAX = 0xffff_ff00L;

    public static final long BUCKET_FIRST = 0xffff_fffdL;
    public static final long BUCKET_LAST = 0xffff_fffeL;
    public static final long BUCKET_ALL = 0xffff_ffffL;

    private GroupNumbers() {}
}
