package io.jvswitch.openflow.layout;

import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;

/**
 * How values of one kind stand in messages. Both directions agree: what {@link #write} wrote in a version,
 * {@link #read}
 * in that version gives back. Stateless.
 *
 * @param <V> the values; never null
 */
public interface WireType<V> {

    /**
     * @param in is read up to the value's end, or up to its own end where the value is a list or a rest
     * @throws OpenFlowException when the bytes are no such value, with the error to answer with
     */
    V read(MessageReader in, OpenFlowVersion version) throws OpenFlowException;

    void write(MessageWriter out, OpenFlowVersion version, V value);
}
