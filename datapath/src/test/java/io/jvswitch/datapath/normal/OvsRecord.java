package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.normal.vlan.PriorityTags;
import io.jvswitch.datapath.translate.News;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.flowtable.key.FlowExtractor;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.testing.Hex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What Open vSwitch itself said of frames: a line for each, of four columns: {@code vlan-limit} or a configuration's
 * name, port of arrival, frame, datapath actions. {@code ovs/record.py} made it.
 */
final class OvsRecord {

    record Line(String configuration, int port, String frame, String actions) {}

    private OvsRecord() {}

    private static String text(String name) {
        try (InputStream in = Objects.requireNonNull(OvsRecord.class.getResourceAsStream("ovs/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Line> read(String name) {
        return text(name)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .map(columns -> new Line(columns[0], Integer.parseInt(columns[1]), columns[2], columns[3]))
                .toList();
    }

    /** A line that says how a port was configured: {@code # p7 tag=10 trunks=20,30}. */
    static List<PortVlans> ports(String name) {
        return text(name)
                .lines()
                .filter(line -> line.matches("# p\\d+ .*"))
                .map(line -> vlans(line.substring(line.indexOf(' ', 2) + 1)))
                .toList();
    }

    /** Lines that begin with a mark, by the configuration that they are of: mark, configuration, text. */
    static Map<String, List<String>> notes(String name, String mark) {
        Map<String, List<String>> notes = new HashMap<>();
        text(name)
                .lines()
                .filter(line -> line.startsWith(mark))
                .map(line -> line.substring(mark.length()).split("\t", -1))
                .forEach(columns -> notes.computeIfAbsent(columns[0], _ -> new ArrayList<>())
                        .add(columns[1]));
        return notes;
    }

    /** The columns of a port as {@code ovs-vsctl} sets them. */
    static PortVlans vlans(String columns) {
        Map<String, String> values = new HashMap<>();
        for (String column : columns.isBlank() ? new String[0] : columns.split(" ", -1)) {
            int equals = column.lastIndexOf('=');
            values.put(column.substring(0, equals), column.substring(equals + 1));
        }
        int tag = Integer.parseInt(values.getOrDefault("tag", "0"));
        @Nullable BitSet trunks = vids(values.get("trunks"));
        int tpid = "802.1q".equals(values.get("other_config:qinq-ethtype")) ? 0x8100 : 0x88a8;
        String mode = values.getOrDefault("vlan_mode", values.containsKey("tag") ? "access" : "trunk");
        PortVlans vlans = switch (mode) {
            case "access" -> PortVlans.access(tag);
            case "trunk" -> PortVlans.trunk(trunks);
            case "native-tagged" -> PortVlans.nativeTagged(tag, trunks);
            case "native-untagged" -> PortVlans.nativeUntagged(tag, trunks);
            case "dot1q-tunnel" -> PortVlans.dot1qTunnel(tag, tpid, vids(values.get("cvlans")));
            default -> throw new IllegalArgumentException(mode);
        };
        return vlans.with(
                switch (values.getOrDefault("other_config:priority-tags", "never")) {
                    case "if-nonzero" -> PriorityTags.IF_NONZERO;
                    case "always" -> PriorityTags.ALWAYS;
                    default -> PriorityTags.NEVER;
                });
    }

    private static @Nullable BitSet vids(@Nullable String list) {
        if (list == null) {
            return null;
        }
        BitSet set = new BitSet();
        for (String vid : list.split(",", -1)) {
            set.set(Integer.parseInt(vid));
        }
        return set;
    }

    /** What leaves of the frame of a line, once what it teaches is learnt: Open vSwitch learns before it looks up. */
    static SortedMap<Integer, List<String>> deliveries(Line line, Snapshot snapshot) {
        FlowKey key = new FlowKey();
        assertNull(FlowExtractor.extract(Hex.frame(Hex.bytes(line.frame()), 0), key));
        key.set(FlowField.IN_PORT, line.port());
        FlowReader reader = new FlowReader();
        reader.reset(key, new FlowMask());
        Translation translation = new Translation();
        translation.begin(reader, snapshot, null, null);
        translation.run();
        for (News news : translation.news()) {
            if (news instanceof NormalNews.Learn learn) {
                learn.fdb().learn(learn.mac(), learn.vlan(), learn.location(), 0);
            }
        }
        reader.reset(key, new FlowMask());
        return Deliveries.of(Translation.of(reader, snapshot, null), line.frame());
    }

    /** Compares what leaves of each line's frame with what left Open vSwitch. */
    static void compareAll(String name, int least, Function<String, Snapshot> configurations) {
        List<Line> lines = read(name);
        assertTrue(lines.size() >= least, "lines of " + name + ": " + lines.size());
        Map<String, Snapshot> made = new HashMap<>();
        for (Line line : lines) {
            Snapshot snapshot = made.computeIfAbsent(line.configuration(), configurations);
            assertEquals(Deliveries.ofOvs(line.actions(), line.frame()), deliveries(line, snapshot), line::toString);
        }
    }
}
