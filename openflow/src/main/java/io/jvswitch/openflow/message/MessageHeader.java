package io.jvswitch.openflow.message;

import io.jvswitch.openflow.MessageReader;
import io.jvswitch.openflow.MessageWriter;
import io.jvswitch.openflow.OpenFlowError;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;

/**
 * What every message begins with (OpenFlow 1.5.1, section 7.1.1), and what follows it in statistics and in
 * experimenters' messages:
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |    version    |     type      |            length             |
 * +---------------+---------------+-------------------------------+
 * |                              xid                              |
 * +-------------------------------+-------------------------------+
 * |        kind of statistics     |             flags             |  type 16 and 17, from 1.1 on 18 and 19
 * +-------------------------------+-------------------------------+
 * |            padding, from 1.1 on in statistics                 |
 * +---------------------------------------------------------------+
 * |      experimenter: type 4, and statistics of kind 0xffff      |
 * +---------------------------------------------------------------+
 * |                     the experimenter's type                   |
 * +---------------------------------------------------------------+
 * |       padding, in 1.0 in experimenters' statistics            |
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class MessageHeader {

    /** Bytes that every message has. */
    public static final int BYTES = 8;

    static final int TYPE_HELLO = 0;
    static final int TYPE_EXPERIMENTER = 4;
    private static final int STATISTICS_EXPERIMENTER = 0xffff;
    static final int FLAG_MORE = 1;

    private MessageHeader() {}

    private static int statisticsRequest(OpenFlowVersion version) {
        return version == OpenFlowVersion.V1_0 ? 16 : 18;
    }

    /** What a header says: which form the message is in. */
    record Parsed(OpenFlowVersion version, long xid, MessageForm<?> form, boolean more) {}

    /**
     * Reads a header, and leaves the reader at what follows.
     *
     * @throws OpenFlowException when there is no such message
     */
    static Parsed read(MessageReader in) throws OpenFlowException {
        in.require(BYTES, OpenFlowError.OFPBRC_BAD_LEN, "a header");
        int number = in.u8();
        int type = in.u8();
        int length = in.u16();
        long xid = in.u32();
        OpenFlowVersion version = OpenFlowVersion.ofWire(number);
        if (version == null && type == TYPE_HELLO && number > 0) {
            // A peer may offer more than we know; its hello is read all the same.
            version = OpenFlowVersion.V1_5;
        }
        if (version == null) {
            throw new OpenFlowException(OpenFlowError.OFPBRC_BAD_VERSION, 0, "there is no version " + number);
        }
        if (length != in.remaining() + BYTES) {
            throw new OpenFlowException(
                    OpenFlowError.OFPBRC_BAD_LEN,
                    2,
                    "the length is " + length + ", and " + (in.remaining() + BYTES) + " bytes are here");
        }
        int statistics = type - statisticsRequest(version);
        if (statistics == 0 || statistics == 1) {
            return readStatistics(in, version, xid, statistics == 1);
        }
        if (type != TYPE_EXPERIMENTER) {
            return parsed(Family.OFPT, version, xid, type, false, false, OpenFlowError.OFPBRC_BAD_TYPE);
        }
        in.require(8, OpenFlowError.OFPBRC_BAD_LEN, "an experimenter's header");
        Family family = family((int) in.u32(), false);
        return parsed(family, version, xid, (int) in.u32(), false, false, OpenFlowError.OFPBRC_BAD_SUBTYPE);
    }

    private static Parsed readStatistics(MessageReader in, OpenFlowVersion version, long xid, boolean reply)
            throws OpenFlowException {
        boolean first = version == OpenFlowVersion.V1_0;
        in.require(first ? 4 : 8, OpenFlowError.OFPBRC_BAD_LEN, "the header of statistics");
        int kind = in.u16();
        boolean more = (in.u16() & FLAG_MORE) != 0;
        in.skip(first ? 0 : 4);
        if (kind != STATISTICS_EXPERIMENTER) {
            return parsed(Family.OFPST, version, xid, kind, reply, more, OpenFlowError.OFPBRC_BAD_STAT);
        }
        in.require(first ? 12 : 8, OpenFlowError.OFPBRC_BAD_LEN, "an experimenter's header of statistics");
        Family family = family((int) in.u32(), true);
        int number = (int) in.u32();
        in.skip(first ? 4 : 0);
        return parsed(family, version, xid, number, reply, more, OpenFlowError.OFPBRC_BAD_SUBTYPE);
    }

    private static Family family(int experimenter, boolean multipart) throws OpenFlowException {
        for (Family family : Family.values()) {
            if (family.experimenter() != 0
                    && family.experimenter() == experimenter
                    && family.isMultipart() == multipart) {
                return family;
            }
        }
        throw new OpenFlowException(
                OpenFlowError.OFPBRC_BAD_VENDOR,
                BYTES,
                "nothing of experimenter 0x" + Integer.toHexString(experimenter) + " is known");
    }

    private static Parsed parsed(
            Family family,
            OpenFlowVersion version,
            long xid,
            int number,
            boolean reply,
            boolean more,
            OpenFlowError unknown)
            throws OpenFlowException {
        MessageForm<?> form = MessageType.form(version, family, number, reply);
        if (form == null) {
            throw new OpenFlowException(
                    unknown, 1, "OpenFlow " + version + " has no message " + number + " of the family " + family);
        }
        return new Parsed(version, xid, form, more);
    }

    /** Writes a header; its length is written over when all is there. */
    static void write(MessageWriter out, OpenFlowVersion version, long xid, MessageForm<?> form, boolean more) {
        Family family = form.family();
        boolean first = version == OpenFlowVersion.V1_0;
        int experimenter = family.experimenter();
        int type = family.isMultipart()
                ? statisticsRequest(version) + (form.reply() ? 1 : 0)
                : experimenter == 0 ? form.number() : TYPE_EXPERIMENTER;
        out.u8(version.wire()).u8(type).u16(0).u32((int) xid);
        if (family.isMultipart()) {
            out.u16(experimenter == 0 ? form.number() : STATISTICS_EXPERIMENTER).u16(more ? FLAG_MORE : 0);
            out.zeros(first ? 0 : 4);
        }
        if (experimenter != 0) {
            out.u32(experimenter).u32(form.number());
            out.zeros(family.isMultipart() && first ? 4 : 0);
        }
    }
}
