package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.flowtable.mac.Fdb;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Mirrors of every kind, against what Open vSwitch 3.1 said of the same. */
final class OvsMirrorsTest {

    private static final String RECORD = "mirrors.tsv";
    private static final Pattern PORT = Pattern.compile("p(\\d+)");
    private static final long LEARNT_AT_P2 = 0x0200_0000_00b2L;

    private static Snapshot snapshot(List<String> rows) {
        List<PortVlans> vlans = OvsRecord.ports(RECORD);
        List<NetworkPort> ports = new ArrayList<>();
        for (int i = 0; i < vlans.size(); i++) {
            ports.add(NetworkPort.ofBridge(i + 1, "p" + (i + 1), 0, 1_500, true, vlans.get(i), false));
        }
        Fdb fdb = new Fdb(64);
        fdb.learn(LEARNT_AT_P2, 10, 2, 0);
        Network network = Network.ofBridge(
                0, "br0", ports.stream().map(NetworkPort::number).toList(), fdb, NetworkOptions.bridge());
        List<Mirror> mirrors = rows.stream().map(OvsMirrorsTest::mirror).toList();
        return new NormalBridge(0, "br0", ports, List.of(network))
                .change()
                .mirrors(mirrors)
                .build()
                .snapshot(1);
    }

    /** A mirror, from the columns of its row. */
    private static Mirror mirror(String row) {
        Map<String, String> values = new HashMap<>();
        for (String column : row.split(" ", -1)) {
            values.put(column.substring(0, column.indexOf('=')), column.substring(column.indexOf('=') + 1));
        }
        BitSet vlans = null;
        if (values.containsKey("select_vlan")) {
            vlans = new BitSet();
            vlans.set(Integer.parseInt(values.getOrDefault("select_vlan", "")));
        }
        Set<Integer> output = ports(values.getOrDefault("output_port", ""));
        return new Mirror(
                row,
                values.containsKey("select_all"),
                ports(values.getOrDefault("select_src_port", "")),
                ports(values.getOrDefault("select_dst_port", "")),
                vlans,
                output.isEmpty() ? Locations.NONE : output.iterator().next(),
                Integer.parseInt(values.getOrDefault("output_vlan", "-1")),
                Integer.parseInt(values.getOrDefault("snaplen", "0")),
                new Credit(1, 0));
    }

    private static Set<Integer> ports(String names) {
        Set<Integer> numbers = new HashSet<>();
        Matcher name = PORT.matcher(names);
        while (name.find()) {
            numbers.add(Integer.parseInt(name.group(1)));
        }
        return numbers;
    }

    @Test
    void copiesAreThoseOfOpenVswitch() {
        Map<String, List<String>> rows = OvsRecord.notes(RECORD, "#mirror\t");
        assertEquals(20, rows.size());
        OvsRecord.compareAll(RECORD, 2_100, name -> snapshot(rows.getOrDefault(name, List.of())));
    }
}
