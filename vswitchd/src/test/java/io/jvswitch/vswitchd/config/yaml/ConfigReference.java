package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.vswitchd.reference.MarkdownTable;

/** The reference page of the configuration, made from the keys themselves. */
public final class ConfigReference {

    private ConfigReference() {}

    /** The page below its heading. */
    public static String body() {
        StringBuilder page = new StringBuilder("""
                A configuration is a YAML 1.2 file. `./jvswitch run --config FILE --check` reads it, prints every error as
                `file:line:column: key: value 'x': what was expected`, and starts nothing; exit status 2 when there is one.

                Durations are a number and a unit: `us`, `ms`, `s`, `m`, `h` or `d`. MAC addresses are safest in quotes. "One or
                a list" takes `a` as well as `[a, b]`. Anchors and aliases work. The keys of a port, a network or a host, with
                `name` (for a host: `network`) beside them, are also the JSON body that [the control API](control-api.md) takes.

                A reload (SIGHUP, `jvswitch reload`) may change everything but the sections `switch` and `underlay`.

                ```yaml
                """);
        page.append(ConfigReaderTest.EXAMPLE).append("```\n");
        for (KeyTable table : FileKeys.ALL) {
            String title = table.title().isEmpty() ? "The file" : MarkdownTable.code(table.title());
            page.append("\n## ")
                    .append(title)
                    .append("\n\n")
                    .append(table.doc())
                    .append("\n\n");
            MarkdownTable keys = new MarkdownTable("Key", "Takes", "When absent", "Meaning");
            for (Key<?> key : table.keys()) {
                String absent = key.fallbackText();
                keys.row(MarkdownTable.code(key.name()), takes(key), absent == null ? "an error" : absent, key.doc());
            }
            page.append(keys);
        }
        return page.toString();
    }

    private static String takes(Key<?> key) {
        return switch (key.shape()) {
            case ONE -> key.type().word();
            case NAMED -> key.type().word() + " for each number";
            case SOME -> key.type().word() + ", one or a list";
            case SECTION -> "section";
            case SECTION_LIST -> "list of sections";
            case SECTION_MAP -> "section for each name";
        };
    }
}
