package io.jvswitch.flowtable.classifier;

import org.jspecify.annotations.Nullable;

/**
 * Which address prefixes some rule asks for: a binary trie with its single-child paths shortened.
 *
 * <p>It tells how few leading bits of an address prove that no rule has a prefix of a given length that fits. So a
 * frame to 10.1.2.3 that none of the /24 rules wants makes a megaflow for the shortest prefix that sets it apart,
 * instead of one for each address.
 *
 * <p>Nodes are immutable; a change copies the path to the root (at most 129 nodes, some ten in practice) and publishes
 * it. One writer, wait-free readers.
 */
final class PrefixTrie {

    /** {@link #bitsToMiss}: there is such a prefix. */
    static final int FITS = -1;

    private record Node(
            long hi,
            long lo,
            int length,
            int count,
            @Nullable Node zero,
            @Nullable Node one) {

        Node with(int newCount) {
            return new Node(hi, lo, length, newCount, zero, one);
        }

        Node with(int bit, @Nullable Node child) {
            return bit == 0
                    ? new Node(hi, lo, length, count, child, one)
                    : new Node(hi, lo, length, count, zero, child);
        }

        @Nullable
        Node child(int bit) {
            return bit == 0 ? zero : one;
        }
    }

    private volatile @Nullable Node root;

    /**
     * Any thread: how many leading bits of an address show that no prefix of exactly {@code length} bits in the trie
     * fits it.
     *
     * @return 0 to {@code length}, or {@link #FITS} when one fits
     */
    int bitsToMiss(long hi, long lo, int length) {
        Node node = root;
        int known = 0;
        while (node != null) {
            int common = commonBits(hi ^ node.hi, lo ^ node.lo);
            if (common < Math.min(node.length, length)) {
                return common + 1;
            }
            if (node.length >= length) {
                return node.length == length && node.count > 0 ? FITS : length;
            }
            known = node.length + 1;
            node = node.child(bit(hi, lo, node.length));
        }
        return known;
    }

    /** Writer: one more rule has this prefix. */
    void add(long hi, long lo, int length) {
        root = added(root, hi & leadingHi(length), lo & leadingLo(length), length);
    }

    private static Node added(@Nullable Node node, long hi, long lo, int length) {
        if (node == null) {
            return new Node(hi, lo, length, 1, null, null);
        }
        int common = Math.min(commonBits(hi ^ node.hi, lo ^ node.lo), Math.min(length, node.length));
        if (common < node.length) {
            // The two part ways within this node's path: a new node where they do.
            Node fork = new Node(hi & leadingHi(common), lo & leadingLo(common), common, 0, null, null)
                    .with(bit(node.hi, node.lo, common), node);
            return common == length
                    ? fork.with(1)
                    : fork.with(bit(hi, lo, common), new Node(hi, lo, length, 1, null, null));
        }
        if (length == node.length) {
            return node.with(node.count + 1);
        }
        int bit = bit(hi, lo, node.length);
        return node.with(bit, added(node.child(bit), hi, lo, length));
    }

    /** Writer: one rule less has this prefix, which must be there. */
    void remove(long hi, long lo, int length) {
        root = removed(root, hi & leadingHi(length), lo & leadingLo(length), length);
    }

    private static @Nullable Node removed(@Nullable Node node, long hi, long lo, int length) {
        if (node == null) {
            throw new IllegalStateException("prefix of " + length + " bits is not in the trie");
        }
        Node changed;
        if (node.length == length) {
            changed = node.with(node.count - 1);
        } else {
            int bit = bit(hi, lo, node.length);
            changed = node.with(bit, removed(node.child(bit), hi, lo, length));
        }
        if (changed.count > 0 || changed.zero != null && changed.one != null) {
            return changed;
        }
        return changed.zero != null ? changed.zero : changed.one;
    }

    private static int commonBits(long hiDifference, long loDifference) {
        return hiDifference != 0
                ? Long.numberOfLeadingZeros(hiDifference)
                : 64 + Long.numberOfLeadingZeros(loDifference);
    }

    private static int bit(long hi, long lo, int at) {
        return (int) ((at < 64 ? hi >>> 63 - at : lo >>> 127 - at) & 1);
    }

    private static long leadingHi(int bits) {
        return bits == 0 ? 0 : bits >= 64 ? -1L : -1L << 64 - bits;
    }

    private static long leadingLo(int bits) {
        return bits <= 64 ? 0 : -1L << 128 - bits;
    }
}
