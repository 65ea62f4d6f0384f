package io.jvswitch.openflow.text;

import io.jvswitch.openflow.field.Octets;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and addresses of actions and flows, as C reads them: decimal, {@code 0x} hexadecimal, {@code 0} octal. */
final class Numbers {

    private Numbers() {}

    /** A number of any size, or null. */
    static @Nullable BigInteger parse(String text) {
        String digits = text.strip();
        boolean negative = digits.startsWith("-");
        digits = negative || digits.startsWith("+") ? digits.substring(1) : digits;
        int radix = 10;
        if (digits.toLowerCase(Locale.ROOT).startsWith("0x")) {
            digits = digits.substring(2);
            radix = 16;
        } else if (digits.length() > 1 && digits.charAt(0) == '0') {
            radix = 8;
        }
        if (digits.isEmpty() || Character.digit(digits.charAt(0), radix) < 0) {
            return null;
        }
        try {
            BigInteger number = new BigInteger(digits, radix);
            return negative ? number.negate() : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Of at most eight or sixteen bits. */
    static int small(String text, String what, int max) throws FlowTextException {
        BigInteger number = parse(text);
        if (number == null || number.signum() < 0 || number.compareTo(BigInteger.valueOf(max)) > 0) {
            throw new FlowTextException("invalid " + what + " \"" + text + "\"");
        }
        return number.intValue();
    }

    static int u8(String text, String what) throws FlowTextException {
        return small(text, what, 0xff);
    }

    static int u16(String text, String what) throws FlowTextException {
        return small(text, what, 0xffff);
    }

    /** Of 32 bits; negative ones wrap around, as C's do. */
    static int u32(String text) throws FlowTextException {
        BigInteger number = require(text);
        if (number.bitLength() > 64) {
            throw new FlowTextException("invalid numeric format " + text);
        }
        return number.intValue();
    }

    /** Of 64 bits; negative ones wrap around, as C's do. */
    static long u64(String text) throws FlowTextException {
        BigInteger number = require(text);
        if (number.abs().bitLength() > 64) {
            throw new FlowTextException("invalid numeric format " + text);
        }
        return number.longValue();
    }

    private static BigInteger require(String text) throws FlowTextException {
        if (text.isEmpty()) {
            throw new FlowTextException("missing required numeric argument");
        }
        BigInteger number = parse(text);
        if (number == null) {
            throw new FlowTextException("invalid numeric format " + text);
        }
        return number;
    }

    /** As C's {@code atoi}: what the text begins with, 0 for nothing. */
    static int leading(String text) {
        int from = text.startsWith("-") ? 1 : 0;
        int end = from;
        while (end < text.length() && end < from + 18 && Character.digit(text.charAt(end), 10) >= 0) {
            end++;
        }
        return end == from ? 0 : (int) Long.parseLong(text, 0, end, 10);
    }

    static long mac(String text) throws FlowTextException {
        try {
            return MacAddress.parse(text).bits();
        } catch (IllegalArgumentException e) {
            throw new FlowTextException("invalid mac address " + text);
        }
    }

    static int ipv4(String text) throws FlowTextException {
        try {
            IpAddress address = IpAddress.parse(text);
            if (address.isIpv4()) {
                return address.ipv4();
            }
        } catch (IllegalArgumentException e) {
            // the one message below
        }
        throw new FlowTextException(text + ": could not convert to IP address");
    }

    /** Bytes in hexadecimal, with blanks or dots between them where one likes. */
    static Octets hexBytes(String text, String wrong) throws FlowTextException {
        byte[] bytes = new byte[text.length() / 2 + 1];
        int count = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '.') {
                at++;
                continue;
            }
            int high = Character.digit(c, 16);
            int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
            if (high < 0 || low < 0) {
                throw new FlowTextException(wrong);
            }
            bytes[count++] = (byte) (high << 4 | low);
            at += 2;
        }
        return Octets.of(Arrays.copyOf(bytes, count));
    }

    /** As C's {@code %#x}: no {@code 0x} in front of zero. */
    static String hex(long value) {
        return value == 0 ? "0" : "0x" + Long.toHexString(value);
    }

    /** Four digits at least, behind {@code 0x}. */
    static String hex4(int value) {
        String digits = Integer.toHexString(value);
        return "0x" + "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }
}
