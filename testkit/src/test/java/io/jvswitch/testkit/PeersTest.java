package io.jvswitch.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

final class PeersTest {
    private static final Map<String, String> PACKAGES = Map.of("sh", "dash", "no-such-peer", "no-such-package");

    @Test
    void aMissingPeerFailsTheTestWithItsPackageWhereRequired() {
        AssertionFailedError error =
                assertThrows(AssertionFailedError.class, () -> Peers.require(PACKAGES, true, "sh", "no-such-peer"));
        assertEquals("test peer missing: no-such-peer (Debian: apt-get install no-such-package)", error.getMessage());
    }

    @Test
    void aMissingPeerSkipsTheTestWhereOptional() {
        assertThrows(TestAbortedException.class, () -> Peers.require(PACKAGES, false, "no-such-peer"));
    }

    @Test
    void anInstalledPeerLetsTheTestGoOn() {
        Peers.require(PACKAGES, true, "sh");
    }

    @Test
    void aPeerThatNobodyListedIsAMistakeOfTheTest() {
        assertThrows(IllegalArgumentException.class, () -> Peers.require("not-listed"));
    }
}
