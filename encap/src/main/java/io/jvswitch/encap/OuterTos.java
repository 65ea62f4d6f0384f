package io.jvswitch.encap;

import io.jvswitch.wire.Frame;

/**
 * DSCP and ECN of a tunnel's outer headers: taken from the inner packet as far as they are inherited, and fixed
 * otherwise. A frame without an IP packet gets the fixed DSCP, and is never ECN-capable.
 *
 * @param tos the fixed DSCP, as a type-of-service octet whose ECN bits are 0; 0 where it is inherited
 * @param inheritsDscp whether the DSCP is the inner packet's (RFC 2983's uniform model)
 * @param inheritsEcn whether the ECN field is the inner packet's (RFC 6040's normal mode), or always Not-ECT
 *     (compatibility mode), for a remote end that would lose marks
 */
public record OuterTos(int tos, boolean inheritsDscp, boolean inheritsEcn) {

    /** DSCP 0, ECN of the inner packet. */
    public static final OuterTos DEFAULT = new OuterTos(0, false, true);

    private static final int DSCP_MASK = 0xfc;

    public OuterTos {
        if ((tos & ~DSCP_MASK) != 0 || inheritsDscp && tos != 0) {
            throw new IllegalArgumentException("tos 0x" + Integer.toHexString(tos)
                    + (inheritsDscp ? " is given, and inherited" : " is no DSCP: the ECN bits must be 0"));
        }
    }

    /** A copy that inherits the ECN field or not. */
    public OuterTos withEcn(boolean inherited) {
        return inherited == inheritsEcn ? this : new OuterTos(tos, inheritsDscp, inherited);
    }

    /** The DSCP as an operator writes it: {@code inherit}, or the octet. */
    public String dscpText() {
        return inheritsDscp ? "inherit" : tos == 0 ? "0" : "0x" + Integer.toHexString(tos);
    }

    /** What differs from {@link #DEFAULT}, as {@code tos=0xb8,ecn=compatibility}; empty when nothing does. */
    @Override
    public String toString() {
        String dscp = tos == 0 && !inheritsDscp ? "" : "tos=" + dscpText();
        String ecn = inheritsEcn ? "" : "ecn=compatibility";
        return dscp + (dscp.isEmpty() || ecn.isEmpty() ? "" : ",") + ecn;
    }

    /**
     * The outer header's traffic class for a frame, or for every segment of a superframe.
     *
     * @param frame extracted: the layers are set; without a tunnel header
     */
    public int of(Frame frame) {
        int inherited = (inheritsDscp ? DSCP_MASK : 0) | (inheritsEcn ? Ecn.MASK : 0);
        return inherited == 0 ? tos : tos | InnerPacket.trafficClass(frame) & inherited;
    }
}
