package io.jvswitch.ovsdb.unixctl;

/**
 * Where a command's answer goes: exactly one call of either method, now or later, on any thread. Until then nothing
 * more is read from the connection that asked. A second answer is an {@link IllegalStateException}. Whether whoever
 * asked is still there does not matter.
 */
public interface CommandReply {

    /** It was done; {@code text} is printed by {@code ovs-appctl}. A line feed is added where one is missing. */
    void done(String text);

    /** It was refused; {@code text} is printed, and {@code ovs-appctl} ends with status 2. */
    void refused(String text);
}
