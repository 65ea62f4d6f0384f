package io.jvswitch.dhcp;

import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.DhcpMessage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The options of one reply: collected in the order in which the client asked for them, then placed.
 *
 * <p>If the options field has room for all of them, they are put there in that order. Otherwise {@code file} and {@code
 * sname} are used as well (option 52, RFC 2132 section 9.3), the most important options first, and unsplit if possible.
 * As a last resort an option is split over the fields (RFC 3396), and what still does not fit is left out, the least
 * important first.
 *
 * <p>One instance is reused forevery reply; nothing is allocated. Single-threaded.
 */
final class ReplyOptions {

    private static final int OPTIONS = 0;
    private static final int FILE = 1;
    private static final int SNAME = 2;
    private static final int FIELDS = 3;
    /** {@link #place}: over several fields. */
    private static final int SPLIT = 3;
    /** {@link #place}: left out. */
    private static final int NOWHERE = 4;

    private static final int CODES = 256;
    private static final int HEADER_BYTES = 2;
    private static final int MAX_PIECE_BYTES = 255;
    private static final int OVERLOAD_OPTION_BYTES = 3;
    private static final int OVERLOAD_FILE = 1;
    private static final int OVERLOAD_SNAME = 2;

    /** A client cannot do without these three, and may look for them only in the options field. */
    private static final int LAST_VITAL_RANK = 2;

    private final boolean[] told = new boolean[CODES];
    private final byte[][] source = new byte[CODES][];
    private final int[] sourceAt = new int[CODES];
    private final int[] length = new int[CODES];
    private final int[] code = new int[CODES];
    private final int[] place = new int[CODES];
    private final int[][] splitBytes = new int[FIELDS][CODES];
    private final int[] order = new int[CODES];
    private final int[] key = new int[CODES];
    private int count;
    private int totalBytes;

    private final int[] room = new int[FIELDS];
    private final int[] used = new int[FIELDS];
    private final int[] end = new int[FIELDS];

    /** Encoded options of this reply. */
    private final byte[] made = new byte[1024];

    private int madeBytes;

    void clear() {
        Arrays.fill(told, false);
        count = 0;
        totalBytes = 0;
        madeBytes = 0;
    }

    /** Adds an encoded option; only the first of a code counts. */
    void add(byte[] option) {
        add(option, 0, option.length);
    }

    private void add(byte[] from, int fromAt, int bytes) {
        int number = from[fromAt] & 0xff;
        if (!told[number]) {
            told[number] = true;
            source[count] = from;
            sourceAt[count] = fromAt;
            length[count] = bytes;
            code[count] = number;
            order[count] = count;
            count++;
            totalBytes += bytes;
        }
    }

    void addUint8(int number, int value) {
        int at = make(number, 1);
        made[madeBytes++] = (byte) value;
        add(made, at, madeBytes - at);
    }

    void addUint32(int number, int value) {
        int at = make(number, Integer.BYTES);
        for (int shift = 24; shift >= 0; shift -= 8) {
            made[madeBytes++] = (byte) (value >>> shift);
        }
        add(made, at, madeBytes - at);
    }

    /** Adds an option with a value of at most 255 bytes. */
    void addBytes(int number, byte[] value, int bytes) {
        int at = make(number, bytes);
        System.arraycopy(value, 0, made, madeBytes, bytes);
        madeBytes += bytes;
        add(made, at, madeBytes - at);
    }

    private int make(int number, int bytes) {
        int at = madeBytes;
        made[madeBytes++] = (byte) number;
        made[madeBytes++] = (byte) bytes;
        return at;
    }

    boolean contains(int number) {
        return told[number];
    }

