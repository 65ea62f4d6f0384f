/** Makes the pages of {@code docs/reference} from the code, and fails the build when one is stale. */
@NullMarked
package io.jvswitch.vswitchd.reference;

import org.jspecify.annotations.NullMarked;
