/** The native library and the ports built on it: TAP, UDP, raw IP. */
module io.jvswitch.tap {
    requires static org.jspecify;
    requires transitive io.jvswitch.wire;

    exports io.jvswitch.tap;
}
