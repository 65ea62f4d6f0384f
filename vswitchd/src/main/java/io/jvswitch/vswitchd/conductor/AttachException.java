package io.jvswitch.vswitchd.conductor;

import io.jvswitch.tap.NativeException;
import java.io.IOException;

/** A port's device cannot be had now: which, why, and what an operator can do. */
final class AttachException extends IOException {

    private static final long serialVersionUID = 1;

    private final String object;
    private final String what;
    private final String remedy;
    private final boolean missing;

    /**
     * A refusal of the switch's own.
     *
     * @param object what it is about, as {@code device eth0}
     * @param what what is wrong with it
     * @param remedy what to do, one sentence without its full stop
     */
    AttachException(String object, String what, String remedy) {
        super(object + " " + what + ": " + remedy);
        this.object = object;
        this.what = what;
        this.remedy = remedy;
        this.missing = false;
    }

    private AttachException(NativeException cause, boolean missing, String hint) {
        super(cause.getMessage() + hint, cause);
        this.object = cause.object();
        this.what = cause.call() + " failed with " + cause.errnoName();
        this.remedy = cause.remedy() + hint;
        this.missing = missing;
    }

    /** The kernel's refusal. */
    static AttachException of(NativeException cause) {
        return of(cause, "");
    }

    /** The kernel's refusal, with {@code hint}, which continues the remedy. */
    static AttachException of(NativeException cause, String hint) {
        return new AttachException(cause, false, hint);
    }

    /** The device is not ready yet: waiting for it may help, and so may {@code hint}, which continues the remedy. */
    static AttachException missing(NativeException cause, String hint) {
        return new AttachException(cause, true, hint);
    }

    String object() {
        return object;
    }

    String what() {
        return what;
    }

    String remedy() {
        return remedy;
    }

    /** Whether the device is merely not there yet, or not ready. */
    boolean isMissing() {
        return missing;
    }
}
