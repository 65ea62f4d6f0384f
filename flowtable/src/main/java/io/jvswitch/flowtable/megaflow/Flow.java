package io.jvswitch.flowtable.megaflow;

import io.jvswitch.flowtable.hash.Hashed;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowLayout;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.PackedMask;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A megaflow: what frames it stands for (a masked key), what is done to them, and how many there were.
 *
 * <p>Made by {@link FlowTable#insert}. The owner of the table writes ({@link #renew}, {@link #count}); any thread
 * reads. Readers need no lock: each figure is whole by itself, but two figures may be of two moments. A flow that left
 * its table keeps its last figures for whoever still holds it.
 *
 * @param <A> the actions: whatever the translator makes; must be immutable or safely published
 */
public final class Flow<A> extends Hashed {

    /** Words of the masked key that lie in the object itself; longer keys go on in an array. */
    static final int INLINE_WORDS = 8;

    private static final VarHandle ACTIONS;
    private static final VarHandle VERSION;
    private static final VarHandle FRAMES;
    private static final VarHandle BYTES;
    private static final VarHandle LAST_USED;
    private static final long[] NO_MORE = {};
    /** Length of {@link #more} of a usual mask that needs it: two words, though the second may be unused. */
    private static final int USUAL_MORE = 2;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ACTIONS = lookup.findVarHandle(Flow.class, "actions", Object.class);
            VERSION = lookup.findVarHandle(Flow.class, "version", long.class);
            FRAMES = lookup.findVarHandle(Flow.class, "frames", long.class);
            BYTES = lookup.findVarHandle(Flow.class, "bytes", long.class);
            LAST_USED = lookup.findVarHandle(Flow.class, "lastUsedNs", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // The mask and the masked key first, in two cache lines: a look-up reads no further. The JVM puts the mask into the
    // gap behind the superclass's fields. See the package's Javadoc for a drawing.
    private final PackedMask mask;
    private final long w0;
    private final long w1;
    private final long w2;
    private final long w3;
    private final long w4;
    private final long w5;
    private final long w6;
    private final long w7;
    private long lastUsedNs;
    private long frames;
    private long bytes;
    private long version;
    /** What of {@link #frames} and {@link #bytes} is settled: the owner's. */
    private long settledFrames;

    private long settledBytes;
    private final long createdNs;
    private final long[] more;
    private A actions;

    Flow(FlowKey key, PackedMask mask, int hash, A actions, long version, long nowNs) {
        super(hash);
        this.mask = mask;
        long[] words = key.words;
        if (mask.isUsual) {
            w0 = words[FlowLayout.PORT_WORD] & mask.portBits;
            w1 = words[FlowLayout.DESTINATION_WORD] & mask.destinationBits;
            w2 = words[FlowLayout.SOURCE_WORD] & mask.sourceBits;
            w3 = words[FlowLayout.TRANSPORT_WORD] & mask.transportBits;
            w4 = words[FlowLayout.IP_SRC_WORD] & mask.ipSourceBits;
            w5 = words[FlowLayout.IP_DST_WORD] & mask.ipDestinationBits;
            w6 = words[mask.extraAt0] & mask.extraBits0;
            w7 = words[mask.extraAt1] & mask.extraBits1;
        } else {
            w0 = word(words, mask, 0);
            w1 = word(words, mask, 1);
            w2 = word(words, mask, 2);
            w3 = word(words, mask, 3);
            w4 = word(words, mask, 4);
            w5 = word(words, mask, 5);
            w6 = word(words, mask, 6);
            w7 = word(words, mask, 7);
        }
        more = more(words, mask);
        this.actions = actions;
        this.version = version;
        this.createdNs = nowNs;
        this.lastUsedNs = nowNs;
    }

    private static long word(long[] words, PackedMask mask, int i) {
        return i < mask.size() ? words[mask.at[i]] & mask.bits[i] : 0;
    }

    /**
     * The words whose places are beyond the object. Those behind the last that is not 0 are left out, so that a flow
     * whose mask looks at everything takes no more memory than its frames have fields.
     */
    private static long[] more(long[] words, PackedMask mask) {
        if (mask.placesTaken() <= INLINE_WORDS) {
            return NO_MORE;
        }
        int stored = mask.size();
        while (stored > 0 && word(words, mask, stored - 1) == 0) {
            stored--;
        }
        int count = mask.isUsual ? USUAL_MORE : stored - INLINE_WORDS;
        if (count <= 0) {
            return NO_MORE;
        }
        long[] more = new long[count];
        for (int i = 0; i < stored; i++) {
            if (mask.place(i) >= INLINE_WORDS) {
                more[mask.place(i) - INLINE_WORDS] = word(words, mask, i);
            }
        }
        return more;
    }

    /** Reads something of both cache lines that {@link #matches} needs, and returns it so that the reads are made. */
    int touch() {
        return seat ^ (int) w5;
    }

    /** Whether a frame with these key words is of this flow. */
    boolean matches(long[] words) {
        PackedMask own = mask;
        return own.isUsual ? matchesUsual(own, words) : matchesAny(own, words);
    }

    private boolean matchesUsual(PackedMask own, long[] words) {
        long difference = words[FlowLayout.PORT_WORD] & own.portBits ^ w0
                | words[FlowLayout.DESTINATION_WORD] & own.destinationBits ^ w1
                | words[FlowLayout.SOURCE_WORD] & own.sourceBits ^ w2
                | words[FlowLayout.TRANSPORT_WORD] & own.transportBits ^ w3
                | words[FlowLayout.IP_SRC_WORD] & own.ipSourceBits ^ w4
                | words[FlowLayout.IP_DST_WORD] & own.ipDestinationBits ^ w5;
        return (own.extras == 0 ? difference : difference | extraDifference(own, words)) == 0;
    }

    private long extraDifference(PackedMask own, long[] words) {
        long difference = words[own.extraAt0] & own.extraBits0 ^ w6 | words[own.extraAt1] & own.extraBits1 ^ w7;
        return own.extras <= 2
                ? difference
                : difference
                        | words[own.extraAt2] & own.extraBits2 ^ more[0]
                        | words[own.extraAt3] & own.extraBits3 ^ more[1];
    }

    @SuppressWarnings("fallthrough") // the unrolled loop's entry point
    private boolean matchesAny(PackedMask own, long[] words) {
        int[] at = own.at;
        long[] bits = own.bits;
        long difference = 0;
        switch (Math.min(at.length, INLINE_WORDS)) {
            case 8:
                difference |= words[at[7]] & bits[7] ^ w7;
            // fall through
            case 7:
                difference |= words[at[6]] & bits[6] ^ w6;
            // fall through
            case 6:
                difference |= words[at[5]] & bits[5] ^ w5;
            // fall through
            case 5:
                difference |= words[at[4]] & bits[4] ^ w4;
            // fall through
            case 4:
                difference |= words[at[3]] & bits[3] ^ w3;
            // fall through
            case 3:
                difference |= words[at[2]] & bits[2] ^ w2;
            // fall through
            case 2:
                difference |= words[at[1]] & bits[1] ^ w1;
            // fall through
            case 1:
                difference |= words[at[0]] & bits[0] ^ w0;
            // fall through
            default:
                break;
        }
        long[] stored = more;
        int storedEnd = INLINE_WORDS + stored.length;
        for (int i = INLINE_WORDS; i < storedEnd; i++) {
            difference |= words[at[i]] & bits[i] ^ stored[i - INLINE_WORDS];
        }
        for (int i = storedEnd; i < at.length; i++) {
            difference |= words[at[i]] & bits[i];
        }
        return difference == 0;
    }

    /** What is done to the flow's frames. */
    @SuppressWarnings("unchecked")
    public A actions() {
        return (A) ACTIONS.getAcquire(this);
    }

    /** The snapshot version for which {@link #actions} hold. */
    public long version() {
        return (long) VERSION.getOpaque(this);
    }

    /** Writer: gives the flow the actions of another snapshot version; counters go on. */
    public void renew(A newActions, long newVersion) {
        ACTIONS.setRelease(this, newActions);
        VERSION.setOpaque(this, newVersion);
    }

    /** Writer: notes that the actions hold for another version too. */
    public void renewVersion(long newVersion) {
        VERSION.setOpaque(this, newVersion);
    }

    /**
     * Writer: counts frames that the flow matched.
     *
     * @param newFrames how many
     * @param newBytes their bytes
     * @param nowNs the time of the burst; the same as the insertion's for the frame that the flow was made for
     */
    public void count(int newFrames, long newBytes, long nowNs) {
        FRAMES.setOpaque(this, frames + newFrames);
        BYTES.setOpaque(this, bytes + newBytes);
        LAST_USED.setOpaque(this, nowNs);
    }

    /** Owner: frames counted since {@link #markSettled}. */
    public long unsettledFrames() {
        return frames - settledFrames;
    }

    /** Owner: bytes counted since {@link #markSettled}. */
    public long unsettledBytes() {
        return bytes - settledBytes;
    }

    /** Owner: what was counted so far has been put to the account of whoever the flow's frames passed. */
    public void markSettled() {
        settledFrames = frames;
        settledBytes = bytes;
    }

    /** Frames counted. */
    public long frames() {
        return (long) FRAMES.getOpaque(this);
    }

    /** Bytes counted. */
    public long bytes() {
        return (long) BYTES.getOpaque(this);
    }

    /** When {@link #count} was called last; the time of insertion before that. */
    public long lastUsedNs() {
        return (long) LAST_USED.getOpaque(this);
    }

    /** Whether the flow was not used again since the burst that it was made for. */
    boolean cameOnce() {
        return lastUsedNs == createdNs;
    }

    /** Owner: whether the flow has left its table: removed, evicted or aged. */
    public boolean isRemoved() {
        return seat < 0;
    }

    /** When the flow was inserted. */
    public long createdNs() {
        return createdNs;
    }

    /** The flow's key: fields that its mask does not look at are 0. */
    public void copyKeyTo(FlowKey key) {
        key.clear();
        for (int i = 0; i < mask.size(); i++) {
            key.setWord(mask.at[i], word(i));
        }
    }

    /** The i-th word of the masked key. */
    private long word(int i) {
        return switch (mask.place(i)) {
            case 0 -> w0;
            case 1 -> w1;
            case 2 -> w2;
            case 3 -> w3;
            case 4 -> w4;
            case 5 -> w5;
            case 6 -> w6;
            case 7 -> w7;
            default -> moreAt(mask.place(i) - INLINE_WORDS);
        };
    }

    private long moreAt(int i) {
        return i < more.length ? more[i] : 0;
    }

    /**
     * What the flow looks at: a copy. Bits that the EtherType implies (the high half of an IPv4 address) are left out.
     */
    public FlowMask mask() {
        return mask.toMask();
    }

    /**
     * Whether the flow looks at everything that {@code other} looks at: its verdict then holds for all frames of the
     * flow.
     *
     * @param other what a translation of the flow's key has looked at
     */
    public boolean covers(FlowMask other) {
        return mask.covers(other, impliedWords());
    }

    private long impliedWords() {
        PackedMask own = mask;
        for (int i = 0; i < own.size(); i++) {
            if (own.at[i] == FlowLayout.DESTINATION_WORD) {
                return PackedMask.impliedWords(FlowLayout.ethType(word(i)), FlowLayout.ethType(own.bits[i]));
            }
        }
        return 0;
    }

    PackedMask packedMask() {
        return mask;
    }

    /** The flow as {@code ovs-appctl dpctl/dump-flows} writes it, without the time since its last use. */
    @Override
    public String toString() {
        return describe(null);
    }

    /** The flow as {@code ovs-appctl dpctl/dump-flows} writes it. */
    public String toString(long nowNs) {
        return describe(frames() == 0 ? "never" : seconds(Math.max(0, nowNs - lastUsedNs())));
    }

    private static String seconds(long ns) {
        long ms = TimeUnit.NANOSECONDS.toMillis(ns);
        return ms / 1000 + "." + String.format("%03d", ms % 1000) + "s";
    }

    /** What its frames have in common, as {@code ovs-appctl dpctl/dump-flows} writes a match. */
    public String match() {
        FlowKey key = new FlowKey();
        copyKeyTo(key);
        return key.toString(mask());
    }

    private String describe(@Nullable String used) {
        return match() + ", packets:" + frames() + ", bytes:" + bytes() + (used == null ? "" : ", used:" + used)
                + ", actions:" + actions();
    }
}
