package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class NativeExceptionTest {

    private static final int[] ERRNOS = {
        Errno.EPERM,
        Errno.ENOENT,
        Errno.EIO,
        Errno.ENXIO,
        Errno.E2BIG,
        Errno.EBADF,
        Errno.EAGAIN,
        Errno.ENOMEM,
        Errno.EACCES,
        Errno.EBUSY,
        Errno.EEXIST,
        Errno.ENODEV,
        Errno.EINVAL,
        Errno.EMFILE,
        Errno.ENOTTY,
        Errno.EBADFD,
        Errno.EMSGSIZE,
        Errno.ENOPROTOOPT,
        Errno.EOPNOTSUPP,
        Errno.EAFNOSUPPORT,
        Errno.EADDRINUSE,
        Errno.EADDRNOTAVAIL,
        Errno.ENETDOWN,
        Errno.ENETUNREACH,
        Errno.ENOBUFS,
        Errno.EHOSTDOWN,
        Errno.EHOSTUNREACH,
        134
    };

    @Test
    void theMessageNamesObjectCallErrorAndRemedy() {
        NativeException failure = new NativeException("TAP vm1", Operation.ATTACH_TAP, Errno.EPERM);
        assertEquals(
                "TAP vm1: TUNSETIFF failed with EPERM (Operation not permitted): " + failure.remedy(),
                failure.getMessage());
        assertEquals("TAP vm1", failure.object());
        assertEquals("TUNSETIFF", failure.call());
        assertEquals(1, failure.errno());
        assertEquals("EPERM", failure.errnoName());
        assertFalse(failure.isGone());
        assertTrue(new NativeException("TAP vm1", Operation.TAP_NAME, Errno.EBADFD).isGone());
    }

    @ParameterizedTest
    @CsvSource({
        "ATTACH_TAP, 1, CAP_NET_ADMIN",
        "SET_MTU, 1, CAP_NET_ADMIN",
        "MOVE_DEVICE, 1, CAP_NET_ADMIN",
        "TAP_NAMESPACE, 1, CAP_NET_ADMIN",
        "OPEN_RAW, 1, CAP_NET_RAW",
        "ENTER_NAMESPACE, 1, CAP_SYS_ADMIN",
        "OPEN_NAMESPACE, 13, CAP_SYS_PTRACE",
        "OPEN_CONTROL, 1, CAP_SYS_ADMIN",
        "BIND, 13, CAP_NET_BIND_SERVICE",
        "OPEN_TUN, 13, /dev/net/tun",
        "OPEN_TUN, 2, modprobe tun",
        "OPEN_TUN, 19, modprobe tun",
        "ATTACH_TAP, 16, another program has it open",
        "ATTACH_TAP, 22, multi_queue",
        "OPEN_NAMESPACE, 2, ip netns list",
        "ENTER_NAMESPACE, 22, not a network namespace",
        "READ_DEVICE, 19, ip link",
        "OPEN_UDP, 24, LimitNOFILE",
        "FIND_ROUTE, 101, ip route get",
    })
    void theRemedyFitsTheCall(Operation operation, int errno, String words) {
        String remedy = operation.remedy(errno);
        assertTrue(remedy.contains(words), remedy);
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void everyCallHasARemedyForEveryError(Operation operation) {
        assertFalse(operation.call().isEmpty());
        for (int errno : ERRNOS) {
            String remedy = operation.remedy(errno);
            assertTrue(remedy.length() > 20 && !remedy.endsWith("."), operation + " " + errno + ": " + remedy);
        }
    }

    @Test
    void anUnknownErrorKeepsItsNumber() {
        assertEquals("errno 134", Errno.name(134));
    }
}
