package io.jvswitch.vswitchd.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows in aligned columns, two blanks apart, a heading in capitals above them. A column whose heading starts with
 * {@code >} is aligned to the right. Nothing at all is printed for a table without rows but the heading, so that
 * scripts always find it.
 */
public final class Table {

    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] right;

    /** A table with these headings. */
    public Table(String... headings) {
        right = new boolean[headings.length];
        String[] plain = new String[headings.length];
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].startsWith(">");
            plain[i] = right[i] ? headings[i].substring(1) : headings[i];
        }
        rows.add(plain);
    }

    /** Adds a row; an empty cell is shown as {@code -}. */
    public void row(Object... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
        }
        String[] row = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            String text = String.valueOf(cells[i]);
            row[i] = text.isEmpty() ? "-" : text;
        }
        rows.add(row);
    }

    @Override
    public String toString() {
        int[] widths = new int[right.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            int from = text.length();
            for (int i = 0; i < row.length; i++) {
                if (i > 0) {
                    text.append("  ");
                }
                String pad = " ".repeat(widths[i] - row[i].length());
                text.append(right[i] ? pad + row[i] : row[i] + pad);
            }
            int end = text.length();
            while (end > from && text.charAt(end - 1) == ' ') {
                end--;
            }
            text.setLength(end);
            text.append('\n');
        }
        return text.toString();
    }
}
