package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * DHCPv4 message (RFC 2131, section 2): 236 fixed bytes, the magic cookie (RFC 2132, section 2) and options, after UDP.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     op (1)    |   htype (1)   |   hlen (1)    |   hops (1)    |
 * +---------------+---------------+---------------+---------------+
 * |                            xid (4)                            |
 * +-------------------------------+-------------------------------+
 * |           secs (2)            |B|         flags (2)           |
 * +-------------------------------+-------------------------------+
 * |   ciaddr (4), yiaddr (4), siaddr (4), giaddr (4)              |
 * +---------------------------------------------------------------+
 * |   chaddr (16), sname (64), file (128)                         |
 * +---------------------------------------------------------------+
 * |   magic cookie 63 82 53 63    | options: code, length, value  |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The flags' other bits are reserved: ignored on receipt, sent as 0. Options are walked in the order options, file,
 * sname, where the last two count only when option 52 (overload) says so (RFC 2132, section 9.3). An option may come in
 * several pieces (RFC 3396): {@link #nextOption} yields each.
 */
public final class DhcpMessage {

    /** Fixed part, without the cookie. */
    public static final int FIXED_BYTES = 236;
    /** Fixed part and cookie: the offset of the options. */
    public static final int BYTES = 240;
    /** BOOTP's message size: some clients and relays drop shorter ones. */
    public static final int MIN_SENT_BYTES = 300;

    public static final int SERVER_PORT = 67;
    public static final int CLIENT_PORT = 68;
    public static final int OP_REQUEST = 1;
    public static final int OP_REPLY = 2;
    public static final int HARDWARE_ETHERNET = 1;
    /** IEEE 802 networks: some clients use this value on Ethernet, which has the same addresses. */
    public static final int HARDWARE_IEEE_802 = 6;

    /** The client cannot take unicast before it has its address. */
    public static final int FLAG_BROADCAST = 0x8000;

    public static final int MAGIC_COOKIE = 0x6382_5363;

    public static final int SNAME_BYTES = 64;
    public static final int FILE_BYTES = 128;

    public static final int OPTION_PAD = 0;
    public static final int OPTION_OVERLOAD = 52;
    public static final int OPTION_MESSAGE_TYPE = 53;
    public static final int OPTION_END = 255;

    private static final int OVERLOAD_FILE = 1;
    private static final int OVERLOAD_SNAME = 2;

    // Offsets of the fields, in bytes.
    public static final int OP_OFFSET = 0;
    public static final int HTYPE_OFFSET = 1;
    public static final int HLEN_OFFSET = 2;
    public static final int HOPS_OFFSET = 3;
    public static final int XID_OFFSET = 4;
    public static final int SECS_OFFSET = 8;
    public static final int FLAGS_OFFSET = 10;
    public static final int CIADDR_OFFSET = 12;
    public static final int YIADDR_OFFSET = 16;
    public static final int SIADDR_OFFSET = 20;
    public static final int GIADDR_OFFSET = 24;
    public static final int CHADDR_OFFSET = 28;
    public static final int SNAME_OFFSET = 44;
    public static final int FILE_OFFSET = 108;

    /** Where an option's length is, from the option's code; it covers the value only. */
    public static final int OPTION_LENGTH_OFFSET = 1;
    /** Where an option's value is, from the option's code. */
    public static final int OPTION_VALUE_OFFSET = 2;

    private DhcpMessage() {}

    /**
     * Checks the fixed part, the cookie, and that every option is inside its field. A missing end option is tolerated.
     *
     * @param length bytes from {@code at} to the end of the datagram
     * @return null, or {@link DropReason#DHCP_INVALID}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        if (length < BYTES || NetworkOrder.getInt(seg, at + FIXED_BYTES) != MAGIC_COOKIE) {
            return DropReason.DHCP_INVALID;
        }
        int op = op(seg, at);
        if (op != OP_REQUEST && op != OP_REPLY || hlen(seg, at) > 16 || !areaFits(seg, at + BYTES, at + length)) {
            return DropReason.DHCP_INVALID;
        }
        int overload = overload(seg, at, length);
        boolean fits =
                ((overload & OVERLOAD_FILE) == 0 || areaFits(seg, at + FILE_OFFSET, at + FILE_OFFSET + FILE_BYTES))
                        && ((overload & OVERLOAD_SNAME) == 0
                                || areaFits(seg, at + SNAME_OFFSET, at + SNAME_OFFSET + SNAME_BYTES));
        return fits ? null : DropReason.DHCP_INVALID;
    }

    private static boolean areaFits(MemorySegment seg, long from, long end) {
        long option = from;
        while (option < end) {
            int code = NetworkOrder.getU8(seg, option);
            if (code == OPTION_END) {
                return true;
            }
            if (code == OPTION_PAD) {
                option++;
            } else if (option + OPTION_VALUE_OFFSET > end) {
                return false;
            } else {
                option += OPTION_VALUE_OFFSET + NetworkOrder.getU8(seg, option + OPTION_LENGTH_OFFSET);
            }
        }
        return option == end;
    }

    /** {@link #OP_REQUEST} or {@link #OP_REPLY}. */
    public static int op(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + OP_OFFSET);
    }

    /** Hardware type; {@link #HARDWARE_ETHERNET}. */
    public static int htype(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + HTYPE_OFFSET);
    }

    /** Length of the hardware address, 6 for Ethernet. */
    public static int hlen(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + HLEN_OFFSET);
    }

    /** How many relays it has passed. */
    public static int hops(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + HOPS_OFFSET);
    }

    /** Transaction id. */
    public static int xid(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + XID_OFFSET);
    }

    /** Seconds since the client began. */
    public static int secs(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + SECS_OFFSET);
    }

    /** {@link #FLAG_BROADCAST} and reserved bits. */
    public static int flags(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at + FLAGS_OFFSET);
    }

    /** The client's address, if it already has one and answers ARP for it. */
    public static int ciaddr(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + CIADDR_OFFSET);
    }

    /** "Your" address: what the client gets. */
    public static int yiaddr(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + YIADDR_OFFSET);
    }

    /** Next server of the boot process. */
    public static int siaddr(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + SIADDR_OFFSET);
    }

    /** Relay agent's address. */
    public static int giaddr(MemorySegment seg, long at) {
        return NetworkOrder.getInt(seg, at + GIADDR_OFFSET);
    }

    /** The client's MAC address: the first 6 bytes of {@code chaddr}. */
    public static long clientMac(MemorySegment seg, long at) {
        return NetworkOrder.getU48(seg, at + CHADDR_OFFSET);
    }

    public static void setOp(MemorySegment seg, long at, int op) {
        NetworkOrder.putU8(seg, at + OP_OFFSET, op);
    }

    /** Sets {@code htype} and {@code hlen}. */
    public static void setHardware(MemorySegment seg, long at, int htype, int hlen) {
        NetworkOrder.putU8(seg, at + HTYPE_OFFSET, htype);
        NetworkOrder.putU8(seg, at + HLEN_OFFSET, hlen);
    }

    public static void setHops(MemorySegment seg, long at, int hops) {
        NetworkOrder.putU8(seg, at + HOPS_OFFSET, hops);
    }

    public static void setXid(MemorySegment seg, long at, int xid) {
        NetworkOrder.putInt(seg, at + XID_OFFSET, xid);
    }

    public static void setSecs(MemorySegment seg, long at, int secs) {
        NetworkOrder.putU16(seg, at + SECS_OFFSET, secs);
    }

    public static void setFlags(MemorySegment seg, long at, int flags) {
        NetworkOrder.putU16(seg, at + FLAGS_OFFSET, flags);
    }

    public static void setCiaddr(MemorySegment seg, long at, int ipv4) {
        NetworkOrder.putInt(seg, at + CIADDR_OFFSET, ipv4);
    }

    public static void setYiaddr(MemorySegment seg, long at, int ipv4) {
        NetworkOrder.putInt(seg, at + YIADDR_OFFSET, ipv4);
    }

    public static void setSiaddr(MemorySegment seg, long at, int ipv4) {
        NetworkOrder.putInt(seg, at + SIADDR_OFFSET, ipv4);
    }

    public static void setGiaddr(MemorySegment seg, long at, int ipv4) {
        NetworkOrder.putInt(seg, at + GIADDR_OFFSET, ipv4);
    }

    /** Sets the first 6 bytes of {@code chaddr}. */
    public static void setClientMac(MemorySegment seg, long at, long mac) {
        NetworkOrder.putU48(seg, at + CHADDR_OFFSET, mac);
    }

    /** Writes the magic cookie behind the fixed part. */
    public static void setCookie(MemorySegment seg, long at) {
        NetworkOrder.putInt(seg, at + FIXED_BYTES, MAGIC_COOKIE);
    }

    /** Zeroes the fixed part and writes the cookie. */
    public static void clear(MemorySegment seg, long at) {
        seg.asSlice(at, FIXED_BYTES).fill((byte) 0);
        setCookie(seg, at);
    }

    /**
     * Offset (in the segment) of the first option's code byte, or -1. The message passed {@link #check}.
     *
     * @param length bytes from {@code at} to the end of the datagram
     */
    public static long firstOption(MemorySegment seg, long at, int length) {
        long option = optionFrom(seg, at + BYTES, at + length);
        return option >= 0 ? option : inOverloaded(seg, at, length, false);
    }

    /**
     * Offset of the option after the one at {@code optionAt}, continuing in {@code file} and {@code sname} as option 52
     * says, or -1.
     */
    public static long nextOption(MemorySegment seg, long at, int length, long optionAt) {
        long next = optionAt + OPTION_VALUE_OFFSET + optionLength(seg, optionAt);
        if (optionAt >= at + BYTES) {
            long option = optionFrom(seg, next, at + length);
            return option >= 0 ? option : inOverloaded(seg, at, length, false);
        }
        if (optionAt >= at + FILE_OFFSET) {
            long option = optionFrom(seg, next, at + FILE_OFFSET + FILE_BYTES);
            return option >= 0 ? option : inOverloaded(seg, at, length, true);
        }
        return optionFrom(seg, next, at + SNAME_OFFSET + SNAME_BYTES);
    }

    /** First option of the overloaded fields; of {@code sname} alone when {@code file} is done. */
    private static long inOverloaded(MemorySegment seg, long at, int length, boolean fileDone) {
        int overload = overload(seg, at, length);
        if (!fileDone && (overload & OVERLOAD_FILE) != 0) {
            long option = optionFrom(seg, at + FILE_OFFSET, at + FILE_OFFSET + FILE_BYTES);
            if (option >= 0) {
                return option;
            }
        }
        return (overload & OVERLOAD_SNAME) != 0
                ? optionFrom(seg, at + SNAME_OFFSET, at + SNAME_OFFSET + SNAME_BYTES)
                : -1;
    }

    private static long optionFrom(MemorySegment seg, long from, long end) {
        for (long option = from; option < end; option++) {
            int code = NetworkOrder.getU8(seg, option);
            if (code == OPTION_END) {
                return -1;
            }
            if (code != OPTION_PAD) {
                return option;
            }
        }
        return -1;
    }

    /** Value of option 52 in the options field, 0 without one. Only two of its bits have a meaning. */
    private static int overload(MemorySegment seg, long at, int length) {
        long end = at + length;
        long option = optionFrom(seg, at + BYTES, end);
        while (option >= 0 && (optionCode(seg, option) != OPTION_OVERLOAD || optionLength(seg, option) == 0)) {
            option = optionFrom(seg, option + OPTION_VALUE_OFFSET + optionLength(seg, option), end);
        }
        return option < 0 ? 0 : NetworkOrder.getU8(seg, option + OPTION_VALUE_OFFSET);
    }

    public static int optionCode(MemorySegment seg, long optionAt) {
        return NetworkOrder.getU8(seg, optionAt);
    }

    /** Length of the option's value, which is at {@link #OPTION_VALUE_OFFSET}. */
    public static int optionLength(MemorySegment seg, long optionAt) {
        return NetworkOrder.getU8(seg, optionAt + OPTION_LENGTH_OFFSET);
    }

    /**
     * Looks for an option; the first piece of one that comes in several.
     *
     * @return offset (in the segment) of its code byte, or -1
     */
    public static long findOption(MemorySegment seg, long at, int length, int code) {
        long option = firstOption(seg, at, length);
        while (option >= 0 && optionCode(seg, option) != code) {
            option = nextOption(seg, at, length, option);
        }
        return option;
    }

    /** Value of option 53, or 0 when there is none (a BOOTP message) or its length is not 1. */
    public static int messageType(MemorySegment seg, long at, int length) {
        long option = findOption(seg, at, length, OPTION_MESSAGE_TYPE);
        return option >= 0 && optionLength(seg, option) == 1
                ? NetworkOrder.getU8(seg, option + OPTION_VALUE_OFFSET)
                : 0;
    }
}
