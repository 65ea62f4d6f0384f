package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.bond.Bond;
import io.jvswitch.datapath.normal.bond.BondBuckets;
import io.jvswitch.datapath.normal.bond.BondMode;
import io.jvswitch.datapath.normal.bond.SourceHash;
import io.jvswitch.datapath.translate.Continuation;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.DropReason;

/**
 * How frames leave by one of a bond's members. Immutable.
 *
 * <p>Where addresses and ports choose, translation does not look at them: the data path computes their hash, and the
 * frame comes back with it. So all connections are one megaflow before, and one for each bucket in use after.
 */
final class BondOutput {

    private final Bond bond;
    private final Hashed hashed;

    BondOutput(Bond bond) {
        this.bond = bond;
        hashed = new Hashed(bond.number());
    }

    Bond bond() {
        return bond;
    }

    /**
     * Sends a frame; not at all when no member carries frames.
     *
     * @param vid VLAN id of the tag that it leaves with, 0 without one
     */
    void send(Translation translation, int vid) {
        if (!bond.isUp()) {
            return;
        }
        if (bond.worksAsActiveBackup()) {
            translation.output(bond.active());
        } else if (bond.settings().mode() == BondMode.BALANCE_SLB) {
            long source = translation.key().get(FlowField.ETH_SRC);
            sendByHash(
                    translation,
                    bond,
                    SourceHash.of(source, vid, bond.settings().hashBasis()));
        } else {
            translation.noteHash(bond.settings().hashBasis());
            translation.recirculate(hashed);
        }
    }

    private static void sendByHash(Translation translation, Bond bond, int hash) {
        BondBuckets.Bucket bucket = bond.buckets().ofHash(hash);
        translation.dependOn(bucket);
        translation.credit(bucket.credit());
        int member = bond.memberOf(bucket);
        if (translation.tracing()) {
            translation.say("bond " + bond.name() + ": hash bucket " + (hash & BondBuckets.COUNT - 1)
                    + " leaves by port " + member);
        }
        translation.output(member);
    }

    /**
     * Goes on with a frame that has its hash.
     *
     * @param bond number of the bond
     */
    private record Hashed(int bond) implements Continuation {
        @Override
        public void resume(Translation translation) {
            Bond now = translation.scope().bridge() instanceof HasNormal owner
                    ? owner.normal().bond(bond)
                    : null;
            if (now == null || !now.isUp()) {
                if (translation.tracing()) {
                    translation.say("the bond that the frame was to leave by carries none any more");
                }
                translation.drop(DropReason.PORT_DOWN);
                return;
            }
            sendByHash(translation, now, (int) translation.key().get(FlowField.DP_HASH, BondBuckets.COUNT - 1));
        }
    }
}
