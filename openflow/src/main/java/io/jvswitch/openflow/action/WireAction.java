package io.jvswitch.openflow.action;

import io.jvswitch.openflow.Experimenters;
import io.jvswitch.openflow.OpenFlowVersion;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one table of what actions are on the wire: each form, how long it is, and its number in every version that has it.
 * A form is {@code OF} (OpenFlow's own), {@code NX} (Nicira's subtype) or {@code ONF}, then the versions, then the
 * number.
 */
enum WireAction {
    V1_0_OUTPUT(exactly(8), "OF1.0(0)"),
    V1_1_OUTPUT(exactly(16), "OF1.1+(0)"),
    V1_0_SET_VLAN_VID(number(2), "OF1.0(1)"),
    V1_0_SET_VLAN_PCP(number(1), "OF1.0(2)"),
    V1_1_SET_VLAN_VID(number(2), "OF1.1(1)", "OF1.2+(1)"),
    V1_1_SET_VLAN_PCP(number(1), "OF1.1(2)", "OF1.2+(2)"),
    V1_1_PUSH_VLAN(number(2), "OF1.1+(17)"),
    V1_0_STRIP_VLAN(number(0), "OF1.0(3)"),
    V1_1_POP_VLAN(number(0), "OF1.1+(18)"),
    SET_DL_SRC(exactly(16), "OF1.0(4)", "OF1.1(3)", "OF1.2+(3)"),
    SET_DL_DST(exactly(16), "OF1.0(5)", "OF1.1(4)", "OF1.2+(4)"),
    SET_NW_SRC(number(4), "OF1.0(6)", "OF1.1(5)", "OF1.2+(5)"),
    SET_NW_DST(number(4), "OF1.0(7)", "OF1.1(6)", "OF1.2+(6)"),
    SET_NW_TOS(number(1), "OF1.0(8)", "OF1.1(7)", "OF1.2+(7)"),
    V1_1_SET_NW_ECN(number(1), "OF1.1(8)", "OF1.2+(8)"),
    SET_TP_SRC(number(2), "OF1.0(9)", "OF1.1(9)", "OF1.2+(9)"),
    SET_TP_DST(number(2), "OF1.0(10)", "OF1.1(10)", "OF1.2+(10)"),
    V1_0_ENQUEUE(exactly(16), "OF1.0(11)"),
    SET_MPLS_LABEL(number(4), "NX1.0(30)", "OF1.1(13)", "OF1.2+(13)"),
    SET_MPLS_TC(number(1), "NX1.0(31)", "OF1.1(14)", "OF1.2+(14)"),
    SET_MPLS_TTL(number(1), "NX1.0(25)", "OF1.1(15)", "OF1.2+(15)"),
    DEC_MPLS_TTL(number(0), "NX1.0(26)", "OF1.1+(16)"),
    PUSH_MPLS(number(2), "NX1.0(23)", "OF1.1+(19)"),
    POP_MPLS(number(2), "NX1.0(24)", "OF1.1+(20)"),
    SET_QUEUE(number(4), "NX1.0(4)", "OF1.1+(21)"),
    GROUP(number(4), "NX1.0(40)", "OF1.1+(22)"),
    V1_1_SET_NW_TTL(number(1), "OF1.1+(23)"),
    DEC_NW_TTL(number(0), "NX1.0(18)", "OF1.1+(24)"),
    DEC_TTL_CNT_IDS(atLeast(16), "NX1.0+(21)"),
    V1_2_SET_FIELD(atLeast(8), "OF1.2-1.4(25)"),
    V1_5_SET_FIELD(atLeast(8), "OF1.5+(25)"),
    REG_LOAD(exactly(24), "NX1.0-1.4(7)"),
    REG_LOAD2(atLeast(16), "NX1.0-1.4(33)"),
    V1_5_COPY_FIELD(atLeast(16), "OF1.5+(28)"),
    ONF_COPY_FIELD(atLeast(24), "ONF1.3-1.4(3200)"),
    REG_MOVE(atLeast(16), "NX1.0-1.4(6)"),
    V1_5_METER(number(4), "OF1.5+(29)"),
    RESUBMIT(number(2), "NX1.0+(1)"),
    RESUBMIT_TABLE(exactly(16), "NX1.0+(14)"),
    RESUBMIT_TABLE_CT(exactly(16), "NX1.0+(44)"),
    SET_TUNNEL(number(4), "NX1.0+(2)"),
    SET_TUNNEL64(number(8), "NX1.0+(9)"),
    POP_QUEUE(number(0), "NX1.0+(5)"),
    NOTE(atLeast(16), "NX1.0+(8)"),
    MULTIPATH(exactly(32), "NX1.0+(10)"),
    BUNDLE(atLeast(32), "NX1.0+(12)"),
    BUNDLE_LOAD(atLeast(32), "NX1.0+(13)"),
    OUTPUT_REG(exactly(24), "NX1.0+(15)"),
    OUTPUT_REG2(exactly(24), "NX1.0+(32)"),
    LEARN(atLeast(32), "NX1.0+(16)"),
    LEARN2(atLeast(40), "NX1.0+(45)"),
    EXIT(number(0), "NX1.0+(17)"),
    FIN_TIMEOUT(exactly(16), "NX1.0+(19)"),
    CONTROLLER(exactly(16), "NX1.0+(20)"),
    CONTROLLER2(atLeast(16), "NX1.0+(37)"),
    WRITE_METADATA(exactly(32), "NX1.0+(22)"),
    STACK_PUSH(exactly(24), "NX1.0+(27)"),
    STACK_POP(exactly(24), "NX1.0+(28)"),
    SAMPLE(exactly(24), "NX1.0+(29)"),
    SAMPLE2(exactly(32), "NX1.0+(38)"),
    SAMPLE3(exactly(32), "NX1.0+(41)"),
    CONJUNCTION(exactly(16), "NX1.0+(34)"),
    CT(atLeast(24), "NX1.0+(35)"),
    NAT(atLeast(16), "NX1.0+(36)"),
    OUTPUT_TRUNC(exactly(16), "NX1.0+(39)"),
    CLONE(atLeast(16), "NX1.0+(42)"),
    CT_CLEAR(number(0), "NX1.0+(43)"),
    ENCAP(atLeast(16), "NX1.3+(46)"),
    DECAP(atLeast(16), "NX1.3+(47)"),
    DEC_NSH_TTL(number(0), "NX1.3+(48)"),
    CHECK_PKT_LARGER(atLeast(24), "NX1.0+(49)"),
    DELETE_FIELD(exactly(24), "NX1.0+(50)");

