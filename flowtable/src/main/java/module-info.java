/** Flow keys and masks, exact-match cache, megaflow classifier, MAC table. */
module io.jvswitch.flowtable {
    requires static org.jspecify;
    requires transitive io.jvswitch.wire;

    exports io.jvswitch.flowtable;
}
