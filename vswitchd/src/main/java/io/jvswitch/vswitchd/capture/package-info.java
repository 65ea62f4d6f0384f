/** Captures of frames: what is asked for, where the frames come from, and the file that tcpdump and Wireshark read. */
@NullMarked
package io.jvswitch.vswitchd.capture;

import org.jspecify.annotations.NullMarked;
