/**
 * What is known of a frame before it is decided upon: its fields, the key that holds them, masks over keys, the reader
 * that notes what a decision looked at, and the extraction of all of it from bytes.
 */
@NullMarked
package io.jvswitch.flowtable.key;

import org.jspecify.annotations.NullMarked;
