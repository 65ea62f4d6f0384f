/** What the tests of this module share. */
@NullMarked
package io.jvswitch.ovsdb.testing;

import org.jspecify.annotations.NullMarked;
