package io.jvswitch.datapath.normal.bond;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.translate.Locations;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Members 10, 11 and 12 that come and go. What OvsBondsTest holds against Open vSwitch is not here again. */
final class BondStateTest {

    private static final List<Integer> MEMBERS = List.of(10, 11, 12);
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;

    private Set<Integer> up = Set.of(10, 11, 12);
    private long nowNs = 5 * SECOND;

    private static BondSettings settings(BondMode mode, int primary, boolean fallsBack, long upNs, long downNs) {
        return new BondSettings(20, "bond0", mode, MEMBERS, primary, fallsBack, false, 0, upNs, downNs, 10 * SECOND);
    }

    private BondState bond(BondSettings settings) {
        return new BondState(settings, Locations.NONE, member -> up.contains(member), 1, nowNs);
    }

    /** Whether workers must know. */
    private boolean run(BondState bond, LacpState lacp) {
        return bond.run(member -> up.contains(member), lacp, nowNs);
    }

    private boolean run(BondState bond, Integer... nowUp) {
        up = Set.of(nowUp);
        return run(bond, LacpState.OFF);
    }

    private static int[] counts(BondState bond) {
        int[] counts = new int[13];
        for (int i = 0; i < BondBuckets.COUNT; i++) {
            counts[bond.bond().memberOf(bond.bond().buckets().ofHash(i))]++;
        }
        return counts;
    }

    private static void carry(BondState bond, int bucket, long bytes) {
        bond.bond().buckets().ofHash(bucket).credit().add(0, 1, bytes, 0);
    }

    // ---- who is active ----

    @Test
    void theActiveMemberStaysActiveWhileItIsUp() {
        BondState bond = bond(new BondSettings(20, "bond0", BondMode.ACTIVE_BACKUP, MEMBERS));
        assertEquals(10, bond.bond().active());
        assertFalse(run(bond, 10, 11, 12), "nothing has changed");
        assertTrue(run(bond, 11, 12));
        assertEquals(11, bond.bond().active());
        assertEquals(List.of(11, 12), bond.bond().enabled());
        assertTrue(run(bond, 10, 11, 12));
        assertEquals(11, bond.bond().active(), "the first comes back and waits");
        assertTrue(run(bond));
        assertEquals(Locations.NONE, bond.bond().active());
        assertFalse(bond.bond().isUp());
    }

    @Test
    void aPrimaryMemberTakesOverWhenItComesBackWhereOneCarriesEverything() {
        BondState backup = bond(settings(BondMode.ACTIVE_BACKUP, 12, false, 0, 0));
        assertEquals(12, backup.bond().active());
        run(backup, 10, 11);
        assertEquals(10, backup.bond().active());
        run(backup, 10, 11, 12);
        assertEquals(12, backup.bond().active());
        up = Set.of(10);
        BondState shared = bond(settings(BondMode.BALANCE_SLB, 12, false, 0, 0));
        run(shared, 10, 12);
        assertEquals(10, shared.bond().active(), "a primary is for active-backup");
    }

    @Test
    void theMemberThatWasActiveBeforeARestartIsSoAgain() {
        BondSettings settings = new BondSettings(20, "bond0", BondMode.ACTIVE_BACKUP, MEMBERS);
        BondState bond = new BondState(settings, 12, member -> up.contains(member), 1, nowNs);
        assertEquals(12, bond.bond().active());
        up = Set.of();
        BondState late = new BondState(settings, 12, member -> up.contains(member), 1, nowNs);
        run(late, 11, 12);
        assertEquals(12, late.bond().active(), "though its link came later");
    }

    // ---- delays ----

