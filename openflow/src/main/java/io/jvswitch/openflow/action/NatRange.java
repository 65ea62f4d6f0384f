package io.jvswitch.openflow.action;

import io.jvswitch.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Addresses and ports that a connection gets.
 *
 * @param first the first address
 * @param last the last one, or null
 * @param firstPort 0 without ports
 * @param lastPort 0 without one
 */
public record NatRange(IpAddress first, @Nullable IpAddress last, int firstPort, int lastPort) {}
