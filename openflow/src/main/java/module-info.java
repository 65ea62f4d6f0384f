/** OpenFlow 1.0 to 1.5 and the Nicira extensions, as bytes and as text. */
module io.jvswitch.openflow {
    requires static org.jspecify;
    requires transitive io.jvswitch.flowtable;
    requires transitive io.jvswitch.wire;

    exports io.jvswitch.openflow;
    exports io.jvswitch.openflow.action;
    exports io.jvswitch.openflow.field;
    exports io.jvswitch.openflow.layout;
    exports io.jvswitch.openflow.match;
    exports io.jvswitch.openflow.message;
    exports io.jvswitch.openflow.message.flow;
    exports io.jvswitch.openflow.message.group;
    exports io.jvswitch.openflow.message.meter;
    exports io.jvswitch.openflow.message.nicira;
    exports io.jvswitch.openflow.message.packet;
    exports io.jvswitch.openflow.message.port;
    exports io.jvswitch.openflow.message.session;
    exports io.jvswitch.openflow.message.table;
    exports io.jvswitch.openflow.text;
}
