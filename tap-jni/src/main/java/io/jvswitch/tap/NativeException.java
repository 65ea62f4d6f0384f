package io.jvswitch.tap;

import java.io.IOException;

/**
 * A system call that failed while a device or socket was opened, configured or queried: which object, which call, the
 * kernel's error, and what an operator can do.
 *
 * <p>Its message is complete: {@code TAP vm1: TUNSETIFF failed with EPERM (Operation not permitted): creating a TAP
 * needs the capability CAP_NET_ADMIN ...}. Never thrown for a frame; those failures are drop reasons.
 */
public final class NativeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String object;
    private final String call;
    private final int errno;
    private final String remedy;

    NativeException(String object, Operation operation, int errno) {
        this(object, operation, errno, operation.remedy(errno));
    }

    NativeException(String object, Operation operation, int errno, String remedy) {
        super(object + ": " + operation.call() + " failed with " + Errno.name(errno) + " ("
                + NativeCalls.errnoText(errno) + "): " + remedy);
        this.object = object;
        this.call = operation.call();
        this.errno = errno;
        this.remedy = remedy;
    }

    /** Returns a native's result, or throws the exception for a negative one. */
    static int check(int result, String object, Operation operation) throws NativeException {
        if (result < 0) {
            throw new NativeException(object, operation, -result);
        }
        return result;
    }

    /** {@link #check(int, String, Operation)} for results that may not fit an {@code int}. */
    static long check(long result, String object, Operation operation) throws NativeException {
        if (result < 0) {
            throw new NativeException(object, operation, (int) -result);
        }
        return result;
    }

    /** The device or socket: {@code TAP vm1}, {@code UDP socket 192.0.2.1:4789}. */
    public String object() {
        return object;
    }

    /** The system call or request: {@code bind}, {@code TUNSETIFF}. */
    public String call() {
        return call;
    }

    /** The kernel's error number (asm-generic/errno.h). */
    public int errno() {
        return errno;
    }

    /** The error's symbolic name: {@code EPERM}. */
    public String errnoName() {
        return Errno.name(errno);
    }

    /** The kernel's words for the error: {@code No such device}. */
    public String errnoText() {
        return NativeCalls.errnoText(errno);
    }

    /** What an operator can do. */
    public String remedy() {
        return remedy;
    }

    /** Whether waiting may help: the device or its namespace does not exist yet, or the device is down. */
    public boolean isNotYet() {
        return isGone()
                || errno == Errno.ENETDOWN
                || errno == Errno.ENOENT && call.equals(Operation.OPEN_NAMESPACE.call());
    }

    /** Whether somebody else has the device, or the name or address that was asked for. */
    public boolean isTaken() {
        return errno == Errno.EBUSY || errno == Errno.EADDRINUSE;
    }

    /** Whether no device has the local address yet: waiting for it may help. */
    public boolean isAddressMissing() {
        return errno == Errno.EADDRNOTAVAIL;
    }

    /** Whether the device was deleted, or never existed: waiting for it may help. */
    public boolean isGone() {
        return Errno.isGone(errno);
    }
}
