/**
 * Open vSwitch's database as the source of what the switch shall be, and the place where it says what it is
 * (ovs-vswitchd.conf.db(5)).
 */
@NullMarked
package io.jvswitch.vswitchd.config.ovsdb;

import org.jspecify.annotations.NullMarked;
