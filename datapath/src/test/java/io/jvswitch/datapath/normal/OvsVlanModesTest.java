package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.flowtable.mac.Fdb;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every mode of a port with every sort of tags in a frame, against what Open vSwitch 3.1 said of the same. */
final class OvsVlanModesTest {

    private static final String RECORD = "vlan-modes.tsv";

    private static Snapshot snapshot(int knownTags) {
        List<PortVlans> vlans = OvsRecord.ports(RECORD);
        List<NetworkPort> ports = new ArrayList<>();
        for (int i = 0; i < vlans.size(); i++) {
            ports.add(NetworkPort.ofBridge(i + 1, "p" + (i + 1), 0, 1_500, true, vlans.get(i), false));
        }
        Network network = Network.ofBridge(
                0,
                "br0",
                ports.stream().map(NetworkPort::number).toList(),
                new Fdb(64),
                new NetworkOptions(false, false, knownTags, new BitSet()));
        return new NormalBridge(0, "br0", ports, List.of(network)).snapshot(1);
    }

    @Test
    void tagsAreThoseOfOpenVswitch() {
        OvsRecord.compareAll(RECORD, 960, limit -> snapshot(Integer.parseInt(limit)));
    }
}
