package io.jvswitch.datapath.normal.bond;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Snapshot;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Members that come and go: 10, 11 and 12. What OvsBondsTest holds against Open vSwitch is not here again. */
final class BondTest {

    private static final List<Integer> MEMBERS = List.of(10, 11, 12);

    private static Snapshot up(Integer... members) {
        Set<Integer> up = Set.of(members);
        return new Snapshot(
                1,
                MEMBERS.stream()
                        .map(number -> new Port.Device(number, "p" + number, 0, 1_500, up.contains(number)))
                        .toList(),
                List.of());
    }

    private static Bond bond(BondMode mode, int primary, LacpState lacp, boolean fallsBack, int basis) {
        return new Bond(
                20,
                "bond0",
                mode,
                MEMBERS,
                primary,
                Locations.NONE,
                lacp,
                fallsBack,
                false,
                basis,
                HashedFields.INSTANCE);
    }

    @Test
    void theActiveMemberStaysActiveWhileItIsUp() {
        Bond bond = new Bond(20, "bond0", BondMode.ACTIVE_BACKUP, MEMBERS);
        assertEquals(10, bond.activeMember(up(10, 11, 12)));
        Bond failedOver = bond.settled(up(11, 12));
        assertEquals(11, failedOver.active());
        assertEquals(11, failedOver.activeMember(up(10, 11, 12)), "the first comes back and waits");
        assertSame(failedOver, failedOver.settled(up(10, 11, 12)));
        assertSame(failedOver, failedOver.settled(up()));
        assertEquals(Locations.NONE, failedOver.activeMember(up()));
        assertFalse(failedOver.isUp(up()));
    }

    @Test
    void aPrimaryMemberTakesOverWhenItComesBack() {
        Bond bond = bond(BondMode.ACTIVE_BACKUP, 12, LacpState.OFF, false, 0);
        assertEquals(12, bond.activeMember(up(10, 11, 12)));
        Bond failedOver = bond.settled(up(10, 11));
        assertEquals(10, failedOver.active());
        assertEquals(12, failedOver.activeMember(up(10, 11, 12)));
    }

    @Test
    void aMembersFailureMovesItsHashesOnlyAndSharesThem() {
        Bond bond = new Bond(20, "bond0", BondMode.BALANCE_SLB, MEMBERS);
        int[] counts = new int[13];
        int[] movedTo = new int[13];
        for (int hash = 0; hash < 3_000; hash++) {
            int member = bond.member(up(10, 11, 12), hash);
            counts[member]++;
            int without11 = bond.member(up(10, 12), hash);
            if (member == 11) {
                movedTo[without11]++;
            } else {
                assertEquals(member, without11);
            }
        }
        for (int member : MEMBERS) {
            assertTrue(counts[member] > 800 && counts[member] < 1_200, member + ": " + counts[member]);
        }
        assertTrue(movedTo[10] > 300 && movedTo[12] > 300, movedTo[10] + " and " + movedTo[12]);
        assertEquals(0, movedTo[11]);
        assertEquals(12, bond.member(up(12), 7));
        assertEquals(Locations.NONE, bond.member(up(), 7));
    }

    @Test
    void anotherBasisChoosesOtherMembers() {
        Bond one = bond(BondMode.BALANCE_SLB, 0, LacpState.OFF, false, 1);
        Bond two = bond(BondMode.BALANCE_SLB, 0, LacpState.OFF, false, 2);
        StringBuilder first = new StringBuilder();
        StringBuilder second = new StringBuilder();
        for (int hash = 0; hash < 64; hash++) {
            first.append(one.member(up(10, 11, 12), hash)).append(' ');
            second.append(two.member(up(10, 11, 12), hash)).append(' ');
        }
        assertNotEquals(first.toString(), second.toString());
    }

    /** What ovs-vswitchd.conf.db(5) says of lacp, lacp-fallback-ab and balance-tcp. */
    @Test
    void lacpDecidesWhatIsCarried() {
        Snapshot up = up(10, 11, 12);
        Bond tcp = bond(BondMode.BALANCE_TCP, 0, LacpState.NEGOTIATED, false, 0);
        assertTrue(tcp.isUp(up));
        assertEquals(Admission.ACCEPT, tcp.admit(up, 11, true), "the other end knows of the bond");
        assertEquals(Admission.DROP, tcp.admit(up(10, 12), 11, false), "nothing comes from a member that is down");
        assertFalse(bond(BondMode.BALANCE_TCP, 0, LacpState.OFF, true, 0).isUp(up));
        Bond alone = bond(BondMode.BALANCE_TCP, 0, LacpState.WITHOUT_PARTNER, false, 0);
        assertFalse(alone.isUp(up));
        assertEquals(Admission.DROP, alone.admit(up, 10, false));
        Bond fallen = bond(BondMode.BALANCE_TCP, 0, LacpState.WITHOUT_PARTNER, true, 0);
        assertTrue(fallen.isUp(up));
        assertEquals(Admission.ACCEPT, fallen.admit(up, 10, true));
        assertEquals(Admission.DROP, fallen.admit(up, 11, false), "a backup member");
    }
}
