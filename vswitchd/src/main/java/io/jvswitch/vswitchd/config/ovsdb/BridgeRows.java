package io.jvswitch.vswitchd.config.ovsdb;

import io.jvswitch.datapath.normal.bond.BondMode;
import io.jvswitch.datapath.normal.vlan.PriorityTags;
import io.jvswitch.ovsdb.row.Contents;
import io.jvswitch.ovsdb.row.Row;
import io.jvswitch.vswitchd.plan.bridge.BondSpec;
import io.jvswitch.vswitchd.plan.bridge.BridgePortSpec;
import io.jvswitch.vswitchd.plan.bridge.BridgeSpec;
import io.jvswitch.vswitchd.plan.bridge.FailMode;
import io.jvswitch.vswitchd.plan.bridge.InterfaceSpec;
import io.jvswitch.vswitchd.plan.bridge.InterfaceType;
import io.jvswitch.vswitchd.plan.bridge.MirrorSpec;
import io.jvswitch.vswitchd.plan.bridge.VlanSpec;
import io.jvswitch.wire.MacAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Turns the database's rows into what the switch shall be. What a row says that makes no sense costs that much and no
 * more, as in Open vSwitch.
 *
 * <p>For one use.
 */
final class BridgeRows {

    private static final int MAX_VLAN = 4_095;
    private static final int MIN_MAC_AGE_S = 15;
    private static final int MAX_MAC_AGE_S = 3_600;
    private static final int MIN_MAC_TABLE_SIZE = 10;
    private static final int MAX_MAC_TABLE_SIZE = 1_000_000;
    private static final int MAX_KNOWN_TAGS = 2;
    private static final int MAX_DEVICE_NAME_BYTES = 15;
    private static final int MAX_MIRRORS = 32;
    private static final String NO_SUCH_TYPE = "Address family not supported by protocol";

    private final Contents contents;
    private final ToLongFunction<Row> formerNumber;
    private final Map<String, String> refused = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> interfaces = new HashSet<>();

    private BridgeRows(Contents contents, ToLongFunction<Row> formerNumber) {
        this.contents = contents;
        this.formerNumber = formerNumber;
    }

    /**
     * Reads what the switch shall be.
     *
     * @param formerNumber OpenFlow number that an Interface row had when it was first seen, 0 for none
     * @return null while the database has no row for a switch
     */
    static @Nullable Wanted read(Contents contents, ToLongFunction<Row> formerNumber) {
        for (Row root : contents.rows(Columns.SWITCH)) {
            BridgeRows rows = new BridgeRows(contents, formerNumber);
            List<BridgeSpec> bridges = new ArrayList<>();
            for (UUID uuid : root.get(Columns.BRIDGES)) {
                Row row = contents.row(Columns.BRIDGE, uuid);
                BridgeSpec bridge = row == null ? null : rows.bridge(row, root.get(Columns.OTHER_CONFIG));
                if (bridge != null) {
                    bridges.add(bridge);
                }
            }
            return new Wanted(bridges, rows.refused, rows.warnings, root.get(Columns.NEXT_CFG));
        }
        return null;
    }

    private @Nullable BridgeSpec bridge(Row row, Map<String, String> ofSwitch) {
        String name = row.get(Columns.NAME);
        String type = row.get(Columns.DATAPATH_TYPE);
        if (!type.isEmpty() && !type.equals("system") && !type.equals("netdev")) {
            warnings.add("failed to create bridge " + name + ": " + NO_SUCH_TYPE);
            return null;
        }
        Map<String, String> config = row.get(Columns.OTHER_CONFIG);
        List<BridgePortSpec> ports = new ArrayList<>();
        for (UUID uuid : row.get(Columns.PORTS)) {
            Row port = contents.row(Columns.PORT, uuid);
            BridgePortSpec spec = port == null ? null : port(port, name);
            if (spec != null) {
                ports.add(spec);
            }
        }
        if (interfaces.add(name)) {
            ports.add(BridgePortSpec.of(InterfaceSpec.of(name, InterfaceType.INTERNAL)));
        }
        warnOfBridge(row, name);
        return new BridgeSpec(
                name,
                row.get(Columns.FAIL_MODE).orElse("").equals("secure") ? FailMode.SECURE : FailMode.STANDALONE,
                mac(config.get("hwaddr")),
                macOf(row.uuid()),
                datapathId(config.get("datapath-id")),
                Boolean.parseBoolean(config.get("forward-bpdu")),
                knownTags(ofSwitch),
                vlans(row.get(Columns.FLOOD_VLANS)),
                Duration.ofSeconds(bounded(config, "mac-aging-time", MIN_MAC_AGE_S, MAX_MAC_AGE_S, (int)
                        BridgeSpec.DEFAULT_MAC_AGE.toSeconds())),
                bounded(
                        config,
                        "mac-table-size",
                        MIN_MAC_TABLE_SIZE,
                        MAX_MAC_TABLE_SIZE,
                        BridgeSpec.DEFAULT_MAC_TABLE_SIZE),
                ports,
                mirrors(row));
    }

