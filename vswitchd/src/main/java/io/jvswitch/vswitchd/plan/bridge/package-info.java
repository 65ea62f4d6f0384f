/**
 * Bridges as Open vSwitch has them (ovs-vswitchd.conf.db(5)), as far as the switch shall have them: immutable
 * descriptions, compared by value. They know neither the database nor the running switch.
 */
@NullMarked
package io.jvswitch.vswitchd.plan.bridge;

import org.jspecify.annotations.NullMarked;
