/**
 * What tests of every module share: hexadecimal text, frame builders with right checksums, seeded random frames, and
 * tcpdump as a judge. Other modules get it as this module's test-jar.
 */
@NullMarked
package io.jvswitch.wire.testing;

import org.jspecify.annotations.NullMarked;
