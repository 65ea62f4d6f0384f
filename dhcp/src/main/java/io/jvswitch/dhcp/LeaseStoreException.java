package io.jvswitch.dhcp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A lease file cannot be opened: says which, why, and what to do. */
public final class LeaseStoreException extends IOException {

    private static final long serialVersionUID = 1;

    LeaseStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
