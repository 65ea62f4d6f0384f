package io.jvswitch.openflow.message.group;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.layout.Layout;

/**
 * Netronome's property of a select group: how it chooses a bucket.
 *
 * @param method {@code hash} or {@code dp_hash}
 * @param parameter of the method
 * @param fields which fields are hashed, the bytes of a list of fields with masks
 */
public record SelectionMethod(String method, long parameter, Bytes fields) {

    static final int EXPERIMENTER = 0x0000_154d;
    static final int TYPE = 1;
    private static final int MAX_METHOD_BYTES = 16;

    static final Layout<SelectionMethod> LAYOUT = Layout.of(
            SelectionMethod.class,
            f -> f.pad(4).text("method", MAX_METHOD_BYTES).u64("parameter").rest("fields"));
}
