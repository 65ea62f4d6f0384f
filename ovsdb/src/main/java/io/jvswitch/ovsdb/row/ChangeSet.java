package io.jvswitch.ovsdb.row;

import java.util.List;

/**
 * What one update of the server has changed, which is one transaction or several: never half of one.
 *
 * @param changes one at most for each row
 */
public record ChangeSet(List<RowChange> changes) {

    /** With a copy of the list. */
    public ChangeSet {
        changes = List.copyOf(changes);
    }

    /** Whether nothing that is monitored has changed. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The changes of one table's rows. */
    public List<RowChange> of(String table) {
        return changes.stream()
                .filter(change -> change.row().table().equals(table))
                .toList();
    }
}
