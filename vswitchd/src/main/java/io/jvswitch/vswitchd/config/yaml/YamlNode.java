package io.jvswitch.vswitchd.config.yaml;

import java.util.List;

/** A YAML document's tree with the place of each node, lines and columns counted from 1. */
sealed interface YamlNode {

    int line();

    int column();

    /** Nodes in it, itself included, with every alias counted as what it stands for. */
    int size();

    /**
     * A scalar, as text.
     *
     * @param plain whether it stands without quotes
     */
    record Scalar(int line, int column, String text, boolean plain) implements YamlNode {

        @Override
        public int size() {
            return 1;
        }

        /** Whether it says "nothing" (YAML 1.2, core schema). */
        boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    /** A list. */
    record Sequence(int line, int column, List<YamlNode> items, int size) implements YamlNode {}

    /** Keys with values in the order of the file, duplicates included. */
    record Mapping(int line, int column, List<Entry> entries, int size) implements YamlNode {}

    /** A key with its value. */
    record Entry(Scalar key, YamlNode value) {}
}
