/** OpenFlow 1.0 to 1.5 and the Nicira extensions, as bytes and as text. */
module io.jvswitch.openflow {
    requires static org.jspecify;
    requires transitive io.jvswitch.flowtable;
    requires transitive io.jvswitch.wire;

    exports io.jvswitch.openflow;
}
