/** The bytes on the wire: headers, addresses, checksums, frames and their pool. */
module io.jvswitch.wire {
    requires static org.jspecify;

    exports io.jvswitch.wire;
    exports io.jvswitch.wire.header;
    exports io.jvswitch.wire.tunnel;
}
