/**
 * Actions and instructions of OpenFlow 1.0 to 1.5 and of Nicira's extensions: what they are, their bytes in each version,
 * and which may stand together.
 */
@NullMarked
package io.jvswitch.openflow.action;

import org.jspecify.annotations.NullMarked;
