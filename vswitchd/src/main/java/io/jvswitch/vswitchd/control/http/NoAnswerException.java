package io.jvswitch.vswitchd.control.http;

/** A daemon did not answer a request, or there is none. Its message is for the operator: what, and what to do. */
public final class NoAnswerException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NoAnswerException(String message) {
        super(message);
    }
}
