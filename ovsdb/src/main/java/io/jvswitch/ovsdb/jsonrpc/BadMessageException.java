package io.jvswitch.ovsdb.jsonrpc;

/** JSON that is no message of JSON-RPC 1.0; the text is Open vSwitch's. */
public final class BadMessageException extends Exception {
    private static final long serialVersionUID = 1;

    BadMessageException(String message) {
        super(message);
    }
}
