package io.jvswitch.vswitchd.config.ovsdb;

import io.jvswitch.ovsdb.row.Column;
import io.jvswitch.ovsdb.row.RowChange;
import io.jvswitch.ovsdb.row.TableColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The tables and columns of Open vSwitch's database that are read or written here. */
final class Columns {

    static final String DATABASE = "Open_vSwitch";
    static final String LOCK = "ovs_vswitchd";

    static final String SWITCH = "Open_vSwitch";
    static final String BRIDGE = "Bridge";
    static final String PORT = "Port";
    static final String INTERFACE = "Interface";
    static final String MIRROR = "Mirror";

    // what is read

    static final Column<String> NAME = Column.string("name");
    static final Column<Map<String, String>> OTHER_CONFIG = Column.stringMap("other_config");

    static final Column<List<UUID>> BRIDGES = Column.uuids("bridges");
    static final Column<Long> NEXT_CFG = Column.one("next_cfg", Long.class);

    static final Column<List<UUID>> PORTS = Column.uuids("ports");
    static final Column<List<UUID>> MIRRORS = Column.uuids("mirrors");
    static final Column<String> DATAPATH_TYPE = Column.string("datapath_type");
    static final Column<Optional<String>> FAIL_MODE = Column.optionalString("fail_mode");
    static final Column<List<Long>> FLOOD_VLANS = Column.set("flood_vlans", Long.class);
    static final Column<List<UUID>> CONTROLLER = Column.uuids("controller");
    static final Column<List<UUID>> NETFLOW = Column.uuids("netflow");
    static final Column<List<UUID>> SFLOW = Column.uuids("sflow");
    static final Column<List<UUID>> IPFIX = Column.uuids("ipfix");
    static final Column<Boolean> STP_ENABLE = Column.one("stp_enable", Boolean.class);
    static final Column<Boolean> RSTP_ENABLE = Column.one("rstp_enable", Boolean.class);
    static final Column<Boolean> MCAST_SNOOPING_ENABLE = Column.one("mcast_snooping_enable", Boolean.class);

    static final Column<List<UUID>> INTERFACES = Column.uuids("interfaces");
    static final Column<Optional<Long>> TAG = Column.optional("tag", Long.class);
    static final Column<List<Long>> TRUNKS = Column.set("trunks", Long.class);
    static final Column<List<Long>> CVLANS = Column.set("cvlans", Long.class);
    static final Column<Optional<String>> VLAN_MODE = Column.optionalString("vlan_mode");
    static final Column<Boolean> PROTECTED = Column.one("protected", Boolean.class);
    static final Column<Optional<String>> MAC = Column.optionalString("mac");
    static final Column<Optional<String>> BOND_MODE = Column.optionalString("bond_mode");
    static final Column<Long> BOND_UPDELAY = Column.one("bond_updelay", Long.class);
    static final Column<Long> BOND_DOWNDELAY = Column.one("bond_downdelay", Long.class);
    static final Column<Optional<String>> LACP = Column.optionalString("lacp");
    static final Column<List<UUID>> QOS = Column.uuids("qos");

    static final Column<String> TYPE = Column.string("type");
    static final Column<Map<String, String>> OPTIONS = Column.stringMap("options");
    static final Column<Optional<Long>> OFPORT_REQUEST = Column.optional("ofport_request", Long.class);
    static final Column<Optional<Long>> MTU_REQUEST = Column.optional("mtu_request", Long.class);
    static final Column<Long> INGRESS_POLICING_RATE = Column.one("ingress_policing_rate", Long.class);

    static final Column<Boolean> SELECT_ALL = Column.one("select_all", Boolean.class);
    static final Column<List<UUID>> SELECT_SRC_PORT = Column.uuids("select_src_port");
    static final Column<List<UUID>> SELECT_DST_PORT = Column.uuids("select_dst_port");
    static final Column<List<Long>> SELECT_VLAN = Column.set("select_vlan", Long.class);
    static final Column<List<UUID>> OUTPUT_PORT = Column.uuids("output_port");
    static final Column<Optional<Long>> OUTPUT_VLAN = Column.optional("output_vlan", Long.class);
    static final Column<Optional<Long>> SNAPLEN = Column.optional("snaplen", Long.class);

    // what is written; read as well, so that only what differs is written