    /**
     * Decides where each option goes.
     *
     * @param optionsRoom bytes in the options field; option 52 is taken from them if it is needed
     * @param fileRoom bytes in {@code file}, 0 when the field is used for its own purpose
     * @param snameRoom the same of {@code sname}
     * @param maySplit whether the client joins options that come in pieces
     * @return how many options are left out that the client cannot derive
     */
    int arrange(int optionsRoom, int fileRoom, int snameRoom, boolean maySplit) {
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        if (totalBytes <= optionsRoom) {
            Arrays.fill(place, 0, count, OPTIONS);
            return 0;
        }
        room[OPTIONS] = optionsRoom - OVERLOAD_OPTION_BYTES;
        room[FILE] = fileRoom;
        room[SNAME] = snameRoom;
        sort(Integer.MAX_VALUE);
        if (placeWhole()) {
            return 0;
        }
        sort(Math.max(fileRoom, snameRoom));
        if (placeWhole()) {
            return 0;
        }
        sort(Integer.MAX_VALUE);
        return placeWhatFits(maySplit);
    }

    /**
     * Sorts by importance; options longer than {@code small}, which fit only the options field, come first.
     */
    private void sort(int small) {
        for (int i = 0; i < count; i++) {
            int rank = rank(i);
            key[i] = rank <= LAST_VITAL_RANK || length[i] > small ? rank : CODES + rank;
        }
        for (int i = 1; i < count; i++) {
            int moved = order[i];
            int to = i;
            while (to > 0 && key[order[to - 1]] > key[moved]) {
                order[to] = order[to - 1];
                to--;
            }
            order[to] = moved;
        }
    }

    private int rank(int i) {
        return switch (code[i]) {
            case OptionCode.MESSAGE_TYPE -> 0;
            case OptionCode.SERVER_ID -> 1;
            case OptionCode.LEASE_TIME -> LAST_VITAL_RANK;
            case OptionCode.CLIENT_ID -> 3; // a client that sent one ignores a reply without it (RFC 6842, section 3)
            case OptionCode.SUBNET_MASK -> 4;
            case OptionCode.ROUTER -> 5;
            case OptionCode.IPV6_ONLY -> 6;
            case OptionCode.VENDOR_CLASS, OptionCode.BOOT_FILE, OptionCode.TFTP_SERVER, OptionCode.TFTP_ADDRESSES -> 7;
            case OptionCode.MTU -> 8;
            case OptionCode.DNS -> 9;
            case OptionCode.CLASSLESS_ROUTES -> 10;
            case OptionCode.MICROSOFT_ROUTES -> told[OptionCode.CLASSLESS_ROUTES] ? 30 : 10;
            case OptionCode.HOSTNAME -> 11;
            case OptionCode.DOMAIN -> 12;
            case OptionCode.DOMAIN_SEARCH -> 13;
            case OptionCode.NTP -> 14;
            case OptionCode.BROADCAST_ADDRESS -> 16;
            case OptionCode.RENEWAL_TIME, OptionCode.REBINDING_TIME -> 31;
            default -> 15;
        };
    }

    private boolean placeWhole() {
        Arrays.fill(used, 0);
        for (int i = 0; i < count; i++) {
            int field = fieldFor(length[order[i]]);
            if (field == NOWHERE) {
                return false;
            }
            put(order[i], field);
        }
        return true;
    }

    private int fieldFor(int bytes) {
        for (int field = 0; field < FIELDS; field++) {
            if (bytes <= room[field] - used[field]) {
                return field;
            }
        }
        return NOWHERE;
    }

    private void put(int option, int field) {
        place[option] = field;
        used[field] += length[option];
    }

    private int placeWhatFits(boolean maySplit) {
        Arrays.fill(used, 0);
        int omitted = 0;
        for (int i = 0; i < count; i++) {
            int option = order[i];
            int field = fieldFor(length[option]);
            if (field != NOWHERE) {
                put(option, field);
            } else if (!maySplit || !isSplittable(code[option]) || !split(option)) {
                place[option] = NOWHERE;
                omitted += isOmitted(i) ? 1 : 0;
            }
        }
        return omitted;
    }

