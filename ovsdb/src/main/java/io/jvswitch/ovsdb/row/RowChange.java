package io.jvswitch.ovsdb.row;

/** What became of one row. */
public sealed interface RowChange {

    /** It came. */
    record Inserted(Row row) implements RowChange {}

    /** Some of its monitored columns have other values now. */
    record Modified(Row before, Row row) implements RowChange {

        /** Whether this column is one of them. */
        public boolean changes(Column<?> column) {
            return row.differsFrom(before, column);
        }
    }

    /** It went. */
    record Deleted(Row row) implements RowChange {}

    /** The row as it is now; as it was, when it went. */
    Row row();
}
