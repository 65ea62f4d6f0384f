package io.jvswitch.vswitchd.control.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the control socket can be asked.
 *
 * @param method HTTP method
 * @param path path with variables in braces, as {@code /v1/ports/{name}}
 * @param query names of the query parameters that it knows
 * @param doc what it does, for the reference
 * @param answer how
 */
record Route(String method, String path, List<String> query, String doc, Answer answer) {

    /** Carries a request out. */
    interface Answer {
        CompletableFuture<Reply> answer(Request request);
    }

    /**
     * A request.
     *
     * @param variables values of the path's variables
     * @param parameters query parameters
     * @param body the body; empty without one
     * @param text whether a person reads the answer
     */
    record Request(Map<String, String> variables, Map<String, String> parameters, String body, boolean text) {

        /** The value of a variable of the path. */
        String variable(String name) {
            String value = variables.get(name);
            if (value == null) {
                throw new IllegalStateException("no variable " + name + " in the path");
            }
            return value;
        }

        /** The value of a query parameter, or null. */
        @Nullable
        String parameter(String name) {
            return parameters.get(name);
        }
    }

    /** The variables' values when the path is this route's, else null. */
    @Nullable
    Map<String, String> match(List<String> segments) {
        String[] wanted = path.substring(1).split("/", -1);
        if (wanted.length != segments.size()) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{")) {
                variables.put(wanted[i].substring(1, wanted[i].length() - 1), segments.get(i));
            } else if (!wanted[i].equals(segments.get(i))) {
                return null;
            }
        }
        return variables;
    }
}