    @Test
    void aLinkMustStayAsItIsForTheDelay() {
        BondState bond = bond(settings(BondMode.ACTIVE_BACKUP, Locations.NONE, false, 300 * MS, 200 * MS));
        assertFalse(run(bond, 11, 12), "its link is down, and it is not yet");
        assertEquals(nowNs + 200 * MS, bond.nextNs(nowNs));
        nowNs += 199 * MS;
        assertFalse(run(bond, 11, 12));
        assertFalse(run(bond, 10, 11, 12), "up again in time");
        assertEquals(Long.MAX_VALUE, bond.nextNs(nowNs));
        nowNs += 10 * MS;
        assertFalse(run(bond, 11, 12), "the time begins anew");
        nowNs += 200 * MS;
        assertTrue(run(bond, 11, 12));
        assertEquals(11, bond.bond().active());
        assertFalse(run(bond, 10, 11, 12));
        nowNs += 299 * MS;
        assertFalse(run(bond, 10, 11, 12));
        nowNs += MS;
        assertTrue(run(bond, 10, 11, 12));
        assertEquals(MEMBERS, bond.bond().enabled());
    }

    @Test
    void theFirstThatComesUpDoesNotWaitWhenThereIsNoOther() {
        up = Set.of();
        BondState bond = bond(settings(BondMode.ACTIVE_BACKUP, Locations.NONE, false, 300 * MS, 0));
        assertFalse(bond.bond().isUp());
        assertTrue(run(bond, 12));
        assertEquals(12, bond.bond().active());
        assertFalse(run(bond, 11, 12), "the next one does");
    }

    // ---- who carries what ----

    @Test
    void aMembersFailureMovesItsBucketsOnlyAndSharesThem() {
        BondState bond = bond(new BondSettings(20, "bond0", BondMode.BALANCE_SLB, MEMBERS));
        int[] before = new int[BondBuckets.COUNT];
        Arrays.setAll(before, i -> bond.bond().memberOf(bond.bond().buckets().ofHash(i)));
        for (int member : MEMBERS) {
            assertTrue(counts(bond)[member] == 85 || counts(bond)[member] == 86);
        }
        for (int i = 0; i < BondBuckets.COUNT; i++) {
            carry(bond, i, 100);
        }
        run(bond, 10, 12);
        for (int i = 0; i < BondBuckets.COUNT; i++) {
            int now = bond.bond().memberOf(bond.bond().buckets().ofHash(i));
            assertTrue(before[i] == 11 ? now != 11 : now == before[i]);
        }
        assertEquals(128, counts(bond)[10], 1.0);
        run(bond, 10, 11, 12);
        assertEquals(0, counts(bond)[11], "who comes back gets load when it is shared anew");
    }

    @Test
    void whatNothingHasLeftByGoesToAMemberThatComesLater() {
        up = Set.of(10);
        BondState bond = bond(new BondSettings(20, "bond0", BondMode.BALANCE_SLB, MEMBERS));
        assertEquals(BondBuckets.COUNT, counts(bond)[10]);
        carry(bond, 7, 100);
        run(bond, 10, 11);
        assertEquals(10, bond.bond().memberOf(bond.bond().buckets().ofHash(7)));
        assertEquals(128, counts(bond)[11], 1.0);
    }

    /** Workers may see a bucket move before they see the snapshot that says why. */
    @Test
    void aBucketOfAMemberThatIsNotThereYetGoesByTheActiveOne() {
        up = Set.of(10, 11);
        BondState bond = bond(new BondSettings(20, "bond0", BondMode.BALANCE_SLB, MEMBERS));
        Bond old = bond.bond();
        run(bond, 12);
        for (int i = 0; i < BondBuckets.COUNT; i++) {
            assertEquals(10, old.memberOf(old.buckets().ofHash(i)));
        }
    }

    @Test
    void loadMovesAfterTheIntervalAndHalfOfItIsRemembered() {
        up = Set.of(10, 11);
        BondState bond = bond(settings(BondMode.BALANCE_SLB, Locations.NONE, false, 0, 0));
        for (int i = 0; i < 4; i++) {
            bond.migrate(i, 10);
            carry(bond, i, 1_000_000);
        }
        nowNs += 10 * SECOND - 1;
        run(bond, 10, 11);
        assertEquals(
                4,
                Arrays.stream(new int[] {0, 1, 2, 3})
                        .filter(i -> memberOf(bond, i) == 10)
                        .count());
        nowNs++;
        long version = bond.bond().buckets().version();
        assertFalse(run(bond, 10, 11), "needs no snapshot: buckets are looked up live");
        assertEquals(
                2,
                Arrays.stream(new int[] {0, 1, 2, 3})
                        .filter(i -> memberOf(bond, i) == 10)
                        .count());
        assertEquals(version + 2, bond.bond().buckets().version());
        assertEquals(500_000, bond.loadBytes(0));
        assertEquals(nowNs + 10 * SECOND, bond.nextNs(nowNs));
        nowNs += 10 * SECOND;
        run(bond, 10, 11);
        assertEquals(250_000, bond.loadBytes(0));
    }

