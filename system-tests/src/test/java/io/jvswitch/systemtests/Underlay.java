package io.jvswitch.systemtests;

/** Addresses of two hosts on one link. */
enum Underlay {
    IPV4("192.0.2.1", "192.0.2.2", 24),
    IPV6("fd00:c0::1", "fd00:c0::2", 64);

    private final String left;
    private final String right;
    private final int prefixBits;

    Underlay(String left, String right, int prefixBits) {
        this.left = left;
        this.right = right;
        this.prefixBits = prefixBits;
    }

    String left() {
        return left;
    }

    String right() {
        return right;
    }

    String leftPrefix() {
        return left + "/" + prefixBits;
    }

    String rightPrefix() {
        return right + "/" + prefixBits;
    }
}
