package io.jvswitch.ovsdb.client;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What came of a transaction.
 *
 * @param status how it ended
 * @param error what the server, or the client, says about it; null after success
 * @param results the server's result for each operation, in their order; empty when it was not sent
 * @param inserted the UUIDs of rows that were inserted, by those that {@link Transaction#insert} gave
 */
public record TransactionOutcome(
        TransactionStatus status, @Nullable String error, List<JsonNode> results, Map<UUID, UUID> inserted) {

    /** With copies of what is given. */
    public TransactionOutcome {
        results = List.copyOf(results);
        inserted = Map.copyOf(inserted);
    }

    static TransactionOutcome notSent(TransactionStatus status, @Nullable String why) {
        return new TransactionOutcome(status, why, List.of(), Map.of());
    }

    /** Whether it is in the database, or had nothing to do. */
    public boolean isDone() {
        return status == TransactionStatus.SUCCESS || status == TransactionStatus.UNCHANGED;
    }

    /** How many rows an operation has changed, or 0. */
    public long count(int operation) {
        if (operation >= results.size()) {
            return 0;
        }
        JsonNode count = results.get(operation).get("count");
        return count == null ? 0 : count.asLong();
    }
}
