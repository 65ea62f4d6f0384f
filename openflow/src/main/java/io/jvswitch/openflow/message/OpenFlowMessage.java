package io.jvswitch.openflow.message;

import io.jvswitch.openflow.OpenFlowVersion;

/**
 * A message with its header.
 *
 * @param version which version it is written in
 * @param xid the transaction's number, 32 bits unsigned, which an answer repeats
 * @param form how it is written
 * @param more of statistics: whether further parts follow
 * @param body what it says
 */
public record OpenFlowMessage(OpenFlowVersion version, long xid, MessageForm<?> form, boolean more, Message body) {

    /**
     * A message of one part, in the form that is first in its version.
     *
     * @throws IllegalArgumentException when the version has no such message
     */
    public static OpenFlowMessage of(OpenFlowVersion version, long xid, Message body) {
        return new OpenFlowMessage(version, xid, body.type().form(version), false, body);
    }
}
