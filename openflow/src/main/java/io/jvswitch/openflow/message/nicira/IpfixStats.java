package io.jvswitch.openflow.message.nicira;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.message.Family;
import io.jvswitch.openflow.message.Message;
import io.jvswitch.openflow.message.MessageForms;
import io.jvswitch.openflow.message.MessageType;
import java.util.List;

/** What IPFIX exporters have counted: of a bridge, or of {@code sample} actions by collector set. */
public final class IpfixStats {

    private IpfixStats() {}

    /**
     * One exporter.
     *
     * @param collectorSet which one; 0 for a bridge
     */
    public record Entry(
            long totalFlows,
            long currentFlows,
            long packets,
            long ipv4Packets,
            long ipv6Packets,
            long errorPackets,
            long ipv4ErrorPackets,
            long ipv6ErrorPackets,
            long txPackets,
            long txErrors,
            long collectorSet) {

        private static final Layout<Entry> LAYOUT = Layout.of(
                Entry.class,
                f -> f.u64("totalFlows")
                        .u64("currentFlows")
                        .u64("packets")
                        .u64("ipv4Packets")
                        .u64("ipv6Packets")
                        .u64("errorPackets")
                        .u64("ipv4ErrorPackets")
                        .u64("ipv6ErrorPackets")
                        .u64("txPackets")
                        .u64("txErrors")
                        .u32("collectorSet")
                        .pad(4));
    }

    /** Asks for the bridge. */
    public record BridgeRequest() implements Message {
        private static final Layout<BridgeRequest> NOTHING = Layout.of(BridgeRequest.class, f -> {});

        public static final MessageForms<BridgeRequest> FORMS =
                MessageForms.<BridgeRequest>named("IPFIX_BRIDGE").request(Family.NXST, "1.0+", 3, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.IPFIX_BRIDGE_STATS_REQUEST;
        }
    }

    /** Tells of the bridge. */
    public record BridgeReply(Entry bridge) implements Message {
        public static final MessageForms<BridgeReply> FORMS = MessageForms.<BridgeReply>named("IPFIX_BRIDGE")
                .reply(Family.NXST, "1.0+", 3, Layout.of(BridgeReply.class, f -> f.field("bridge", Entry.LAYOUT)));

        @Override
        public MessageType type() {
            return MessageType.IPFIX_BRIDGE_STATS_REPLY;
        }
    }

    /** Asks for collector sets. */
    public record FlowRequest() implements Message {
        private static final Layout<FlowRequest> NOTHING = Layout.of(FlowRequest.class, f -> {});

        public static final MessageForms<FlowRequest> FORMS =
                MessageForms.<FlowRequest>named("IPFIX_FLOW").request(Family.NXST, "1.0+", 4, NOTHING);

        @Override
        public MessageType type() {
            return MessageType.IPFIX_FLOW_STATS_REQUEST;
        }
    }

    /** Tells of collector sets. */
    public record FlowReply(List<Entry> sets) implements Message {
        public static final MessageForms<FlowReply> FORMS = MessageForms.<FlowReply>named("IPFIX_FLOW")
                .reply(Family.NXST, "1.0+", 4, Layout.of(FlowReply.class, f -> f.list("sets", Entry.LAYOUT)));

        @Override
        public MessageType type() {
            return MessageType.IPFIX_FLOW_STATS_REPLY;
        }
    }
}
