package io.jvswitch.flowtable.key;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of {@link MatchField}s: names, numbers, prerequisites and forms as Open vSwitch's ovs-fields(7) and
 * OpenFlow 1.5.1, section 7.2.3.7, have them, one row a name ({@link MetadataFields}, {@link HeaderFields}).
 */
final class MatchFields {

    static final List<MatchField> ALL;
    static final Map<String, MatchField> BY_NAME;
    static final Map<Long, MatchField> BY_OXM;

    static {
        MatchFieldRows table = new MatchFieldRows();
        MetadataFields.fill(table);
        HeaderFields.fill(table);
        table.nameTheRest();
        ALL = table.fields();
        Map<String, MatchField> byName = new HashMap<>();
        Map<Long, MatchField> byOxm = new HashMap<>();
        for (MatchField field : ALL) {
            put(byName, field.label(), field);
            for (String alias : field.aliases()) {
                put(byName, alias, field);
            }
            for (OxmHeader header : field.headers()) {
                put(byOxm, oxmKey(header.oxmClass(), header.experimenter(), header.number()), field);
            }
        }
        BY_NAME = Collections.unmodifiableMap(byName);
        BY_OXM = Collections.unmodifiableMap(byOxm);
    }

    private MatchFields() {}

    private static <K> void put(Map<K, MatchField> map, K key, MatchField field) {
        MatchField other = map.put(key, field);
        if (other != null) {
            throw new IllegalStateException(key + " is " + other + " and " + field);
        }
    }

    static long oxmKey(int oxmClass, int experimenter, int number) {
        return (long) experimenter << 32 | (long) oxmClass << 16 | number;
    }
}
