package io.jvswitch.ovsdb.client;

import io.jvswitch.ovsdb.row.TableColumns;
import io.jvswitch.ovsdb.stream.ConnectionMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client is to follow.
 *
 * @param servers where the database is: one server, or the members of a cluster
 * @param database its name
 * @param tables what is read of it
 * @param lock the lock without which nothing is written; null when none is needed
 * @param leaderOnly whether a member of a cluster that does not lead it is left for another one
 */
public record OvsdbOptions(
        List<ConnectionMethod> servers,
        String database,
        List<TableColumns> tables,
        @Nullable String lock,
        boolean leaderOnly) {

    /** With copies of the lists. */
    public OvsdbOptions {
        servers = List.copyOf(servers);
        tables = List.copyOf(tables);
    }
}