    static final Column<Long> CUR_CFG = Column.one("cur_cfg", Long.class);
    static final Column<List<String>> DATAPATH_TYPES = Column.set("datapath_types", String.class);
    static final Column<List<String>> IFACE_TYPES = Column.set("iface_types", String.class);
    static final Column<Boolean> DPDK_INITIALIZED = Column.one("dpdk_initialized", Boolean.class);
    static final Column<Optional<String>> DPDK_VERSION = Column.optionalString("dpdk_version");

    static final Column<Optional<String>> DATAPATH_ID = Column.optionalString("datapath_id");
    static final Column<String> DATAPATH_VERSION = Column.string("datapath_version");

    static final Column<Optional<Long>> OFPORT = Column.optional("ofport", Long.class);
    static final Column<Optional<String>> ERROR = Column.optionalString("error");
    static final Column<Optional<String>> MAC_IN_USE = Column.optionalString("mac_in_use");
    static final Column<Optional<Long>> IFINDEX = Column.optional("ifindex", Long.class);
    static final Column<Optional<Long>> MTU = Column.optional("mtu", Long.class);
    static final Column<Optional<String>> ADMIN_STATE = Column.optionalString("admin_state");
    static final Column<Optional<String>> LINK_STATE = Column.optionalString("link_state");
    static final Column<Optional<Long>> LINK_RESETS = Column.optional("link_resets", Long.class);
    static final Column<Map<String, Long>> STATISTICS = Column.map("statistics", String.class, Long.class);

    /** By table, what the switch shall be. */
    private static final Map<String, List<Column<?>>> CONFIGURATION = Map.of(
            SWITCH, List.of(BRIDGES, NEXT_CFG, OTHER_CONFIG),
            BRIDGE,
                    List.of(
                            NAME,
                            PORTS,
                            MIRRORS,
                            DATAPATH_TYPE,
                            FAIL_MODE,
                            FLOOD_VLANS,
                            OTHER_CONFIG,
                            CONTROLLER,
                            NETFLOW,
                            SFLOW,
                            IPFIX,
                            STP_ENABLE,
                            RSTP_ENABLE,
                            MCAST_SNOOPING_ENABLE),
            PORT,
                    List.of(
                            NAME,
                            INTERFACES,
                            TAG,
                            TRUNKS,
                            CVLANS,
                            VLAN_MODE,
                            PROTECTED,
                            MAC,
                            BOND_MODE,
                            BOND_UPDELAY,
                            BOND_DOWNDELAY,
                            LACP,
                            QOS,
                            OTHER_CONFIG),
            INTERFACE, List.of(NAME, TYPE, OPTIONS, OFPORT_REQUEST, MTU_REQUEST, MAC, INGRESS_POLICING_RATE),
            MIRROR,
                    List.of(
                            NAME,
                            SELECT_ALL,
                            SELECT_SRC_PORT,
                            SELECT_DST_PORT,
                            SELECT_VLAN,
                            OUTPUT_PORT,
                            OUTPUT_VLAN,
                            SNAPLEN));

    private static final Map<String, List<Column<?>>> STATUS = Map.of(
            SWITCH, List.of(CUR_CFG, DATAPATH_TYPES, IFACE_TYPES, DPDK_INITIALIZED, DPDK_VERSION),
            BRIDGE, List.of(DATAPATH_ID, DATAPATH_VERSION),
            INTERFACE,
                    List.of(OFPORT, ERROR, MAC_IN_USE, IFINDEX, MTU, ADMIN_STATE, LINK_STATE, LINK_RESETS, STATISTICS));

    private Columns() {}

    /** All of them. */
    static List<TableColumns> monitored() {
        List<TableColumns> tables = new ArrayList<>();
        CONFIGURATION.forEach((table, columns) -> {
            List<Column<?>> all = new ArrayList<>(columns);
            all.addAll(STATUS.getOrDefault(table, List.of()));
            tables.add(new TableColumns(table, all));
        });
        return tables;
    }

    /** Whether a change may be one of what the switch shall be, and not of what it says that it is. */
    static boolean isConfiguration(RowChange change) {
        return !(change instanceof RowChange.Modified modified)
                || CONFIGURATION.getOrDefault(modified.row().table(), List.of()).stream()
                        .anyMatch(modified::changes);
    }
}
