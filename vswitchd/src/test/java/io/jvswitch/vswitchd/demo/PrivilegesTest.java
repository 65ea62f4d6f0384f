package io.jvswitch.vswitchd.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PrivilegesTest {
    private static List<String> status(String uid, String capabilities) {
        return List.of("Name:\tjava", "Uid:\t" + uid + "\t0\t0\t0", "CapEff:\t" + capabilities);
    }

    @Test
    void rootWithEveryRightMayRunIt() {
        assertNull(Privileges.obstacle(status("0", "000001ffffffffff")));
    }

    @Test
    void anotherUserNeedsRoot() {
        assertEquals(
                "the demo needs root: it makes network namespaces and TAP devices; try 'sudo'",
                Privileges.obstacle(status("1000", "0000000000000000")));
    }

    /** What a container's root has unless told otherwise. */
    @Test
    void rootOfAContainerLacksRights() {
        assertEquals(
                "the demo needs root with all its rights: it makes network namespaces and TAP devices, and this "
                        + "process lacks"
                        + " CAP_NET_ADMIN, CAP_SYS_ADMIN; in a container, start it with --privileged",
                Privileges.obstacle(status("0", "00000000a80425fb")));
    }
}
