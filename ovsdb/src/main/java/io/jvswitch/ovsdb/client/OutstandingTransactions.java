package io.jvswitch.ovsdb.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Transactions that were sent and are not answered. */
final class OutstandingTransactions {

    /** The worst of all operations' results is the transaction's. */
    private static final List<TransactionStatus> WORSE_AND_WORSE = List.of(
            TransactionStatus.SUCCESS,
            TransactionStatus.TRY_AGAIN,
            TransactionStatus.NOT_LOCKED,
            TransactionStatus.ERROR);

    private record Sent(Transaction transaction, Consumer<TransactionOutcome> outcome) {}

    private final Map<Long, Sent> sent = new LinkedHashMap<>();

    void add(long id, Transaction transaction, Consumer<TransactionOutcome> outcome) {
        sent.put(id, new Sent(transaction, outcome));
    }

    int size() {
        return sent.size();
    }

    /** The connection is gone, and with it the answers. */
    void lose() {
        List<Sent> lost = new ArrayList<>(sent.values());
        sent.clear();
        for (Sent each : lost) {
            each.outcome.accept(TransactionOutcome.notSent(
                    TransactionStatus.CONNECTION_LOST, "the connection to the database ended before the answer"));
        }
    }

    /**
     * Takes an answer.
     *
     * @param result the results, or the error when {@code failed}
     * @return null when it answers no transaction
     */
    @Nullable
    TransactionOutcome answer(JsonNode id, JsonNode result, boolean failed) {
        Sent answered = id.isIntegralNumber() ? sent.remove(id.longValue()) : null;
        if (answered == null) {
            return null;
        }
        TransactionOutcome outcome = failed || !result.isArray()
                ? TransactionOutcome.notSent(TransactionStatus.ERROR, result.toString())
                : outcome(answered.transaction, new ArrayList<>(result.values()));
        answered.outcome.accept(outcome);
        return outcome;
    }

    private static TransactionOutcome outcome(Transaction transaction, List<JsonNode> results) {
        TransactionStatus status = TransactionStatus.SUCCESS;
        String error = null;
        for (JsonNode result : results) {
            TransactionStatus one = status(result);
            if (WORSE_AND_WORSE.indexOf(one) > WORSE_AND_WORSE.indexOf(status)) {
                status = one;
            }
            if (!result.isNull() && one != TransactionStatus.SUCCESS && error == null) {
                error = text(result);
            }
        }
        if (status != TransactionStatus.SUCCESS) {
            return new TransactionOutcome(status, error, results, Map.of());
        }
        return new TransactionOutcome(status, null, results, transaction.inserted(results));
    }

    /** What one operation's result means for all, as Open vSwitch's clients see it. */
    private static TransactionStatus status(JsonNode result) {
        if (result.isNull()) {
            return TransactionStatus.TRY_AGAIN; // one before it failed
        }
        if (!result.isObject()) {
            return TransactionStatus.ERROR;
        }
        JsonNode error = result.get("error");
        if (error == null) {
            return TransactionStatus.SUCCESS;
        }
        return switch (error.asString("")) {
            case "timed out", "unknown database", "aborted" -> TransactionStatus.TRY_AGAIN;
            case "not owner" -> TransactionStatus.NOT_LOCKED;
            default -> TransactionStatus.ERROR;
        };
    }

    private static String text(JsonNode result) {
        JsonNode error = result.get("error");
        JsonNode details = result.get("details");
        if (error == null || !error.isString()) {
            return result.toString();
        }
        return details != null && details.isString()
                ? error.stringValue() + ": " + details.stringValue()
                : error.stringValue();
    }
}
