package io.jvswitch.openflow.message;

import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.message.flow.AggregateStats;
import io.jvswitch.openflow.message.flow.FlowAge;
import io.jvswitch.openflow.message.flow.FlowMod;
import io.jvswitch.openflow.message.flow.FlowModTableId;
import io.jvswitch.openflow.message.flow.FlowMonitor;
import io.jvswitch.openflow.message.flow.FlowRemoved;
import io.jvswitch.openflow.message.flow.FlowStats;
import io.jvswitch.openflow.message.flow.SetFlowFormat;
import io.jvswitch.openflow.message.group.GroupDesc;
import io.jvswitch.openflow.message.group.GroupFeatures;
import io.jvswitch.openflow.message.group.GroupMod;
import io.jvswitch.openflow.message.group.GroupStats;
import io.jvswitch.openflow.message.meter.MeterConfig;
import io.jvswitch.openflow.message.meter.MeterFeatures;
import io.jvswitch.openflow.message.meter.MeterMod;
import io.jvswitch.openflow.message.meter.MeterStats;
import io.jvswitch.openflow.message.nicira.CtFlush;
import io.jvswitch.openflow.message.nicira.CtFlushZone;
import io.jvswitch.openflow.message.nicira.IpfixStats;
import io.jvswitch.openflow.message.nicira.TlvTable;
import io.jvswitch.openflow.message.packet.PacketIn;
import io.jvswitch.openflow.message.packet.PacketOut;
import io.jvswitch.openflow.message.packet.Resume;
import io.jvswitch.openflow.message.packet.SetPacketInFormat;
import io.jvswitch.openflow.message.port.PortDesc;
import io.jvswitch.openflow.message.port.PortMod;
import io.jvswitch.openflow.message.port.PortStats;
import io.jvswitch.openflow.message.port.PortStatus;
import io.jvswitch.openflow.message.port.QueueConfig;
import io.jvswitch.openflow.message.port.QueueStats;
import io.jvswitch.openflow.message.session.AsyncConfig;
import io.jvswitch.openflow.message.session.Barrier;
import io.jvswitch.openflow.message.session.Bundle;
import io.jvswitch.openflow.message.session.ControllerId;
import io.jvswitch.openflow.message.session.Description;
import io.jvswitch.openflow.message.session.Echo;
import io.jvswitch.openflow.message.session.ErrorMessage;
import io.jvswitch.openflow.message.session.Features;
import io.jvswitch.openflow.message.session.Hello;
import io.jvswitch.openflow.message.session.RequestForward;
import io.jvswitch.openflow.message.session.Role;
import io.jvswitch.openflow.message.session.SwitchConfig;
import io.jvswitch.openflow.message.table.TableDesc;
import io.jvswitch.openflow.message.table.TableFeatures;
import io.jvswitch.openflow.message.table.TableMod;
import io.jvswitch.openflow.message.table.TableStats;
import io.jvswitch.openflow.message.table.TableStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All messages that there are: the table from which they are read and written. How each is written stands in its
 * record.
 */
