/**
 * {@code ./jvswitch demo}: two hosts and two guests in network namespaces, the real daemon on each host, and an account
 * of what happens between them.
 *
 * <p>{@link Demo} tells the story, {@link Lab} is the furniture, {@link Guest} is the program that runs inside a guest.
 */
@NullMarked
package io.jvswitch.vswitchd.demo;

import org.jspecify.annotations.NullMarked;
