/**
 * {@code ./jvswitch bench peers}: jvswitch beside Open vSwitch's userspace datapath, the Linux bridge and a bare C
 * pump, on one machine and in one run. {@code docs/benchmarks/peers.md} tells what is measured and how.
 *
 * <p>{@link io.jvswitch.bench.peers.PeersCommand} is the command, {@link io.jvswitch.bench.peers.PeersRun} goes through
 * {@link io.jvswitch.bench.peers.Layout layouts} and rounds, a {@link io.jvswitch.bench.peers.Peer} is a switch in its
 * {@link io.jvswitch.bench.peers.Site}, and {@link io.jvswitch.bench.peers.Load} drives the load generator in C.
 */
@NullMarked
package io.jvswitch.bench.peers;

import org.jspecify.annotations.NullMarked;