public enum MessageType {
    HELLO(Hello.FORMS),
    ERROR(ErrorMessage.FORMS),
    ECHO_REQUEST(Echo.Request.FORMS),
    ECHO_REPLY(Echo.Reply.FORMS),
    FEATURES_REQUEST(Features.Request.FORMS),
    FEATURES_REPLY(Features.Reply.FORMS),
    GET_CONFIG_REQUEST(SwitchConfig.Request.FORMS),
    GET_CONFIG_REPLY(SwitchConfig.Reply.FORMS),
    SET_CONFIG(SwitchConfig.Set.FORMS),
    PACKET_IN(PacketIn.FORMS),
    FLOW_REMOVED(FlowRemoved.FORMS),
    PORT_STATUS(PortStatus.FORMS),
    PACKET_OUT(PacketOut.FORMS),
    FLOW_MOD(FlowMod.FORMS),
    GROUP_MOD(GroupMod.FORMS),
    PORT_MOD(PortMod.FORMS),
    TABLE_MOD(TableMod.FORMS),
    BARRIER_REQUEST(Barrier.Request.FORMS),
    BARRIER_REPLY(Barrier.Reply.FORMS),
    QUEUE_GET_CONFIG_REQUEST(QueueConfig.Request.FORMS),
    QUEUE_GET_CONFIG_REPLY(QueueConfig.Reply.FORMS),
    ROLE_REQUEST(Role.Request.FORMS),
    ROLE_REPLY(Role.Reply.FORMS),
    ROLE_STATUS(Role.Status.FORMS),
    GET_ASYNC_REQUEST(AsyncConfig.Request.FORMS),
    GET_ASYNC_REPLY(AsyncConfig.Reply.FORMS),
    SET_ASYNC(AsyncConfig.Set.FORMS),
    METER_MOD(MeterMod.FORMS),
    REQUESTFORWARD(RequestForward.FORMS),
    TABLE_STATUS(TableStatus.FORMS),
    BUNDLE_CONTROL(Bundle.Control.FORMS),
    BUNDLE_ADD_MESSAGE(Bundle.Add.FORMS),
    DESC_STATS_REQUEST(Description.Request.FORMS),
    DESC_STATS_REPLY(Description.Reply.FORMS),
    FLOW_STATS_REQUEST(FlowStats.Request.FORMS),
    FLOW_STATS_REPLY(FlowStats.Reply.FORMS),
    AGGREGATE_STATS_REQUEST(AggregateStats.Request.FORMS),
    AGGREGATE_STATS_REPLY(AggregateStats.Reply.FORMS),
    TABLE_STATS_REQUEST(TableStats.Request.FORMS),
    TABLE_STATS_REPLY(TableStats.Reply.FORMS),
    PORT_STATS_REQUEST(PortStats.Request.FORMS),
    PORT_STATS_REPLY(PortStats.Reply.FORMS),
    QUEUE_STATS_REQUEST(QueueStats.Request.FORMS),
    QUEUE_STATS_REPLY(QueueStats.Reply.FORMS),
    GROUP_STATS_REQUEST(GroupStats.Request.FORMS),
    GROUP_STATS_REPLY(GroupStats.Reply.FORMS),
    GROUP_DESC_STATS_REQUEST(GroupDesc.Request.FORMS),
    GROUP_DESC_STATS_REPLY(GroupDesc.Reply.FORMS),
    GROUP_FEATURES_STATS_REQUEST(GroupFeatures.Request.FORMS),
    GROUP_FEATURES_STATS_REPLY(GroupFeatures.Reply.FORMS),
    METER_STATS_REQUEST(MeterStats.Request.FORMS),
    METER_STATS_REPLY(MeterStats.Reply.FORMS),
    METER_CONFIG_STATS_REQUEST(MeterConfig.Request.FORMS),
    METER_CONFIG_STATS_REPLY(MeterConfig.Reply.FORMS),
    METER_FEATURES_STATS_REQUEST(MeterFeatures.Request.FORMS),
    METER_FEATURES_STATS_REPLY(MeterFeatures.Reply.FORMS),
    TABLE_FEATURES_STATS_REQUEST(TableFeatures.Request.FORMS),
    TABLE_FEATURES_STATS_REPLY(TableFeatures.Reply.FORMS),
    TABLE_DESC_REQUEST(TableDesc.Request.FORMS),
    TABLE_DESC_REPLY(TableDesc.Reply.FORMS),
    PORT_DESC_STATS_REQUEST(PortDesc.Request.FORMS),
    PORT_DESC_STATS_REPLY(PortDesc.Reply.FORMS),
    FLOW_MONITOR_STATS_REQUEST(FlowMonitor.Request.FORMS),
    FLOW_MONITOR_STATS_REPLY(FlowMonitor.Reply.FORMS),
    FLOW_MONITOR_CANCEL(FlowMonitor.Cancel.FORMS),
    FLOW_MONITOR_PAUSED(FlowMonitor.Paused.FORMS),
    FLOW_MONITOR_RESUMED(FlowMonitor.Resumed.FORMS),
    SET_FLOW_FORMAT(SetFlowFormat.FORMS),
    FLOW_MOD_TABLE_ID(FlowModTableId.FORMS),
    SET_PACKET_IN_FORMAT(SetPacketInFormat.FORMS),
    FLOW_AGE(FlowAge.FORMS),
    SET_CONTROLLER_ID(ControllerId.FORMS),
    TLV_TABLE_MOD(TlvTable.Mod.FORMS),
    TLV_TABLE_REQUEST(TlvTable.Request.FORMS),
    TLV_TABLE_REPLY(TlvTable.Reply.FORMS),
    RESUME(Resume.FORMS),
    IPFIX_BRIDGE_STATS_REQUEST(IpfixStats.BridgeRequest.FORMS),
    IPFIX_BRIDGE_STATS_REPLY(IpfixStats.BridgeReply.FORMS),
    IPFIX_FLOW_STATS_REQUEST(IpfixStats.FlowRequest.FORMS),
    IPFIX_FLOW_STATS_REPLY(IpfixStats.FlowReply.FORMS),
    CT_FLUSH_ZONE(CtFlushZone.FORMS),
    CT_FLUSH(CtFlush.FORMS);

    /** What a header says of a form. */
    private record Key(OpenFlowVersion version, Family family, int number, boolean reply) {}

    private static final Map<Key, MessageForm<?>> BY_HEADER = byHeader();

    /** Unmodifiable. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<? extends MessageForm<?>> forms;

    <M extends Message> MessageType(MessageForms<M> forms) {
        this.forms = forms.all();
    }

    private static Map<Key, MessageForm<?>> byHeader() {
        Map<Key, MessageForm<?>> map = new HashMap<>();
        for (MessageType type : values()) {
            for (MessageForm<?> form : type.forms) {
                for (OpenFlowVersion version : OpenFlowVersion.values()) {
                    if (form.isIn(version)) {
                        Key key = new Key(version, form.family(), form.number(), form.reply());
                        MessageForm<?> other = map.putIfAbsent(key, form);
                        if (other != null) {
                            throw new IllegalStateException(key + " is both " + other + " and " + form);
                        }
                    }
                }
            }
        }
        return map;
    }

    /** The form that a header names, or null. */
    static @Nullable MessageForm<?> form(OpenFlowVersion version, Family family, int number, boolean reply) {
        return BY_HEADER.get(new Key(version, family, number, reply));
    }

    /** All forms, in the order of preference. */
    public List<? extends MessageForm<?>> forms() {
        return forms;
    }

    /** Whether a version has the message. */
    public boolean isIn(OpenFlowVersion version) {
        return forms.stream().anyMatch(form -> form.isIn(version));
    }

    /**
     * The form that is first in a version.
     *
     * @throws IllegalArgumentException when the version has no such message
     */
    public MessageForm<?> form(OpenFlowVersion version) {
        for (MessageForm<?> form : forms) {
            if (form.isIn(version)) {
                return form;
            }
        }
        throw new IllegalArgumentException(version.label() + " has no " + this);
    }

    /**
     * The form of a family in a version: Nicira's, where there are two.
     *
     * @throws IllegalArgumentException when the version has no such form
     */
    public MessageForm<?> form(OpenFlowVersion version, Family family) {
        for (MessageForm<?> form : forms) {
            if (form.isIn(version) && form.family() == family) {
                return form;
            }
        }
        throw new IllegalArgumentException(version.label() + " has no " + this + " of the family " + family);
    }
}
