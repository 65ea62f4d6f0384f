package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of the file itself, and those that a request to the control socket has on top of a section's own. */
final class FileKeys {

    private static final Key<Section> SWITCH =
            Key.sections("switch", Key.Shape.SECTION, SwitchKeys.TABLE, true, "The switch itself.");
    private static final Key<Section> UNDERLAY = Key.sections(
            "underlay", Key.Shape.SECTION, UnderlayKeys.TABLE, false, "The network that carries the tunnels.");
    private static final Key<Section> NETWORKS =
            Key.sections("networks", Key.Shape.SECTION_MAP, NetworkKeys.TABLE, false, "Networks by name.");
    private static final Key<Section> PORTS =
            Key.sections("ports", Key.Shape.SECTION_MAP, PortKeys.TABLE, false, "Ports by name.");

    static final KeyTable TABLE =
            new KeyTable("", "A YAML 1.2 file of at most 8 MiB.", List.of(SWITCH, UNDERLAY, NETWORKS, PORTS));

    /** All tables in the order of the reference. */
    static final List<KeyTable> ALL = List.of(
            TABLE,
            SwitchKeys.TABLE,
            UnderlayKeys.TABLE,
            NetworkKeys.TABLE,
            SubnetKeys.TABLE,
            SubnetKeys.ROUTE_TABLE,
            DhcpKeys.TABLE,
            NetworkKeys.HOST_TABLE,
            PortKeys.TABLE);

    private FileKeys() {}

    static SwitchSpec read(Section file, Problems problems) {
        Section ownSection = file.section(SWITCH);
        Section own = ownSection == null ? Section.of(problems, "switch", null, 1, 1, SwitchKeys.TABLE) : ownSection;
        String name = ownSection == null ? "switch" : SwitchKeys.name(own);
        Section underlay = file.section(UNDERLAY);
        Map<String, NetworkSpec> networks = new LinkedHashMap<>();
        file.sectionMap(NETWORKS, Values.NETWORK_NAME)
                .forEach((network, section) -> networks.put(network, NetworkKeys.read(section, network)));
        Map<String, PortSpec> ports = new LinkedHashMap<>();
        file.sectionMap(PORTS, Values.PORT_NAME)
                .forEach((port, section) -> ports.put(port, PortKeys.read(section, port)));
        return new SwitchSpec(
                name,
                SwitchKeys.workers(own),
                SwitchKeys.controlSocket(own, name),
                SwitchKeys.stateDir(own, name),
                SwitchKeys.tuning(own),
                underlay == null ? null : UnderlayKeys.read(underlay),
                networks,
                ports);
    }

    /** The table with a key in front that names the object: a request has no place for it but inside. */
    static KeyTable named(KeyTable table, Key<String> name) {
        List<Key<?>> keys = new java.util.ArrayList<>();
        keys.add(name);
        keys.addAll(table.keys());
        return new KeyTable(table.title(), table.doc(), keys);
    }
}
