package io.jvswitch.vswitchd.config.ovsdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.datapath.normal.bond.BondMode;
import io.jvswitch.ovsdb.row.Contents;
import io.jvswitch.ovsdb.row.ContentsUpdate;
import io.jvswitch.ovsdb.row.TableColumns;
import io.jvswitch.ovsdb.row.TableLayout;
import io.jvswitch.ovsdb.schema.DatabaseSchema;
import io.jvswitch.vswitchd.plan.bridge.BridgePortSpec;
import io.jvswitch.vswitchd.plan.bridge.BridgeSpec;
import io.jvswitch.vswitchd.plan.bridge.FailMode;
import io.jvswitch.vswitchd.plan.bridge.InterfaceSpec;
import io.jvswitch.vswitchd.plan.bridge.InterfaceType;
import io.jvswitch.vswitchd.plan.bridge.VlanSpec;
import io.jvswitch.wire.MacAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Rows as ovs-vsctl writes them; of the schema what is needed, in its own words (vswitch.ovsschema). */
final class BridgeRowsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String STRINGS =
            "{\"type\": {\"key\": \"string\", \"value\": \"string\", \"min\": 0, \"max\": \"unlimited\"}}";
    private static final String UUIDS = "{\"type\": {\"key\": \"uuid\", \"min\": 0, \"max\": \"unlimited\"}}";
    private static final String INTEGER = "{\"type\": {\"key\": \"integer\", \"min\": 0, \"max\": 1}}";
    private static final String INTEGERS = "{\"type\": {\"key\": \"integer\", \"min\": 0, \"max\": \"unlimited\"}}";
    private static final String OPTIONAL = "{\"type\": {\"key\": \"string\", \"min\": 0, \"max\": 1}}";
    private static final String STRING = "{\"type\": \"string\"}";
    private static final String SCHEMA = """
            {"name": "Open_vSwitch", "version": "8.4.0", "tables": {
              "Open_vSwitch": {"columns": {"bridges": %1$s, "next_cfg": {"type": "integer"}, "other_config": %2$s}},
              "Bridge": {"columns": {"name": %6$s, "ports": %1$s, "mirrors": %1$s, "datapath_type": %6$s,
                "fail_mode": %5$s, "flood_vlans": %4$s, "other_config": %2$s, "controller": %1$s}},
              "Port": {"columns": {"name": %6$s, "interfaces": %1$s, "tag": %3$s, "trunks": %4$s, "vlan_mode": %5$s,
                "bond_mode": %5$s, "other_config": %2$s}},
              "Interface": {"columns": {"name": %6$s, "type": %6$s, "options": %2$s, "ofport_request": %3$s,
                "mtu_request": %3$s, "ofport": %3$s}},
              "Mirror": {"columns": {"name": %6$s, "select_src_port": %1$s, "output_port": %1$s}}}}
            """.formatted(UUIDS, STRINGS, INTEGER, INTEGERS, OPTIONAL, STRING);

    private final Map<String, Map<String, String>> rows = new HashMap<>();
    private int count;

    /** Adds a row, and returns how others name it. */
    private String row(String table, String columns) {
        String uuid = new UUID(0, ++count).toString();
        rows.computeIfAbsent(table, any -> new HashMap<>()).put(uuid, columns.replace('\'', '"'));
        return "['uuid','" + uuid + "']";
    }

    private static String set(String... members) {
        return "['set',[" + String.join(",", members) + "]]";
    }

    private String device(String name, String type, String more) {
        return row("Interface", "{'name': '" + name + "', 'type': '" + type + "'" + more + "}");
    }

    private String port(String name, String more, String... interfaces) {
        return row("Port", "{'name': '" + name + "', 'interfaces': " + set(interfaces) + more + "}");
    }

    private String bridge(String name, String more, String... ports) {
        return row("Bridge", "{'name': '" + name + "', 'ports': " + set(ports) + more + "}");
    }

    private Wanted read(String... bridges) throws Exception {
        row("Open_vSwitch", "{'next_cfg': 5, 'bridges': " + set(bridges) + "}");
        DatabaseSchema schema = DatabaseSchema.parse(JSON.readTree(SCHEMA));
        Map<String, TableLayout> layouts = new HashMap<>();
        for (TableColumns table : Columns.monitored()) {
            layouts.put(
                    table.table(),
                    new TableLayout(table, schema.table(table.table()), Columns.DATABASE, missing -> {}));
        }
        String update = rows.entrySet().stream()
                .map(table -> "\"" + table.getKey() + "\": {"
                        + table.getValue().entrySet().stream()
                                .map(one -> "\"" + one.getKey() + "\": {\"initial\": " + one.getValue() + "}")
                                .collect(Collectors.joining(", "))
                        + "}")
                .collect(Collectors.joining(", ", "{", "}"));
        Contents contents = new Contents();
        new ContentsUpdate(contents, layouts, warning -> {
                    throw new AssertionError(warning);
                })
                .replace(JSON.readTree(update));
        return Objects.requireNonNull(
                BridgeRows.read(contents, row -> row.get(Columns.OFPORT).orElse(0L)));
    }

    private static VlanSpec vlans(Wanted wanted) {
        return wanted.bridges().getFirst().ports().getFirst().vlans();
    }

    private Wanted readPort(String more) throws Exception {
        return read(bridge("br0", "", port("p", more, device("p", "", ""))));
    }

    @Test
    void anEmptyDatabaseSaysNothing() {
        assertNull(BridgeRows.read(new Contents(), row -> 0));
    }

    @Test
    void aBridgeAsOvsVsctlMakesIt() throws Exception {
        Wanted wanted = read(bridge("br0", "", port("br0", "", device("br0", "internal", ", 'ofport': 65534"))));
        assertEquals(5, wanted.nextCfg());
        BridgeSpec bridge = wanted.bridges().getFirst();
        assertEquals("br0", bridge.name());
        assertEquals(FailMode.STANDALONE, bridge.failMode());
        assertEquals(BridgeSpec.DEFAULT_MAC_AGE, bridge.macAge());
        assertEquals(
                List.of(BridgePortSpec.of(new InterfaceSpec("br0", InterfaceType.INTERNAL, 0, 65_534, 0, null, null))),
                bridge.ports());
        assertEquals(List.of(), wanted.warnings());
    }

    @Test
    void theLocalPortIsThereAlsoWhereItsRowIsNot() throws Exception {
        BridgeSpec bridge = read(bridge("br0", "")).bridges().getFirst();
        assertEquals(
                InterfaceSpec.of("br0", InterfaceType.INTERNAL),
                bridge.ports().getFirst().interfaces().getFirst());
    }

    @Test
    void vlanModesFollowFromTags() throws Exception {
        assertEquals(VlanSpec.TRUNK, vlans(readPort("")));
    }

    @Test
    void aTagMakesAnAccessPort() throws Exception {
        Wanted wanted = readPort(", 'tag': 10, 'trunks': " + set("1", "2"));
        assertEquals(VlanSpec.Mode.ACCESS, vlans(wanted).mode());
        assertEquals(10, vlans(wanted).vid());
        assertEquals(List.of("port p: ignoring trunks in favor of implicit vlan"), wanted.warnings());
    }

    @Test
    void aTagThatIsNoVlanIsNone() throws Exception {
        assertEquals(VlanSpec.Mode.TRUNK, vlans(readPort(", 'tag': 5000")).mode());
    }

    @Test
    void aModeMayBeSaid() throws Exception {
        VlanSpec vlans = vlans(readPort(", 'tag': 10, 'vlan_mode': 'native-untagged', 'trunks': " + set("20", "30")));
        assertEquals(VlanSpec.Mode.NATIVE_UNTAGGED, vlans.mode());
        assertEquals(10, vlans.vid());
        assertEquals("{20, 30}", String.valueOf(vlans.trunks()));
    }

    @Test
    void whatCannotBeHadIsRefusedAlone() throws Exception {
        Wanted wanted = read(bridge(
                "br0",
                "",
                port("a", "", device("a", "bad", "")),
                port("b", "", device("b", "patch", "")),
                port("c", "", device("c", "patch", ", 'options': ['map',[['peer','c']]]")),
                port("d", "", device("d", "patch", ", 'options': ['map',[['peer','x'],['y','z']]]")),
                port("e", "", device("a/b", "", "")),
                port("f", "", device("f", "", ""))));
        assertEquals(
                Map.of(
                        "a", "could not open network device a (Address family not supported by protocol)",
                        "b", "b: patch type requires valid 'peer' argument",
                        "c", "c: patch peer must not be self",
                        "d", "d: patch type takes only a 'peer' argument",
                        "a/b", "could not open network device a/b (Invalid argument)"),
                wanted.refused());
        assertEquals(
                List.of("f", "br0"),
                wanted.bridges().getFirst().ports().stream()
                        .map(BridgePortSpec::name)
                        .toList());
    }

    @Test
    void aBridgeOfAnUnknownKindIsNotMade() throws Exception {
        Wanted wanted = read(bridge("br0", ", 'datapath_type': 'x'"), bridge("br1", ", 'datapath_type': 'system'"));
        assertEquals(1, wanted.bridges().size());
        assertEquals(
                List.of("failed to create bridge br0: Address family not supported by protocol"), wanted.warnings());
    }

    @Test
    void whatIsNotDoneIsSaid() throws Exception {
        Wanted wanted = read(bridge("br0", ", 'controller': ['uuid','" + new UUID(9, 9) + "']"));
        assertEquals(List.of("bridge br0: controller is not supported and has no effect"), wanted.warnings());
    }

    @Test
    void otherConfigIsReadAsFarAsItMakesSense() throws Exception {
        BridgeSpec bridge = read(bridge("br0", """
                , 'fail_mode': 'secure', 'flood_vlans': ['set',[5,6]], 'other_config': ['map',[
                 ['hwaddr','00:11:22:33:44:55'],['datapath-id','0xabc'],['mac-aging-time','1'],
                 ['mac-table-size','x'],['forward-bpdu','true']]]""")).bridges().getFirst();
        assertEquals(FailMode.SECURE, bridge.failMode());
        assertEquals(MacAddress.parse("00:11:22:33:44:55"), bridge.mac());
        assertEquals(0xabcL, bridge.datapathId());
        assertEquals(Duration.ofSeconds(15), bridge.macAge());
        assertEquals(BridgeSpec.DEFAULT_MAC_TABLE_SIZE, bridge.macTableSize());
        assertEquals(true, bridge.forwardsReserved());
        assertEquals("{5, 6}", bridge.floodVlans().toString());
    }

    @Test
    void aMacThatIsNoStationsIsIgnored() throws Exception {
        assertNull(read(bridge("br0", ", 'other_config': ['map',[['hwaddr','01:00:00:00:00:01']]]"))
                .bridges()
                .getFirst()
                .mac());
    }

    @Test
    void severalInterfacesAreABond() throws Exception {
        BridgePortSpec bond = read(bridge(
                        "br0",
                        "",
                        port(
                                "bond0",
                                ", 'bond_mode': 'balance-slb', 'other_config': ['map',[['bond-primary','b']]]",
                                device("a", "", ", 'ofport_request': 9"),
                                device("b", "", ""))))
                .bridges()
                .getFirst()
                .ports()
                .getFirst();
        assertEquals(true, bond.isBond());
        assertEquals(BondMode.BALANCE_SLB, bond.bond().mode());
        assertEquals("b", bond.bond().primary());
        assertEquals(
                9,
                bond.interfaces().stream()
                        .filter(one -> one.name().equals("a"))
                        .findFirst()
                        .orElseThrow()
                        .requestedNumber());
    }

    /** Two words of it, each with its lowest byte first; OvsBridgesIT holds it against Open vSwitch itself. */
    @Test
    void theDefaultMacIsMadeOfTheUuid() {
        assertEquals(
                MacAddress.parse("0e:b8:6c:09:73:49"),
                BridgeRows.macOf(UUID.fromString("096cb80f-d310-4973-b282-c4ddc05550c9")));
    }
}
