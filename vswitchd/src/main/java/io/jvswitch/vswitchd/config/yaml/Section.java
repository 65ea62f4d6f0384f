package io.jvswitch.vswitchd.config.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of the file read by a {@link KeyTable}. Whatever is wrong is reported and stood in for, so that reading
 * goes on and one run finds all errors.
 */
final class Section {

    private final Problems problems;
    private final String path;
    private final int line;
    private final int column;
    private final Map<String, YamlNode> values = new HashMap<>();
    private boolean notMapping;

    private Section(Problems problems, String path, int line, int column) {
        this.problems = problems;
        this.path = path;
        this.line = line;
        this.column = column;
    }

    /**
     * Reads a mapping's keys: unknown and duplicate ones are reported.
     *
     * @param path where it stands; empty for the file itself
     */
    static Section of(Problems problems, String path, @Nullable YamlNode node, int line, int column, KeyTable table) {
        Section section = new Section(problems, path, line, column);
        problems.place(path, line, column);
        if (node == null || node instanceof YamlNode.Scalar scalar && scalar.isNull()) {
            return section;
        }
        if (!(node instanceof YamlNode.Mapping mapping)) {
            problems.report(path, node.line(), node.column(), valueText(node), "expected a section with keys");
            section.notMapping = true;
            return section;
        }
        Map<String, YamlNode.Scalar> seen = new HashMap<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            String name = entry.key().text();
            YamlNode.Scalar earlier = seen.putIfAbsent(name, entry.key());
            if (earlier != null) {
                section.duplicate(entry.key(), earlier);
            } else if (!table.has(name)) {
                String nearest = problems.isFull() ? null : table.nearest(name);
                problems.report(
                        section.child(name),
                        entry.key().line(),
                        entry.key().column(),
                        null,
                        "unknown key" + (nearest == null ? "" : ", did you mean '" + nearest + "'?"));
            } else {
                section.values.put(name, entry.value());
                problems.place(
                        section.child(name), entry.value().line(), entry.value().column());
            }
        }
        return section;
    }

    private void duplicate(YamlNode.Scalar key, YamlNode.Scalar earlier) {
        problems.report(
                child(key.text()),
                key.line(),
                key.column(),
                null,
                "duplicate key: already given at line " + earlier.line());
    }

    String path() {
        return path;
    }

    /** Whether the key is given. */
    boolean has(Key<?> key) {
        YamlNode node = values.get(key.name());
        return node != null && !(node instanceof YamlNode.Scalar scalar && scalar.isNull());
    }

    /** The value, or null when absent or wrong. */
    <T> @Nullable T find(Key<T> key) {
        YamlNode node = values.get(key.name());
        return node == null ? null : read(key, child(key.name()), node);
    }

    /** The value, or the key's default when absent or wrong. */
    <T> T get(Key<T> key) {
        T value = find(key);
        return value == null ? key.fallback() : value;
    }

    /** The value of a required key; when it is wrong or missing that is reported, and {@code standIn} is returned. */
    <T> T require(Key<T> key, T standIn) {
        if (!values.containsKey(key.name())) {
            missing(key, key.type().expected());
            return standIn;
        }
        T value = find(key);
        return value == null ? standIn : value;
    }

    /** Reports that a key is missing, unless the section itself is none. */
    void missing(Key<?> key, String expected) {
        if (!notMapping) {
            problems.report(child(key.name()), line, column, null, "missing: " + expected);
        }
    }

    /** The values that are right. */
    <T> List<T> list(Key<T> key) {
        YamlNode node = values.get(key.name());
        List<T> list = new ArrayList<>();
        if (node instanceof YamlNode.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                String at = child(key.name()) + "[" + i + "]";
                YamlNode item = sequence.items().get(i);
                problems.place(at, item.line(), item.column());
                T value = read(key, at, item);
                if (value != null) {
                    list.add(value);
                }
            }
        } else if (node != null) {
            T value = read(key, child(key.name()), node);
            if (value != null) {
                list.add(value);
            }
        }
        return list;
    }

    /** The values that are right, by names that are; in the order of the file. */
    <K, T> Map<K, T> map(Key<T> key, ValueType<K> names) {
        YamlNode node = values.get(key.name());
        Map<K, T> map = new LinkedHashMap<>();
        if (node instanceof YamlNode.Mapping mapping) {
            Map<String, YamlNode.Scalar> seen = new HashMap<>();
            Section within = new Section(problems, child(key.name()), mapping.line(), mapping.column());
            for (YamlNode.Entry entry : mapping.entries()) {
                String at = within.child(entry.key().text());
                problems.place(at, entry.value().line(), entry.value().column());
                YamlNode.Scalar earlier = seen.putIfAbsent(entry.key().text(), entry.key());
                if (earlier != null) {
                    within.duplicate(entry.key(), earlier);
                    continue;
                }
                K name = within.readName(names, entry.key());
                T value = read(key, at, entry.value());
                if (name != null && value != null) {
                    map.put(name, value);
                }
            }
        } else if (has(key) && node != null) {
            problems.report(
                    child(key.name()),
                    node.line(),
                    node.column(),
                    valueText(node),
                    "expected a mapping like {10: " + key.type().word() + "}");
        }
        return map;
    }

    private <T> @Nullable T read(Key<T> key, String at, YamlNode node) {
        String expected = key.type().expected();
        if (node instanceof YamlNode.Scalar scalar) {
            try {
                T value = scalar.isNull() ? null : key.type().reader().read(scalar.text());
                if (value != null) {
                    return value;
                }
            } catch (IllegalArgumentException e) {
                expected = String.valueOf(e.getMessage());
            }
        }
        problems.report(at, node.line(), node.column(), valueText(node), expected);
        return null;
    }

    private static String valueText(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar.text();
            case YamlNode.Sequence ignored -> "[...]";
            case YamlNode.Mapping ignored -> "{...}";
        };
    }

    /** A section within, or null when absent. */
    @Nullable
    Section section(Key<Section> key) {
        YamlNode node = values.get(key.name());
        if (node == null) {
            if (key.isRequired()) {
                missing(key, "expected a section with keys");
            }
            return null;
        }
        return of(problems, child(key.name()), node, node.line(), node.column(), key.table());
    }

    /** The sections of a list. */
    List<Section> sectionList(Key<Section> key) {
        YamlNode node = values.get(key.name());
        List<Section> sections = new ArrayList<>();
        if (node instanceof YamlNode.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                YamlNode item = sequence.items().get(i);
                String at = child(key.name()) + "[" + i + "]";
                sections.add(of(problems, at, item, item.line(), item.column(), key.table()));
            }
        } else if (has(key) && node != null) {
            problems.report(
                    child(key.name()),
                    node.line(),
                    node.column(),
                    valueText(node),
                    "expected a list: each item after a '-'");
        }
        return sections;
    }

    /** The sections of a mapping by name; a name that is wrong is reported and its section left out. */
    Map<String, Section> sectionMap(Key<Section> key, ValueType<String> names) {
        YamlNode node = values.get(key.name());
        Map<String, Section> sections = new LinkedHashMap<>();
        if (node instanceof YamlNode.Mapping mapping) {
            Map<String, YamlNode.Scalar> seen = new HashMap<>();
            Section named = new Section(problems, child(key.name()), mapping.line(), mapping.column());
            for (YamlNode.Entry entry : mapping.entries()) {
                String name = entry.key().text();
                YamlNode.Scalar earlier = seen.putIfAbsent(name, entry.key());
                if (earlier != null) {
                    named.duplicate(entry.key(), earlier);
                    continue;
                }
                named.readName(names, entry.key());
                sections.put(
                        name,
                        of(
                                problems,
                                named.child(name),
                                entry.value(),
                                entry.key().line(),
                                entry.key().column(),
                                key.table()));
            }
        } else if (has(key) && node != null) {
            problems.report(
                    child(key.name()),
                    node.line(),
                    node.column(),
                    valueText(node),
                    "expected names, each with a section");
        }
        return sections;
    }

    private <K> @Nullable K readName(ValueType<K> names, YamlNode.Scalar key) {
        String expected = names.expected();
        try {
            K name = names.reader().read(key.text());
            if (name != null) {
                return name;
            }
        } catch (IllegalArgumentException e) {
            expected = String.valueOf(e.getMessage());
        }
        problems.report(child(key.text()), key.line(), key.column(), key.text(), expected);
        return null;
    }

    private String child(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
