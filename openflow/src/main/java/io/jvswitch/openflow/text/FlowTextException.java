package io.jvswitch.openflow.text;

/** A text that is no flow, with what {@code ovs-ofctl} says of it. It has no stack trace: it is about the text. */
public final class FlowTextException extends Exception {

    private static final long serialVersionUID = 1L;

    public FlowTextException(String message) {
        super(message, null, false, false);
    }
}