    private static final int TYPES = 256;
    /** The Open Networking Foundation's only action: copy_field. */
    private static final int FIRST_ONF = 3200;

    private static final int STANDARD_HEADER_BYTES = 4;
    /** Type, length, experimenter and subtype. */
    private static final int EXTENSION_HEADER_BYTES = 10;

    private static final int STANDARD = 0;
    private static final int NICIRA = 1;
    private static final int ONF = 2;
    private static final int VENDORS = 3;

    /** By version, vendor and type. */
    private static final @Nullable WireAction[][][] BY_TYPE = byType();

    @SuppressWarnings("ImmutableEnumChecker") // a record of a constant and a number
    private final Size size;

    /** By the version's number on the wire: {@code vendor << 16 | type}, or -1. */
    @SuppressWarnings("ImmutableEnumChecker") // only the constructor writes it
    private final int[] types = new int[OpenFlowVersion.values().length + 1];

    /** @param bytes of the whole action, or of the number behind the header */
    private record Size(Kind kind, int bytes) {
        enum Kind {
            EXACTLY,
            AT_LEAST,
            NUMBER
        }
    }

    WireAction(Size size, String... entries) {
        this.size = size;
        Arrays.fill(types, -1);
        for (String entry : entries) {
            int versionAt = entry.indexOf("1.");
            int open = entry.indexOf('(');
            String versions = entry.substring(versionAt, open);
            int first = versions.charAt(2) - '0' + 1;
            int last = versions.endsWith("+") ? types.length - 1 : versions.charAt(versions.length() - 1) - '0' + 1;
            int type = Integer.parseInt(entry.substring(open + 1, entry.length() - 1));
            int vendor = switch (entry.substring(0, versionAt)) {
                case "OF" -> STANDARD;
                case "NX" -> NICIRA;
                default -> ONF;
            };
            Arrays.fill(types, first, last + 1, vendor << Short.SIZE | type);
        }
    }

