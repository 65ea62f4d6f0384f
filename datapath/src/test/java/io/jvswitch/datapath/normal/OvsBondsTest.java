package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.normal.bond.ArpLocks;
import io.jvswitch.datapath.normal.bond.Bond;
import io.jvswitch.datapath.normal.bond.BondMode;
import io.jvswitch.datapath.normal.bond.BondSettings;
import io.jvswitch.datapath.normal.bond.BondState;
import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.flowtable.mac.Fdb;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What comes in by a bond and what leaves by it, against what Open vSwitch 3.1 said of the same. Which member a hash
 * chooses is each switch's own business.
 */
final class OvsBondsTest {

    private static final String RECORD = "bonds.tsv";
    private static final int BOND = 20;

    private static Snapshot snapshot(String name) {
        BondMode mode = switch (name) {
            case "active-backup" -> BondMode.ACTIVE_BACKUP;
            case "balance-slb", "balance-slb-all-active" -> BondMode.BALANCE_SLB;
            case "balance-tcp" -> BondMode.BALANCE_TCP;
            default -> throw new IllegalArgumentException(name);
        };
        BondSettings settings = new BondSettings(
                BOND,
                "bond0",
                mode,
                List.of(10, 11),
                Locations.NONE,
                false,
                name.endsWith("all-active"),
                0,
                0,
                0,
                BondSettings.DEFAULT_REBALANCE_NS);
        Bond bond = new BondState(settings, 10, _ -> true, 1, 0).bond();
        PortVlans trunk = PortVlans.trunk(null);
        List<NetworkPort> ports = List.of(
                NetworkPort.ofBridge(1, "p1", 0, 1_500, true, trunk, false),
                NetworkPort.ofBridge(2, "p2", 0, 1_500, true, trunk, false),
                NetworkPort.ofBridge(BOND, "bond0", 0, 1_500, true, trunk, false));
        Fdb fdb = new Fdb(64);
        fdb.learn(0x0200_0000_00b1L, 0, 1, 0);
        fdb.learn(0x0200_0000_00c1L, 0, 1, 0);
        // what comes in by a bond whose LACP has no partner is not learnt
        if (mode != BondMode.BALANCE_TCP) {
            fdb.learn(0x0200_0000_00bbL, 0, BOND, 0);
        }
        ArpLocks locks = new ArpLocks();
        locks.lock(0x0200_0000_00c1L, 0, 0);
        Network network = Network.ofBridge(0, "br0", List.of(1, 2, BOND), fdb, NetworkOptions.bridge());
        return new NormalBridge(0, "br0", ports, List.of(network))
                .change()
                .bonds(List.of(bond), locks)
                .build()
                .snapshot(1)
                .change()
                .put(new Port.Device(10, "p10", 0, 1_500, true))
                .put(new Port.Device(11, "p11", 0, 1_500, true))
                .build(2);
    }

    /** The same with one name for both members. */
    private static SortedMap<Integer, List<String>> byBond(SortedMap<Integer, List<String>> byPort) {
        SortedMap<Integer, List<String>> byBond = new TreeMap<>();
        byPort.forEach((port, frames) -> byBond.put(port == 10 || port == 11 ? BOND : port, frames));
        assertEquals(byPort.size(), byBond.size(), "by one member each");
        return byBond;
    }

    @Test
    void whatComesInAndLeavesIsWhatOpenVswitchSays() {
        List<OvsRecord.Line> lines = OvsRecord.read(RECORD);
        assertTrue(lines.size() >= 280);
        for (OvsRecord.Line line : lines) {
            assertEquals(
                    byBond(Deliveries.ofOvs(line.actions(), line.frame())),
                    byBond(OvsRecord.deliveries(line, snapshot(line.configuration()))),
                    line::toString);
        }
    }
}