    /**
     * Whether the option is defined as one that may come in pieces. Clients take pieces of other options for
     * repetitions.
     */
    private static boolean isSplittable(int number) {
        return number == OptionCode.CLASSLESS_ROUTES || number == OptionCode.DOMAIN_SEARCH;
    }

    private boolean split(int option) {
        int left = valueBytes(length[option]);
        for (int field = 0; field < FIELDS; field++) {
            int fits = Math.min(left, Math.max(0, valueBytes(room[field] - used[field])));
            splitBytes[field][option] = fits;
            left -= fits;
        }
        if (left > 0) {
            return false;
        }
        place[option] = SPLIT;
        for (int field = 0; field < FIELDS; field++) {
            int bytes = splitBytes[field][option];
            used[field] += bytes + HEADER_BYTES * Math.ceilDiv(bytes, MAX_PIECE_BYTES);
        }
        return true;
    }

    /** How many bytes of value fit in a number of bytes, in pieces of 255 bytes. */
    private static int valueBytes(int bytes) {
        return bytes - HEADER_BYTES * Math.ceilDiv(bytes, HEADER_BYTES + MAX_PIECE_BYTES);
    }

    /** Number of options, in the order of {@link #codeAt}. */
    int count() {
        return count;
    }

    int codeAt(int index) {
        return code[order[index]];
    }

    /** Whether an option is left out that the client cannot derive: the times to renew and rebind have defaults. */
    boolean isOmitted(int index) {
        int option = order[index];
        return place[option] == NOWHERE
                && code[option] != OptionCode.RENEWAL_TIME
                && code[option] != OptionCode.REBINDING_TIME;
    }

    /**
     * Writes the options where {@link #arrange} put them.
     *
     * @param messageAt where the message begins
     * @return where the options field ends, without its end option
     */
    int write(MemorySegment seg, int messageAt) {
        end[OPTIONS] = messageAt + DhcpMessage.BYTES;
        end[FILE] = messageAt + DhcpMessage.FILE_OFFSET;
        end[SNAME] = messageAt + DhcpMessage.SNAME_OFFSET;
        for (int i = 0; i < count; i++) {
            int option = order[i];
            if (place[option] < FIELDS) {
                int field = place[option];
                MemorySegment.copy(
                        source[option], sourceAt[option], seg, ValueLayout.JAVA_BYTE, end[field], length[option]);
                end[field] += length[option];
            } else if (place[option] == SPLIT) {
                writeSplit(seg, option);
            }
        }
        int overload = 0;
        if (end[FILE] > messageAt + DhcpMessage.FILE_OFFSET) {
            overload |= OVERLOAD_FILE;
            NetworkOrder.putU8(seg, end[FILE], OptionCode.END);
        }
        if (end[SNAME] > messageAt + DhcpMessage.SNAME_OFFSET) {
            overload |= OVERLOAD_SNAME;
            NetworkOrder.putU8(seg, end[SNAME], OptionCode.END);
        }
        int next = end[OPTIONS];
        if (overload != 0) {
            NetworkOrder.putU8(seg, next++, OptionCode.OVERLOAD);
            NetworkOrder.putU8(seg, next++, 1);
            NetworkOrder.putU8(seg, next++, overload);
        }
        return next;
    }

    private void writeSplit(MemorySegment seg, int option) {
        int valueAt = 0;
        for (int field = 0; field < FIELDS; field++) {
            int left = splitBytes[field][option];
            while (left > 0) {
                int piece = Math.min(left, MAX_PIECE_BYTES);
                NetworkOrder.putU8(seg, end[field]++, code[option]);
                NetworkOrder.putU8(seg, end[field]++, piece);
                for (int i = 0; i < piece; i++, valueAt++) {
                    // skips the headers of the pieces in which it was encoded
                    int headers = HEADER_BYTES * (1 + valueAt / MAX_PIECE_BYTES);
                    NetworkOrder.putU8(seg, end[field]++, source[option][sourceAt[option] + valueAt + headers]);
                }
                left -= piece;
            }
        }
    }
}
