package io.jvswitch.tap;

import io.jvswitch.wire.DropReason;
import org.jspecify.annotations.Nullable;

/** What an error number means for the frame that a device or socket refused. */
final class TransmitFailure {

    private TransmitFailure() {}

    /** A write to a TAP. */
    static DropReason ofDevice(int errno) {
        return errno == Errno.EIO ? DropReason.TX_DEVICE_DOWN : common(errno);
    }

    /** A send on a socket, which says EIO when the route cannot segment. */
    static DropReason ofSocket(int errno) {
        return switch (errno) {
            case Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EHOSTDOWN, Errno.EADDRNOTAVAIL, Errno.EAFNOSUPPORT ->
                DropReason.TX_UNREACHABLE;
            default -> common(errno);
        };
    }

    /**
     * The text for an operator.
     *
     * @param errno 0 where the kernel was not called
     */
    static @Nullable String text(String call, int errno) {
        if (errno == 0) {
            return null;
        }
        String remedy = errno == Errno.EPERM || errno == Errno.EACCES
                ? ": a route or a firewall rule of this host prohibits it; see 'ip route get' and 'nft list ruleset'"
                : "";
        return call + ": " + Errno.name(errno) + " (" + NativeCalls.errnoText(errno) + ")" + remedy;
    }

    private static DropReason common(int errno) {
        return switch (errno) {
            case Errno.EAGAIN, Errno.ENOBUFS, Errno.ENOMEM -> DropReason.TX_QUEUE_FULL;
            case Errno.EMSGSIZE -> DropReason.TX_TOO_BIG;
            case Errno.ENETDOWN -> DropReason.TX_DEVICE_DOWN;
            case Errno.EBADFD, Errno.EBADF, Errno.ENODEV, Errno.ENXIO -> DropReason.TX_DEVICE_GONE;
            default -> DropReason.TX_REFUSED;
        };
    }
}
