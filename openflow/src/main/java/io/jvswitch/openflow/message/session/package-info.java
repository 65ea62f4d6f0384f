/** What a switch and its controller tell each other about themselves and their connection. */
@NullMarked
package io.jvswitch.openflow.message.session;

import org.jspecify.annotations.NullMarked;
