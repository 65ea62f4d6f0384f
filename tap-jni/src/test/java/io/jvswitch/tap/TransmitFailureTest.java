package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TransmitFailureTest {

    @ParameterizedTest
    @CsvSource({
        "11, TX_QUEUE_FULL, TX_QUEUE_FULL", // EAGAIN
        "12, TX_QUEUE_FULL, TX_QUEUE_FULL", // ENOMEM
        "105, TX_QUEUE_FULL, TX_QUEUE_FULL", // ENOBUFS
        "90, TX_TOO_BIG, TX_TOO_BIG", // EMSGSIZE
        "100, TX_DEVICE_DOWN, TX_DEVICE_DOWN", // ENETDOWN
        "5, TX_DEVICE_DOWN, TX_REFUSED", // EIO: a TAP that is down, a route that cannot segment
        "77, TX_DEVICE_GONE, TX_DEVICE_GONE", // EBADFD
        "9, TX_DEVICE_GONE, TX_DEVICE_GONE", // EBADF
        "19, TX_DEVICE_GONE, TX_DEVICE_GONE", // ENODEV
        "6, TX_DEVICE_GONE, TX_DEVICE_GONE", // ENXIO
        "101, TX_REFUSED, TX_UNREACHABLE", // ENETUNREACH
        "113, TX_REFUSED, TX_UNREACHABLE", // EHOSTUNREACH
        "112, TX_REFUSED, TX_UNREACHABLE", // EHOSTDOWN
        "99, TX_REFUSED, TX_UNREACHABLE", // EADDRNOTAVAIL
        "97, TX_REFUSED, TX_UNREACHABLE", // EAFNOSUPPORT
        "1, TX_REFUSED, TX_REFUSED", // EPERM: a firewall
        "22, TX_REFUSED, TX_REFUSED", // EINVAL
    })
    void eachErrorHasItsReason(int errno, DropReason onDevice, DropReason onSocket) {
        assertEquals(onDevice, TransmitFailure.ofDevice(errno));
        assertEquals(onSocket, TransmitFailure.ofSocket(errno));
    }

    @Test
    void theTextHasCallErrorAndWhatHelps() {
        assertEquals("write: EINVAL (Invalid argument)", TransmitFailure.text("write", Errno.EINVAL));
        String prohibited = TransmitFailure.text("sendmmsg", Errno.EPERM);
        assertTrue(prohibited != null && prohibited.contains("EPERM") && prohibited.contains("firewall"), prohibited);
        assertNull(TransmitFailure.text("sendmmsg", 0));
    }
}
