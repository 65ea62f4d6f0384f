package io.jvswitch.flowtable.key;

/**
 * How a field is named in an extensible match: NXM (Nicira's, of OpenFlow 1.0) or OXM (OpenFlow 1.2 and later, section
 * 7.2.3).
 *
 * @param oxmClass {@link #NXM_0} to {@link #EXPERIMENTER}
 * @param experimenter the experimenter of an {@link #EXPERIMENTER} field, 0 in other classes
 * @param number the field's number in its class, 0 to 127
 * @param bytes size of the value on the wire
 * @param version the first OpenFlow version that may use it, as messages write it: {@link #OPENFLOW_1_0} and on
 */
public record OxmHeader(int oxmClass, int experimenter, int number, int bytes, int version) {

    public static final int NXM_0 = 0x0000;
    public static final int NXM_1 = 0x0001;
    /** Ericsson's, for neighbour discovery. */
    public static final int ERICSSON = 0x1000;

    public static final int OPENFLOW_BASIC = 0x8000;
    public static final int PACKET_REGISTERS = 0x8001;
    public static final int EXPERIMENTER = 0xffff;

    public static final int NICIRA = 0x0000_2320;
    /** The Open Networking Foundation's extensions. */
    public static final int ONF = 0x4f4e_4600;
    /** Nicira's extensions for NSH. */
    public static final int NSH = 0x005a_d650;

    public static final int OPENFLOW_1_0 = 1;
    public static final int OPENFLOW_1_2 = 3;
    public static final int OPENFLOW_1_3 = 4;
    public static final int OPENFLOW_1_5 = 6;
}
