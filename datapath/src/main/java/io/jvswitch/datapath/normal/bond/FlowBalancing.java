package io.jvswitch.datapath.normal.bond;

import io.jvswitch.datapath.translate.Translation;

/**
 * How frames find their member by their addresses and ports. A data path that can hash a frame and go on with it by
 * the hash (recirculation) keeps all of a bond's flows in a few megaflows; {@link HashedFields} does without.
 */
@FunctionalInterface
public interface FlowBalancing {

    /**
     * Sends the frame by a member that its addresses and ports choose. The bond has a member that is up.
     *
     * @param vid VLAN id of the tag that it leaves with, 0 without one
     */
    void output(Translation translation, Bond bond, int vid);
}
