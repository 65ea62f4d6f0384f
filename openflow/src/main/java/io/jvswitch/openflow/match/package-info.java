/** What a flow matches, as bytes in each version: the fixed structures of 1.0 and 1.1, NXM, and OXM from 1.2 on. */
@NullMarked
package io.jvswitch.openflow.match;

import org.jspecify.annotations.NullMarked;
