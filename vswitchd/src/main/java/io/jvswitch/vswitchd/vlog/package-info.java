/**
 * Logging as Open vSwitch's daemons have it: modules with a level for each destination, patterns, and the texts of
 * {@code -v} and {@code ovs-appctl vlog/set}.
 */
@NullMarked
package io.jvswitch.vswitchd.vlog;

import org.jspecify.annotations.NullMarked;
