/** What Nicira has added that OpenFlow has nothing like. */
@NullMarked
package io.jvswitch.openflow.message.nicira;

import org.jspecify.annotations.NullMarked;
