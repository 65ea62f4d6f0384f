/** Flow keys and masks, exact-match cache, megaflow classifier, MAC table. */
module io.jvswitch.flowtable {
    requires static org.jspecify;
    requires transitive io.jvswitch.wire;

    exports io.jvswitch.flowtable.classifier;
    exports io.jvswitch.flowtable.key;
    exports io.jvswitch.flowtable.mac;
    exports io.jvswitch.flowtable.megaflow;
}
