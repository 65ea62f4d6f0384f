/**
 * Messages as a whole: headers, kinds, the stream that they come in, and the table of all of them, {@link
 * io.jvswitch.openflow.message.MessageType}.
 */
@NullMarked
package io.jvswitch.openflow.message;

import org.jspecify.annotations.NullMarked;
