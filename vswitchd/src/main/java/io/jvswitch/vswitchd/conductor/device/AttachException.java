package io.jvswitch.vswitchd.conductor.device;

import io.jvswitch.tap.NativeException;
import java.io.IOException;

/** A port's device cannot be had now: which, why, and what an operator can do. */
public final class AttachException extends IOException {

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
    public AttachException(String object, String what, String remedy) {
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
    public static AttachException of(NativeException cause) {
        return of(cause, "");
    }

    /** The kernel's refusal, with {@code hint}, which continues the remedy. */
    public static AttachException of(NativeException cause, String hint) {
        return new AttachException(cause, false, hint);
    }

    /** The device is not ready yet: waiting for it may help, and so may {@code hint}, which continues the remedy. */
    public static AttachException missing(NativeException cause, String hint) {
        return new AttachException(cause, true, hint);
    }

    /** The kernel's own words for its refusal. */
    public String kernelText() {
        return getCause() instanceof NativeException cause ? cause.errnoText() : "Device or resource busy";
    }

    public String object() {
        return object;
    }

    public String what() {
        return what;
    }

    public String remedy() {
        return remedy;
    }

    /** Whether the device is merely not there yet, or not ready. */
    public boolean isMissing() {
        return missing;
    }
}