    private static int memberOf(BondState bond, int bucket) {
        return bond.bond().memberOf(bond.bond().buckets().ofHash(bucket));
    }

    @Test
    void withoutAnIntervalNothingMoves() {
        up = Set.of(10, 11);
        BondState bond = bond(
                new BondSettings(20, "bond0", BondMode.BALANCE_SLB, MEMBERS, Locations.NONE, false, false, 0, 0, 0, 0));
        for (int i = 0; i < 4; i++) {
            bond.migrate(i, 10);
            carry(bond, i, 1_000_000);
        }
        nowNs += 1_000 * SECOND;
        run(bond, 10, 11);
        for (int i = 0; i < 4; i++) {
            assertEquals(10, memberOf(bond, i));
        }
        assertEquals(Long.MAX_VALUE, bond.nextNs(nowNs));
    }

    @Test
    void whatCannotBeIsRefused() {
        up = Set.of(10, 11);
        BondState bond = bond(new BondSettings(20, "bond0", BondMode.BALANCE_SLB, MEMBERS));
        assertThrows(IllegalArgumentException.class, () -> bond.migrate(0, 12));
        assertThrows(IllegalArgumentException.class, () -> bond.migrate(256, 11));
        assertThrows(IllegalArgumentException.class, () -> new BondSettings(20, "b", BondMode.BALANCE_SLB, List.of()));
    }

    @Test
    void otherSettingsTakeEffect() {
        BondState bond = bond(new BondSettings(20, "bond0", BondMode.ACTIVE_BACKUP, MEMBERS));
        BondSettings two = new BondSettings(20, "bond0", BondMode.BALANCE_SLB, List.of(11, 12));
        bond.reconfigure(two, member -> up.contains(member), nowNs);
        assertTrue(run(bond, 10, 11, 12));
        assertEquals(List.of(11, 12), bond.bond().enabled());
        assertEquals(11, bond.bond().active(), "the active member has gone");
        assertEquals(0, counts(bond)[10]);
        assertEquals(128, counts(bond)[12]);
    }

    /** What ovs-vswitchd.conf.db(5) says of lacp, lacp-fallback-ab and balance-tcp. */
    @Test
    void lacpDecidesWhatIsCarried() {
        BondState tcp = bond(settings(BondMode.BALANCE_TCP, Locations.NONE, false, 0, 0));
        assertFalse(tcp.bond().isUp(), "without LACP");
        run(tcp, LacpState.NEGOTIATED);
        assertTrue(tcp.bond().isUp());
        assertEquals(Admission.ACCEPT, tcp.bond().admit(11, true), "the other end knows of the bond");
        up = Set.of(10, 12);
        run(tcp, LacpState.NEGOTIATED);
        assertEquals(Admission.DROP, tcp.bond().admit(11, false), "nothing comes from a member that is down");
        run(tcp, LacpState.WITHOUT_PARTNER);
        assertFalse(tcp.bond().isUp());
        assertEquals(Admission.DROP, tcp.bond().admit(10, false));
        BondState fallen = bond(settings(BondMode.BALANCE_TCP, Locations.NONE, true, 0, 0));
        run(fallen, LacpState.WITHOUT_PARTNER);
        assertTrue(fallen.bond().isUp());
        assertTrue(fallen.bond().worksAsActiveBackup());
        assertEquals(Admission.ACCEPT, fallen.bond().admit(10, true));
        assertEquals(Admission.DROP, fallen.bond().admit(12, false), "a backup member");
    }
}
