package io.jvswitch.dhcp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A lease file cannot be opened; the message says which, why, and what to do. */
public final class LeaseStoreException extends IOException {

    private static final long serialVersionUID = 1;

    private final String problem;
    private final String remedy;

    LeaseStoreException(String problem, String remedy, @Nullable Throwable cause) {
        super(problem + "; " + remedy, cause);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** Which file and why. */
    public String problem() {
        return problem;
    }

    /** What an operator can do about it. */
    public String remedy() {
        return remedy;
    }
}
