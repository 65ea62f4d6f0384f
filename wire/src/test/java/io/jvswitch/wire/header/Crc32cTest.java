package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.wire.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class Crc32cTest {

    /** The check value of the catalogue of parametrised CRC algorithms (CRC-32/ISCSI). */
    @Test
    void theCheckValue() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertEquals(0xe306_9283, Crc32c.of(MemorySegment.ofArray(digits), 0, digits.length));
    }

    @Test
    void agreesWithTheJdkAtEveryLengthAndAlignment() {
        RandomGenerator random = Seed.random(Crc32cTest.class);
        byte[] bytes = new byte[100];
        random.nextBytes(bytes);
        for (int at = 0; at < 9; at++) {
            for (int length = 0; length <= bytes.length - at; length++) {
                CRC32C crc = new CRC32C();
                crc.update(bytes, at, length);
                assertEquals(
                        (int) crc.getValue(),
                        Crc32c.of(MemorySegment.ofArray(bytes), at, length),
                        length + " bytes from " + at);
            }
        }
    }
}
