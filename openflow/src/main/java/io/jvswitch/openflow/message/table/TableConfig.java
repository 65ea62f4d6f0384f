package io.jvswitch.openflow.message.table;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.Properties;
import io.jvswitch.openflow.layout.WireTypes;
import org.jspecify.annotations.Nullable;

/**
 * How a table is configured, from OpenFlow 1.4 on (OpenFlow 1.5.1, section 7.3.4.2).
 *
 * @param table 255 for all, in a table mod
 * @param config bits: {@link #EVICTION}, {@link #VACANCY_EVENTS}, and what OpenFlow 1.1 and 1.2 do on a miss
 * @param evictionFlags what decides which flow goes first, or null
 * @param vacancy when the table tells how full it is, or null
 */
public record TableConfig(
        int table,
        long config,
        @Nullable Long evictionFlags,
        @Nullable Vacancy vacancy) {

    /** What happens on a miss, up to OpenFlow 1.3: 0 to the controller, 1 the next table, 2 drop. */
    public static final int MISS_MASK = 3;

    public static final int EVICTION = 1 << 2;
    public static final int VACANCY_EVENTS = 1 << 3;

    private static final int PROPERTY_EVICTION = 2;
    private static final int PROPERTY_VACANCY = 3;

    /**
     * In percent of the table's size.
     *
     * @param down below it the table tells that it fills up
     * @param up above it the table tells that it has room again
     * @param now how much is free
     */
    public record Vacancy(int down, int up, int now) {
        private static final Layout<Vacancy> LAYOUT =
                Layout.of(Vacancy.class, f -> f.u8("down").u8("up").u8("now").pad(1));
    }

    private static void properties(Properties properties) {
        properties
                .value(PROPERTY_EVICTION, "evictionFlags", WireTypes.U32)
                .value(PROPERTY_VACANCY, "vacancy", Vacancy.LAYOUT);
    }

    /** In a table mod. */
    static final Layout<TableConfig> MOD = Layout.of(
            TableConfig.class,
            f -> f.u8("table").pad(3).u32("config").in("1.4+", g -> g.properties(TableConfig::properties)));

    /** In a description, where it has a length of its own. */
    static final Layout<TableConfig> DESCRIPTION = Layout.of(
            TableConfig.class,
            f -> f.length().u8("table").pad(1).u32("config").looseProperties(TableConfig::properties));
}