    private void warnOfBridge(Row row, String name) {
        warnIf(!row.get(Columns.CONTROLLER).isEmpty(), name, "controller");
        warnIf(!row.get(Columns.NETFLOW).isEmpty(), name, "netflow");
        warnIf(!row.get(Columns.SFLOW).isEmpty(), name, "sflow");
        warnIf(!row.get(Columns.IPFIX).isEmpty(), name, "ipfix");
        warnIf(row.get(Columns.STP_ENABLE), name, "stp_enable");
        warnIf(row.get(Columns.RSTP_ENABLE), name, "rstp_enable");
        warnIf(row.get(Columns.MCAST_SNOOPING_ENABLE), name, "mcast_snooping_enable");
    }

    private void warnIf(boolean asked, String bridge, String what) {
        if (asked) {
            warnings.add("bridge " + bridge + ": " + what + " is not supported and has no effect");
        }
    }

    private static int knownTags(Map<String, String> ofSwitch) {
        int limit = number(ofSwitch.get("vlan-limit"), 1);
        return limit <= 0 ? MAX_KNOWN_TAGS : Math.min(limit, MAX_KNOWN_TAGS);
    }

    private static int bounded(Map<String, String> config, String key, int least, int most, int otherwise) {
        int value = number(config.get(key), 0);
        return value == 0 ? otherwise : Math.clamp(value, least, most);
    }

