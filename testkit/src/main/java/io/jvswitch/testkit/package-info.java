/** What device tests share: the programs they run against, network namespaces of their own, waiting for the world. */
@NullMarked
package io.jvswitch.testkit;

import org.jspecify.annotations.NullMarked;
