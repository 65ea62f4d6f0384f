package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.translate.Bridge;

/** A bridge that has the NORMAL action, whatever else decides in it. */
public interface HasNormal extends Bridge {

    /** What NORMAL knows of the bridge. */
    NormalBridge normal();
}
