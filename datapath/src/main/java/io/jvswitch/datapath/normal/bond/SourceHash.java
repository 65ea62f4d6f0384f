package io.jvswitch.datapath.normal.bond;

/**
 * The hash by which {@link BondMode#BALANCE_SLB} shares stations among members: MurmurHash3 (32 bits, Austin Appleby,
 * public domain) of the station's MAC and VLAN. {@code ovs-appctl bond/hash} of an Open vSwitch that was built for
 * x86-64 without SSE 4.2, as distributions' are, says the same.
 */
public final class SourceHash {

    private static final int C1 = 0xcc9e_2d51;
    private static final int C2 = 0x1b87_3593;
    private static final int BYTES = 8;
    private static final int MAC_BITS = 48;

    private SourceHash() {}

    /**
     * The hash of a station.
     *
     * @param mac its MAC, in the low 48 bits
     * @param vlan of its frames, 0 for none
     * @param basis another basis, another hash
     */
    public static int of(long mac, int vlan, int basis) {
        long station = (long) vlan << MAC_BITS | mac;
        int hash = mix(mix(basis, (int) station), (int) (station >>> Integer.SIZE)) ^ BYTES;
        hash = (hash ^ hash >>> 16) * 0x85eb_ca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2_ae35;
        return hash ^ hash >>> 16;
    }

    private static int mix(int hash, int word) {
        return Integer.rotateLeft(hash ^ Integer.rotateLeft(word * C1, 15) * C2, 13) * 5 + 0xe654_6b64;
    }
}
