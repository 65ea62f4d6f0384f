/** Views as people read them: aligned columns, units, nothing that does not help. */
@NullMarked
package io.jvswitch.vswitchd.text;

import org.jspecify.annotations.NullMarked;
