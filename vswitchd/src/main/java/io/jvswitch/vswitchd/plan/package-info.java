/**
 * What the switch shall be: immutable descriptions, from whatever source they were read. They know neither a file nor
 * its syntax, and nothing of the running switch.
 */
@NullMarked
package io.jvswitch.vswitchd.plan;

import org.jspecify.annotations.NullMarked;
