package io.jvswitch.vswitchd.config.ovsdb;

import io.jvswitch.ovsdb.client.ColumnValues;
import io.jvswitch.ovsdb.client.Transaction;
import io.jvswitch.ovsdb.row.Column;
import io.jvswitch.ovsdb.row.Contents;
import io.jvswitch.ovsdb.row.Row;
import io.jvswitch.vswitchd.view.BridgeView;
import io.jvswitch.vswitchd.view.InterfaceView;
import io.jvswitch.wire.MacAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes what the switch is into the database: only what differs from what is there. */
final class StatusRows {

    private static final List<String> IFACE_TYPES = List.of("internal", "patch", "system", "tap");

    private final Transaction transaction = new Transaction();

    private StatusRows() {}

    /**
     * The transaction that has the database say what the switch is.
     *
     * @param refused why an interface cannot be had, by its name
     * @param statistics what crossed interfaces of which the database does not say it yet, by their names
     * @param curCfg the configuration that is in force, -1 to leave that as it is
     */
    static Transaction of(
            Contents contents,
            List<BridgeView> bridges,
            Map<String, String> refused,
            Map<String, Map<String, Long>> statistics,
            long curCfg) {
        StatusRows rows = new StatusRows();
        Map<String, BridgeView> byName = new HashMap<>();
        Map<String, InterfaceView> interfaces = new HashMap<>();
        for (BridgeView bridge : bridges) {
            byName.put(bridge.name(), bridge);
            bridge.interfaces().forEach(one -> interfaces.put(one.name(), one));
        }
        contents.rows(Columns.BRIDGE).forEach(row -> rows.bridge(row, byName.get(row.get(Columns.NAME))));
        for (Row row : contents.rows(Columns.INTERFACE)) {
            String name = row.get(Columns.NAME);
            String error = refused.get(name);
            InterfaceView view = error == null ? interfaces.get(name) : InterfaceView.failed(name, 0, error);
            if (view != null) {
                rows.device(row, view, statistics.getOrDefault(name, row.get(Columns.STATISTICS)));
            }
        }
        for (Row row : contents.rows(Columns.SWITCH)) {
            rows.root(row, curCfg);
        }
        return rows.transaction;
    }

    private void root(Row row, long curCfg) {
        ColumnValues values = new ColumnValues();
        set(values, row, Columns.DATAPATH_TYPES, List.of("netdev", "system"));
        set(values, row, Columns.IFACE_TYPES, IFACE_TYPES);
        set(values, row, Columns.DPDK_INITIALIZED, false);
        set(values, row, Columns.DPDK_VERSION, Optional.of("none"));
        if (curCfg >= 0) {
            set(values, row, Columns.CUR_CFG, curCfg);
        }
        transaction.update(row, values);
    }

    private void bridge(Row row, @Nullable BridgeView view) {
        if (view != null) {
            ColumnValues values = new ColumnValues();
            set(values, row, Columns.DATAPATH_ID, Optional.of(String.format("%016x", view.datapathId())));
            set(values, row, Columns.DATAPATH_VERSION, "<built-in>");
            transaction.update(row, values);
        }
    }

    private void device(Row row, InterfaceView view, Map<String, Long> statistics) {
        boolean works = view.openFlowPort() >= 0;
        ColumnValues values = new ColumnValues();
        set(values, row, Columns.OFPORT, Optional.of((long) view.openFlowPort()));
        set(values, row, Columns.ERROR, Optional.ofNullable(view.error()));
        set(values, row, Columns.MAC_IN_USE, Optional.ofNullable(view.mac()).map(MacAddress::toString));
        set(values, row, Columns.IFINDEX, Optional.of((long) view.index()).filter(_ -> works));
        set(values, row, Columns.MTU, Optional.of((long) view.mtuBytes()).filter(bytes -> bytes > 0));
        set(
                values,
                row,
                Columns.ADMIN_STATE,
                Optional.of(upDown(view.adminUp())).filter(_ -> works));
        set(values, row, Columns.LINK_STATE, Optional.of(upDown(view.linkUp())).filter(_ -> works));
        set(values, row, Columns.LINK_RESETS, Optional.of(view.linkResets()).filter(_ -> works));
        set(values, row, Columns.STATISTICS, works ? new TreeMap<>(statistics) : Map.of());
        transaction.update(row, values);
    }

    /** The transaction that has the database say what crossed interfaces, by their names. */
    static Transaction ofStatistics(Contents contents, Map<String, Map<String, Long>> statistics) {
        StatusRows rows = new StatusRows();
        for (Row row : contents.rows(Columns.INTERFACE)) {
            Map<String, Long> counted = statistics.get(row.get(Columns.NAME));
            if (counted != null) {
                ColumnValues values = new ColumnValues();
                set(values, row, Columns.STATISTICS, new TreeMap<>(counted));
                rows.transaction.update(row, values);
            }
        }
        return rows.transaction;
    }

    private static String upDown(boolean up) {
        return up ? "up" : "down";
    }

    private static <T> void set(ColumnValues values, Row row, Column<T> column, T value) {
        if (!value.equals(row.get(column))) {
            values.set(column, value);
        }
    }
}
