/** What hardware would do: superframes put together and cut, trains of datagrams, fragments, partial checksums. */
@NullMarked
package io.jvswitch.encap.offload;

import org.jspecify.annotations.NullMarked;
