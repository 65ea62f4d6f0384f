package io.jvswitch.ovsdb.jsonrpc;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection ended.
 *
 * @param error what went wrong, as strerror(3) has it; absent when the peer closed it
 * @param warning what module {@code jsonrpc} of Open vSwitch would log about it, if anything
 */
public record Closed(@Nullable String error, @Nullable String warning) {

    static final Closed BY_PEER = new Closed(null, null);

    static Closed protocolError(String warning) {
        return new Closed("Protocol error", warning);
    }
}
