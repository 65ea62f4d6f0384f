package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jvswitch.wire.DropReason;
import java.lang.foreign.MemorySegment;

/**
 * No bytes make a check pass and an accessor or walk then leave the frame. The normal build replays the corpus beside
 * this class. To search on: {@code JAZZER_FUZZ=1 ./mvnw -pl wire -am test -Dtest=HeaderFuzzTest#anyFrame
 * -Djazzer.hooks=true -Dsurefire.failIfNoSpecifiedTests=false}; the corpus that grows meanwhile stays out of the
 * repository.
 */
class HeaderFuzzTest {

    @FuzzTest
    void anyFrame(byte[] bytes) {
        assertNotEquals(DropReason.RX_ERROR, HeaderWalk.frame(MemorySegment.ofArray(bytes)));
    }

    @FuzzTest
    void anyDhcpMessage(byte[] bytes) {
        assertNotEquals(DropReason.RX_ERROR, HeaderWalk.dhcpMessage(MemorySegment.ofArray(bytes)));
    }
}
