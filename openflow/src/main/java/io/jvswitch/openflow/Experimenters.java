package io.jvswitch.openflow;

import io.jvswitch.flowtable.key.OxmHeader;

/** Who has extended OpenFlow: the numbers of experimenters, which OpenFlow 1.0 calls vendors. */
public final class Experimenters {

    public static final int NICIRA = OxmHeader.NICIRA;
    /** The Open Networking Foundation, for what it added to a version after that was out. */
    public static final int ONF = OxmHeader.ONF;

    private Experimenters() {}
}
