package io.jvswitch.openflow.message;

import io.jvswitch.openflow.Experimenters;

/** The six kinds of headers, named as Open vSwitch's tools print them. */
public enum Family {
    /** OpenFlow's own messages. */
    OFPT(0, false),
    /** OpenFlow's statistics, which later versions call multipart messages. */
    OFPST(0, true),
    NXT(Experimenters.NICIRA, false),
    NXST(Experimenters.NICIRA, true),
    ONFT(Experimenters.ONF, false),
    ONFST(Experimenters.ONF, true);

    private final int experimenter;
    private final boolean multipart;

    Family(int experimenter, boolean multipart) {
        this.experimenter = experimenter;
        this.multipart = multipart;
    }

    /** Whose extension it is, 0 for OpenFlow's own. */
    public int experimenter() {
        return experimenter;
    }

    public boolean isMultipart() {
        return multipart;
    }
}
