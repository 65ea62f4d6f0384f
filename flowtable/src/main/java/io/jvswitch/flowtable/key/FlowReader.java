package io.jvswitch.flowtable.key;

import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The witness of a translation, and its working copy of the frame's key: reads, notes in a {@link FlowMask} what was
 * looked at of the frame as it arrived, and writes.
 *
 * <p>A translator that reads keys in no other way makes megaflows that are right by construction: a frame that agrees
 * in every bit that was looked at takes the same decisions. Ask for as little as the decision needs: {@link #test} one
 * bit of a MAC rather than {@link #get} it.
 *
 * <p><b>Writing.</b> A bit that the translation itself has written reads as written, and reading it un-wildcards
 * nothing: for all frames of the megaflow it was written alike. The same holds for fields that only translations know
 * ({@link FlowField.Region#PIPELINE}), written or not. Any other bit reads as it arrived and is noted. So {@code
 * set_field:1->reg0,resubmit(,5)} and a match on {@code reg0} in table 5 cost no bit of the mask. The arrived key is
 * never changed; until something is written there is no copy of it.
 *
 * <p>Reusable, allocates nothing once its copies are there, owned by one thread.
 */
public final class FlowReader {

    /** What was written at some moment: the values, and which bits. */
    private static final class State {
        final FlowKey key = new FlowKey();
        final FlowMask written = new FlowMask();
    }

    private FlowKey arrived = new FlowKey();
    private FlowMask mask = new FlowMask();
    private final FlowMask written = new FlowMask();
    /** The arrived key with what was written; in use from the first write on. */
    private final FlowKey copy = new FlowKey();
    /**
     * Bit i set: some of word i was written, or is only a translation's; reading it takes care. Words from 64 on share
     * the bits of those below, for which that care is not needed but does no harm.
     */
    private long settled = FlowLayout.PIPELINE_WORDS;
    /** Whether {@link #key} is {@link #copy}. */
    private boolean copied;
    /** {@link #arrived} as long as nothing is written, then {@link #copy}. */
    private FlowKey key = arrived;

    private final FlowMask looked = new FlowMask();
    /** States saved, the first {@link #saved} of them in use. */
    private final List<State> states = new ArrayList<>();

    private int saved;

    /** A reader of an empty key, until {@link #reset}. */
    public FlowReader() {}

    /**
     * Starts on another key, with nothing written and nothing saved.
     *
     * @param newKey read only
     * @param newMask gets the bits looked at; not cleared here
     */
    public void reset(FlowKey newKey, FlowMask newMask) {
        arrived = newKey;
        key = newKey;
        copied = false;
        mask = newMask;
        written.clear();
        settled = FlowLayout.PIPELINE_WORDS;
        saved = 0;
    }

    // ---- keys and masks ----

    /**
     * The key as it is now: what has arrived, with what was written. Whoever reads it directly notes by {@link
     * #startLooking} and {@link #endLooking} what he looks at. Valid until the next write.
     */
    public FlowKey current() {
        return key;
    }

    /** The key as the frame arrived. Whoever reads it directly notes in {@link #mask} what he looks at. */
    public FlowKey arrived() {
        return arrived;
    }

    /** The bits that the translation has written. Read only, and valid until the next write. */
    public FlowMask written() {
        return written;
    }

    /** The mask that notes what is looked at of the frame as it arrived. */
    public FlowMask mask() {
        return mask;
    }

    /** An empty mask for what is going to be looked at in {@link #current}: a table's look-up. */
    public FlowMask startLooking() {
        looked.clear();
        return looked;
    }

    /** Notes what is now in the mask that {@link #startLooking} gave, less what the translation itself has written. */
    public void endLooking() {
        for (long map = looked.present; map != 0; map &= map - 1) {
            int word = Long.numberOfTrailingZeros(map);
            look(word, looked.words[word]);
        }
        for (long map = looked.presentHigh; map != 0; map &= map - 1) {
            int word = FlowLayout.HIGH_WORDS + Long.numberOfTrailingZeros(map);
            look(word, looked.words[word]);
        }
    }

    private void look(int word, long bits) {
        if ((settled >>> word & 1) != 0) {
            lookAtTouched(word, bits);
        } else {
            mask.add(word, bits);
        }
    }

    /** A bit that was written, or that only translations know, is the same for all frames of the megaflow. */
    private void lookAtTouched(int word, long bits) {
        if (word >= FlowLayout.HIGH_WORDS || (FlowLayout.PIPELINE_WORDS >>> word & 1) == 0) {
            mask.add(word, bits & ~written.words[word]);
        }
    }

    private void look(KeyBits field, long hi, long lo) {
        look(field.word(), (lo & field.ones()) << field.shift());
        if (field.isWide()) {
            look(field.word() - 1, hi);
        }
    }

    /** Looks at the field's first {@code bits} bits. */
    private void lookAtPrefix(KeyBits field, int bits) {
        if (settled == FlowLayout.PIPELINE_WORDS && field.region() == FlowField.Region.FRAME) {
            mask.prefix(field, bits);
        } else {
            startLooking().prefix(field, bits);
            endLooking();
        }
    }

    // ---- reading ----

    /** The field's value, all bits looked at; of a 128-bit field the low half, and only that is looked at. */
    public long get(KeyBits field) {
        look(field.word(), field.ones() << field.shift());
        return key.get(field);
    }

    /** The high half of a 128-bit field, and only that is looked at. */
    public long getHi(KeyBits field) {
        if (field.isWide()) {
            look(field.word() - 1, -1L);
        }
        return key.getHi(field);
    }

    /** The field's value where {@code bits} has ones, and only those are looked at. */
    public long get(KeyBits field, long bits) {
        look(field.word(), (bits & field.ones()) << field.shift());
        return key.get(field) & bits;
    }

    /**
     * Whether the field, all of it, has this value (a 128-bit field: with a high half of 0, as IPv4 addresses have).
     */
    public boolean is(KeyBits field, long value) {
        return is(field, 0, value);
    }

    /** Whether a 128-bit field has this value. */
    public boolean is(KeyBits field, long hi, long lo) {
        return get(field) == lo && (!field.isWide() || getHi(field) == hi);
    }

    /**
     * Whether the field, of at most 64 bits, has this value, told from as few bits as tell it: those up to the first
     * that differs. For a value that few frames have; all others then share a megaflow for each bit of the field at
     * most, as with Open vSwitch's port tries.
     */
    public boolean isByPrefix(KeyBits field, long value) {
        long difference = (key.get(field) ^ value) & field.ones();
        int same = difference == 0 ? field.bits() : field.bits() - Long.SIZE + Long.numberOfLeadingZeros(difference);
        lookAtPrefix(field, Math.min(same + 1, field.bits()));
        return difference == 0;
    }

    /** Whether any of the ones in {@code bits} is set in the field; only those are looked at. */
    public boolean test(KeyBits field, long bits) {
        return get(field, bits) != 0;
    }

    /**
     * Whether the field begins with the first {@code bits} bits of a value; only those are looked at.
     *
     * @param bits prefix length; plus 96 for IPv4, for addresses are IPv4-mapped
     */
    public boolean hasPrefix(KeyBits field, long hi, long lo, int bits) {
        lookAtPrefix(field, bits);
        if (!field.isWide()) {
            int dropped = field.bits() - bits;
            return dropped == 64 || key.get(field) >>> dropped == (lo & field.ones()) >>> dropped;
        }
        long hiDifference = key.getHi(field) ^ hi;
        long loDifference = key.get(field) ^ lo;
        if (bits <= 64) {
            return bits == 0 || hiDifference >>> 64 - bits == 0;
        }
        return hiDifference == 0 && loDifference >>> 128 - bits == 0;
    }

    /** {@link #hasPrefix(FlowField, long, long, int)} for a field of at most 64 bits. */
    public boolean hasPrefix(KeyBits field, long value, int bits) {
        return hasPrefix(field, 0, value, bits);
    }

    /**
     * Whether an address field holds an IPv4 address of the network {@code network/length}; looks at 96 + length bits.
     */
    public boolean hasIpv4Prefix(KeyBits field, int network, int length) {
        return hasPrefix(field, 0, IpAddress.mappedLo(network), 96 + length);
    }

    // ---- writing ----

    /** Writes a whole field; bits beyond its width are cut off, the high half of a 128-bit field becomes 0. */
    public void set(KeyBits field, long value) {
        set(field, 0, value, -1L, -1L);
    }

    /** Writes a whole field from its halves; {@code hi} is ignored where the field has none. */
    public void set(KeyBits field, long hi, long lo) {
        set(field, hi, lo, -1L, -1L);
    }

    /**
     * Writes the bits of a field where the mask has ones; the others stay as they are, and are not looked at. What is
     * beyond the field's width, or the high half where it has none, is ignored.
     */
    public void set(KeyBits field, long hi, long lo, long maskHi, long maskLo) {
        if (!copied) {
            copy.copyFrom(arrived);
            copied = true;
            key = copy;
        }
        copy.set(field, key.getHi(field) & ~maskHi | hi & maskHi, key.get(field) & ~maskLo | lo & maskLo);
        written.bits(field, maskHi, maskLo);
        settle();
    }

    private void settle() {
        settled = FlowLayout.PIPELINE_WORDS | written.present | written.presentHigh;
    }

    /**
     * Copies bits of one field to another (or to other bits of the same). The source's bits are looked at, but for
     * those that were written. Bits are counted from the field's last, bit 0, on; of a 128-bit field they go on into
     * the high half.
     *
     * @throws IllegalArgumentException when a field does not have the bits
     */
    public void move(KeyBits source, int sourceBit, KeyBits destination, int destinationBit, int bits) {
        checkRange(source, sourceBit, bits);
        checkRange(destination, destinationBit, bits);
        long onesHi = bits <= 64 ? 0 : -1L >>> 128 - bits;
        long onesLo = bits >= 64 ? -1L : (1L << bits) - 1;
        look(source, leftHi(onesHi, onesLo, sourceBit), leftLo(onesLo, sourceBit));
        long hi = key.getHi(source);
        long lo = key.get(source);
        long movedHi = rightHi(hi, sourceBit) & onesHi;
        long movedLo = rightLo(hi, lo, sourceBit) & onesLo;
        set(
                destination,
                leftHi(movedHi, movedLo, destinationBit),
                leftLo(movedLo, destinationBit),
                leftHi(onesHi, onesLo, destinationBit),
                leftLo(onesLo, destinationBit));
    }

    private static void checkRange(KeyBits field, int bit, int bits) {
        if (bit < 0 || bits < 1 || bit > field.bits() - bits) {
            throw new IllegalArgumentException(field.label() + " has " + field.bits() + " bits: " + bits + " from bit "
                    + bit + " on are not there");
        }
    }

    // Halves of a 128-bit number that is shifted by 0 to 127 bits.

    private static long leftHi(long hi, long lo, int by) {
        return by == 0 ? hi : by >= 64 ? lo << by - 64 : hi << by | lo >>> 64 - by;
    }

    private static long leftLo(long lo, int by) {
        return by >= 64 ? 0 : lo << by;
    }

    private static long rightHi(long hi, int by) {
        return by >= 64 ? 0 : hi >>> by;
    }

    private static long rightLo(long hi, long lo, int by) {
        return by == 0 ? lo : by >= 64 ? hi >>> by - 64 : lo >>> by | hi << 64 - by;
    }

    // ---- saving and restoring ----

    /**
     * Saves what is written now. For whoever lets others write for a while: a patch port, whose peer's bridge goes on
     * with the frame and whose changes are not seen when it returns.
     *
     * @return what {@link #restore} takes
     */
    public int save() {
        if (saved == states.size()) {
            states.add(new State());
        }
        State state = states.get(saved);
        state.written.copyFrom(written);
        if (copied) {
            state.key.copyFrom(copy);
        }
        return saved++;
    }

    /**
     * Goes back to what was written at a {@link #save}. What was looked at since stays looked at. What was saved later
     * is gone.
     *
     * @param at what {@code save} returned; not usable again
     */
    public void restore(int at) {
        if (at < 0 || at >= saved) {
            throw new IllegalArgumentException("there is no saved state " + at + " of " + saved);
        }
        saved = at;
        State state = states.get(at);
        written.copyFrom(state.written);
        settle();
        copied = !written.isEmpty();
        if (copied) {
            copy.copyFrom(state.key);
        }
        key = copied ? copy : arrived;
    }
}