    private static Size exactly(int bytes) {
        return new Size(Size.Kind.EXACTLY, bytes);
    }

    private static Size atLeast(int bytes) {
        return new Size(Size.Kind.AT_LEAST, bytes);
    }

    /** Header, zeros up to a multiple of the number's size, the number, zeros up to a multiple of eight. */
    private static Size number(int bytes) {
        return new Size(Size.Kind.NUMBER, bytes);
    }

    private static @Nullable WireAction[][][] byType() {
        @Nullable WireAction[][][] all = new WireAction[OpenFlowVersion.values().length + 1][VENDORS][TYPES];
        for (WireAction action : values()) {
            for (int version = 1; version < all.length; version++) {
                int type = action.types[version];
                if (type >= 0) {
                    int vendor = type >>> Short.SIZE;
                    all[version][vendor][(type & 0xffff) - (vendor == ONF ? FIRST_ONF : 0)] = action;
                }
            }
        }
        return all;
    }

    /** OpenFlow's own action of a type, or null. */
    static @Nullable WireAction standard(OpenFlowVersion version, int type) {
        return find(version, STANDARD, type);
    }

    /** An experimenter's action, or null. */
    static @Nullable WireAction extension(OpenFlowVersion version, int experimenter, int subtype) {
        return experimenter == Experimenters.NICIRA
                ? find(version, NICIRA, subtype)
                : find(version, ONF, subtype - FIRST_ONF);
    }

    private static @Nullable WireAction find(OpenFlowVersion version, int vendor, int type) {
        return type < 0 || type >= TYPES ? null : BY_TYPE[version.wire()][vendor][type];
    }

    boolean isIn(OpenFlowVersion version) {
        return types[version.wire()] >= 0;
    }

    /** The experimenter whose action it is in a version, 0 for OpenFlow's own. */
    int experimenter(OpenFlowVersion version) {
        return switch (types[version.wire()] >>> Short.SIZE) {
            case STANDARD -> 0;
            case NICIRA -> Experimenters.NICIRA;
            default -> Experimenters.ONF;
        };
    }

    /** Type or subtype. */
    int type(OpenFlowVersion version) {
        int type = types[version.wire()];
        if (type < 0) {
            throw new IllegalStateException(this + " is not in " + version.label());
        }
        return type & 0xffff;
    }

    int headerBytes(OpenFlowVersion version) {
        return experimenter(version) == 0 ? STANDARD_HEADER_BYTES : EXTENSION_HEADER_BYTES;
    }

    /** Bytes of the number that is all the action has; 0 for none. */
    int numberBytes() {
        return size.kind == Size.Kind.NUMBER ? size.bytes : 0;
    }

    /** Where that number is. */
    int numberAt(OpenFlowVersion version) {
        int header = headerBytes(version);
        return size.bytes == 0 ? header : (header + size.bytes - 1) / size.bytes * size.bytes;
    }

    int minBytes(OpenFlowVersion version) {
        return size.kind == Size.Kind.NUMBER ? numberAt(version) + size.bytes + 7 & ~7 : size.bytes;
    }

    boolean permits(OpenFlowVersion version, int bytes) {
        int min = minBytes(version);
        return bytes == min || size.kind == Size.Kind.AT_LEAST && bytes > min;
    }
}