    private static int number(@Nullable String text, int otherwise) {
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException _) {
            return otherwise;
        }
    }

    private static @Nullable MacAddress mac(@Nullable String text) {
        try {
            MacAddress mac = text == null ? null : MacAddress.parse(text);
            return mac == null || mac.bits() == 0 || MacAddress.isMulticast(mac.bits()) ? null : mac;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** As Open vSwitch makes it: of the first six bytes of the UUID as its 32-bit words lie in x86's memory. */
    static MacAddress macOf(UUID uuid) {
        int first = (int) (uuid.getMostSignificantBits() >>> 32);
        int second = (int) uuid.getMostSignificantBits();
        long bits = Integer.toUnsignedLong(Integer.reverseBytes(first)) << 16
                | Integer.toUnsignedLong(Integer.reverseBytes(second)) >>> 16;
        return new MacAddress(bits & ~(0x01L << 40) | 0x02L << 40);
    }

    private static @Nullable Long datapathId(@Nullable String text) {
        try {
            long id = text == null ? 0 : Long.parseUnsignedLong(text.startsWith("0x") ? text.substring(2) : text, 16);
            return id == 0 ? null : id;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static BitSet vlans(List<Long> vids) {
        BitSet set = new BitSet();
        vids.stream().filter(vid -> vid >= 0 && vid <= MAX_VLAN).forEach(vid -> set.set(vid.intValue()));
        return set;
    }

    // ---- ports ----

    private @Nullable BridgePortSpec port(Row row, String bridge) {
        List<InterfaceSpec> members = new ArrayList<>();
        for (UUID uuid : row.get(Columns.INTERFACES)) {
            Row one = contents.row(Columns.INTERFACE, uuid);
            InterfaceSpec spec = one == null ? null : device(one, bridge);
            if (spec != null) {
                members.add(spec);
            }
        }
        if (members.isEmpty()) {
            return null;
        }
        String name = row.get(Columns.NAME);
        if (!row.get(Columns.LACP).orElse("off").equals("off")) {
            warnings.add("port " + name + ": lacp is not supported and has no effect");
        }
        if (!row.get(Columns.QOS).isEmpty()) {
            warnings.add("port " + name + ": qos is not supported and has no effect");
        }
        return new BridgePortSpec(
                name,
                vlanOf(row, name),
                row.get(Columns.PROTECTED),
                mac(row.get(Columns.MAC).orElse(null)),
                members.size() > 1 ? bond(row, name) : BondSpec.DEFAULT,
                members);
    }

    private VlanSpec vlanOf(Row row, String name) {
        Optional<Long> tag = row.get(Columns.TAG).filter(vid -> vid >= 0 && vid <= MAX_VLAN);
        Map<String, String> config = row.get(Columns.OTHER_CONFIG);
        VlanSpec.Mode mode = row.get(Columns.VLAN_MODE).map(BridgeRows::mode).orElse(null);
        List<Long> trunks = row.get(Columns.TRUNKS);
        List<Long> customers = row.get(Columns.CVLANS);
        if (mode == null) {
            mode = tag.isPresent() ? VlanSpec.Mode.ACCESS : VlanSpec.Mode.TRUNK;
            if (tag.isPresent() && !(trunks.isEmpty() && customers.isEmpty())) {
                warnings.add("port " + name + ": ignoring trunks in favor of implicit vlan");
            }
        }
        return new VlanSpec(
                mode,
                mode == VlanSpec.Mode.TRUNK ? 0 : tag.orElse(0L).intValue(),
                trunks.isEmpty() ? null : vlans(trunks),
                customers.isEmpty() ? null : vlans(customers),
                !"802.1q".equals(config.get("qinq-ethtype")),
                switch (config.getOrDefault("priority-tags", "")) {
                    case "if-nonzero", "true" -> PriorityTags.IF_NONZERO;
                    case "always" -> PriorityTags.ALWAYS;
                    default -> PriorityTags.NEVER;
                });
    }

    private static VlanSpec.Mode mode(String text) {
        return switch (text) {
            case "access" -> VlanSpec.Mode.ACCESS;
            case "native-tagged" -> VlanSpec.Mode.NATIVE_TAGGED;
            case "native-untagged" -> VlanSpec.Mode.NATIVE_UNTAGGED;
            case "dot1q-tunnel" -> VlanSpec.Mode.DOT1Q_TUNNEL;
            default -> VlanSpec.Mode.TRUNK;
        };
    }

    private BondSpec bond(Row row, String name) {
        Map<String, String> config = row.get(Columns.OTHER_CONFIG);
        BondMode mode = switch (row.get(Columns.BOND_MODE).orElse("active-backup")) {
            case "balance-slb" -> BondMode.BALANCE_SLB;
            case "balance-tcp" -> BondMode.BALANCE_TCP;
            case "active-backup" -> BondMode.ACTIVE_BACKUP;
            default -> {
                warnings.add("port " + name + ": unknown bond_mode "
                        + row.get(Columns.BOND_MODE).orElse("") + ", defaulting to active-backup");
                yield BondMode.ACTIVE_BACKUP;
            }
        };
        int rebalanceMs = number(config.get("bond-rebalance-interval"), 10_000);
        return new BondSpec(
                mode,
                config.get("bond-primary"),
                Boolean.parseBoolean(config.get("all-members-active")),
                number(config.get("bond-hash-basis"), 0),
                Duration.ofMillis(Math.max(0, row.get(Columns.BOND_UPDELAY))),
                Duration.ofMillis(Math.max(0, row.get(Columns.BOND_DOWNDELAY))),
                Duration.ofMillis(rebalanceMs > 0 ? Math.max(rebalanceMs, 1_000) : 0));
    }

    // ---- interfaces ----

    private @Nullable InterfaceSpec device(Row row, String bridge) {
        String name = row.get(Columns.NAME);
        if (!interfaces.add(name)) {
            warnings.add("bridge " + bridge + ": interface " + name + " is in another port already");
            return null;
        }
        if (row.get(Columns.INGRESS_POLICING_RATE) > 0) {
            warnings.add("interface " + name + ": ingress_policing_rate is not supported and has no effect");
        }
        String type = name.equals(bridge) ? "internal" : row.get(Columns.TYPE);
        return switch (type) {
            case "", "system" -> spec(row, name, InterfaceType.SYSTEM, null);
            case "internal", "tap" -> spec(row, name, InterfaceType.INTERNAL, null);
            case "patch" -> patch(row, name);
            default -> refuse(name, "could not open network device " + name + " (" + NO_SUCH_TYPE + ")");
        };
    }

    private @Nullable InterfaceSpec patch(Row row, String name) {
        Map<String, String> options = row.get(Columns.OPTIONS);
        String peer = options.get("peer");
        if (peer == null) {
            return refuse(name, name + ": patch type requires valid 'peer' argument");
        }
        if (options.size() > 1) {
            return refuse(name, name + ": patch type takes only a 'peer' argument");
        }
        if (peer.equals(name)) {
            return refuse(name, name + ": patch peer must not be self");
        }
        return spec(row, name, InterfaceType.PATCH, peer);
    }

    private @Nullable InterfaceSpec spec(Row row, String name, InterfaceType type, @Nullable String peer) {
        if (type.isDevice() && !isDeviceName(name)) {
            return refuse(name, "could not open network device " + name + " (Invalid argument)");
        }
        return new InterfaceSpec(
                name,
                type,
                row.get(Columns.OFPORT_REQUEST).orElse(0L).intValue(),
                (int) formerNumber.applyAsLong(row),
                row.get(Columns.MTU_REQUEST).orElse(0L).intValue(),
                mac(row.get(Columns.MAC).orElse(null)),
                peer);
    }

    /** Whether the kernel takes such a name for a device ({@code dev_valid_name}), and nobody else has it here. */
    private static boolean isDeviceName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_DEVICE_NAME_BYTES
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/' && c != ':')
                && !name.equals(".")
                && !name.equals("..")
                && !name.equals("ovs-netdev");
    }

    private @Nullable InterfaceSpec refuse(String name, String error) {
        refused.put(name, error);
        return null;
    }

    // ---- mirrors ----

    private List<MirrorSpec> mirrors(Row bridge) {
        List<MirrorSpec> mirrors = new ArrayList<>();
        for (UUID uuid : bridge.get(Columns.MIRRORS)) {
            Row row = contents.row(Columns.MIRROR, uuid);
            if (row == null) {
                continue;
            }
            String name = row.get(Columns.NAME);
            Set<String> outputs = portNames(row.get(Columns.OUTPUT_PORT));
            Optional<Long> vlan = row.get(Columns.OUTPUT_VLAN);
            if (mirrors.size() == MAX_MIRRORS || outputs.isEmpty() && vlan.isEmpty()) {
                warnings.add("bridge " + bridge.get(Columns.NAME) + ": mirror " + name
                        + (outputs.isEmpty() && vlan.isEmpty()
                                ? " does not specify output; ignoring"
                                : " is one too many: a bridge has at most " + MAX_MIRRORS));
                continue;
            }
            if (row.get(Columns.SNAPLEN).isPresent()) {
                warnings.add("mirror " + name + ": snaplen is not supported and has no effect");
            }
            List<Long> vids = row.get(Columns.SELECT_VLAN);
            mirrors.add(new MirrorSpec(
                    uuid.toString(),
                    name,
                    row.get(Columns.SELECT_ALL),
                    portNames(row.get(Columns.SELECT_SRC_PORT)),
                    portNames(row.get(Columns.SELECT_DST_PORT)),
                    vids.isEmpty() ? null : vlans(vids),
                    outputs.isEmpty() ? null : outputs.iterator().next(),
                    vlan.orElse(0L).intValue()));
        }
        return mirrors;
    }

    private Set<String> portNames(List<UUID> uuids) {
        Set<String> names = new HashSet<>();
        for (UUID uuid : uuids) {
            Row port = contents.row(Columns.PORT, uuid);
            if (port != null) {
                names.add(port.get(Columns.NAME));
            }
        }
        return names;
    }
}
