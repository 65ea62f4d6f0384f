package io.jvswitch.vswitchd.reference;

import java.util.List;

/** A Markdown table, row by row. Text is escaped; nothing in a cell is taken for markup but what {@link #code} made. */
public final class MarkdownTable {
    private final int columns;
    private final StringBuilder text = new StringBuilder();

    /** A table with these headings. */
    public MarkdownTable(String... headings) {
        columns = headings.length;
        line(List.of(headings));
        text.append("|").append(" --- |".repeat(columns)).append('\n');
    }

    /** Adds a row; as many cells as headings. */
    public MarkdownTable row(String... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException(
                    "row of " + cells.length + " cells in a table of " + columns + " columns: " + List.of(cells));
        }
        line(List.of(cells));
        return this;
    }

    /** Text to be shown as code, for a cell. */
    public static String code(String text) {
        return "`" + text + "`";
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void line(List<String> cells) {
        text.append('|');
        for (String cell : cells) {
            text.append(' ').append(escape(cell)).append(" |");
        }
        text.append('\n');
    }

    /** A bar ends a cell even inside code; an angle bracket outside code would start HTML. */
    private static String escape(String cell) {
        String oneLine = cell.replace('\n', ' ').replace("|", "\\|");
        return cell.startsWith("`") ? oneLine : oneLine.replace("<", "&lt;");
    }
}
