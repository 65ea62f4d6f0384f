package io.jvswitch.openflow.message;

/**
 * What a message says, whatever its version and form: a record, whose {@link MessageType} says how it is written.
 * Immutable.
 */
public interface Message {

    /** What kind of message it is. */
    MessageType type();
}
