package io.jvswitch.ovsdb.jsonrpc;

/** What came on a stream is not JSON, or more of it than is taken. */
public final class JsonSyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    JsonSyntaxException(String message) {
        super(message);
    }

    JsonSyntaxException(String message, Throwable cause) {
        super(message, cause);
    }
}
