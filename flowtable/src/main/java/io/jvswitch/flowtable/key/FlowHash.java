package io.jvswitch.flowtable.key;

import io.jvswitch.wire.header.IpProtocol;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * The hash of the tables: folded 64x64-bit multiplications, keyed by salts that are drawn when the process starts, so
 * that nobody outside can choose frames that collide.
 *
 * <p>Pairs of words are folded independently of each other and the results joined by exclusive or; the multiplications
 * of one key then overlap in the processor instead of waiting for each other.
 *
 * <p>The system property {@value #SEED_PROPERTY} fixes the salts, to repeat a test.
 */
public final class FlowHash {

    static final String SEED_PROPERTY = "jvswitch.flowtable.seed";

    /** One salt a word, and one more for the odd word out. */
    static final long[] SALTS = salts();

    /** The first of {@link #SALTS} by themselves: constants to the compiler. */
    static final long SALT_0 = SALTS[0];

    public static final long SALT_1 = SALTS[1];
    static final long SALT_2 = SALTS[2];
    static final long SALT_3 = SALTS[3];
    static final long SALT_4 = SALTS[4];
    static final long SALT_5 = SALTS[5];
    static final long SALT_6 = SALTS[6];
    static final long SALT_7 = SALTS[7];
    static final long SALT_8 = SALTS[8];
    static final long SALT_9 = SALTS[9];

    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

    private static final long FLOW_SALT_1 = 0xa076_1d64_78bd_642fL;
    private static final long FLOW_SALT_2 = 0xe703_7ed1_a0b4_28dbL;
    private static final long FLOW_SALT_3 = 0x8ebc_6af0_9c88_c6e3L;

    private FlowHash() {}

    private static long[] salts() {
        Long seed = Long.getLong(SEED_PROPERTY);
        SplittableRandom random = new SplittableRandom(seed != null ? seed : new SecureRandom().nextLong());
        return random.longs(FlowLayout.WORDS + 1).map(salt -> salt | 1).toArray();
    }

    /** The 128-bit product's halves, joined. */
    public static long fold(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }

    /** Spreads 64 bits over the 32 that tables use. */
    public static int finish(long hash) {
        long mixed = (hash ^ hash >>> 32) * MULTIPLIER;
        return (int) (mixed >>> 32);
    }

    /**
     * The hash of a flow that {@code Frame.flowHash()} carries: the same in both directions, in every worker and after
     * a restart, for it picks the tunnel's source port. Fragments are hashed without ports, so that the first takes the
     * path of the others.
     *
     * @param transport protocol, fragment and ports as they lie in the word of {@link FlowField#L4_DST}
     */
    static int ofIp(long sourceHi, long sourceLo, long destinationHi, long destinationLo, long transport) {
        boolean whole = (transport >>> FlowLayout.FRAG_SHIFT & 0xff) == FlowField.FRAG_NONE;
        long protocol = transport >>> FlowLayout.PROTO_SHIFT & 0xff;
        boolean ports = whole && protocol != IpProtocol.ICMP && protocol != IpProtocol.ICMPV6;
        long source = endpoint(sourceHi, sourceLo, ports ? transport >>> FlowLayout.L4_SRC_SHIFT & 0xffff : 0);
        long destination =
                endpoint(destinationHi, destinationLo, ports ? transport >>> FlowLayout.L4_DST_SHIFT & 0xffff : 0);
        return finish(fold(source + destination ^ FLOW_SALT_2, protocol ^ FLOW_SALT_3));
    }

    /** As {@link #ofIp}, for frames that are not IP. */
    static int ofEthernet(long destination, long source, int type) {
        return finish(fold(endpoint(0, source, 0) + endpoint(0, destination, 0) ^ FLOW_SALT_2, type ^ FLOW_SALT_3));
    }

    private static long endpoint(long hi, long lo, long port) {
        return fold(lo ^ FLOW_SALT_1, hi ^ port << 48 ^ FLOW_SALT_2);
    }

    /** The hash of one 64-bit value. */
    public static int of(long value) {
        return finish(fold(value ^ SALTS[0], SALTS[1]));
    }
}
