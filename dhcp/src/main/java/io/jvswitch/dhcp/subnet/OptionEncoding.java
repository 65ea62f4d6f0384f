package io.jvswitch.dhcp.subnet;

import io.jvswitch.wire.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The values of options as bytes, and complete options as in a message. Used when a subnet is configured, never per
 * request.
 */
public final class OptionEncoding {

    private static final int MAX_PIECE_BYTES = 255;
    /** Compression pointers of domain names carry 14 bits of offset (RFC 1035, section 4.1.4). */
    private static final int POINTER = 0xc000;

    private static final int MAX_POINTER = 0x3fff;

    private OptionEncoding() {}

    /** Code, length and value; a value of more than 255 bytes in several pieces (RFC 3396, section 5). */
    public static byte[] option(int code, byte[] value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int from = 0;
        do {
            int piece = Math.min(MAX_PIECE_BYTES, value.length - from);
            out.write(code);
            out.write(piece);
            out.write(value, from, piece);
            from += piece;
        } while (from < value.length);
        return out.toByteArray();
    }

    public static byte[] option(int code, IpAddress address) {
        return option(code, addresses(List.of(address)));
    }

    public static byte[] option(int code, String ascii) {
        return option(code, ascii.getBytes(StandardCharsets.US_ASCII));
    }

    public static byte[] addresses(List<IpAddress> addresses) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (IpAddress address : addresses) {
            int32(out, address.ipv4());
        }
        return out.toByteArray();
    }

    public static byte[] uint16(int value) {
        return new byte[] {(byte) (value >>> 8), (byte) value};
    }

    public static byte[] uint32(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int32(out, (int) value);
        return out.toByteArray();
    }

    /**
     * Destination descriptors and routers (RFC 3442): the prefix length, as many octets of the destination as it
     * covers, the router. The order is the caller's; the RFC gives it no meaning.
     */
    public static byte[] classlessRoutes(List<DhcpSubnet.Route> routes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (DhcpSubnet.Route route : routes) {
            out.write(route.prefixLength());
            for (int bits = 0; bits < route.prefixLength(); bits += 8) {
                out.write(route.to().ipv4() >>> 24 - bits);
            }
            int32(out, route.via().ipv4());
        }
        return out.toByteArray();
    }

    /**
     * A domain search list (RFC 3397, section 2): names as labels, in which a suffix that occurred before is replaced
     * by a pointer to it. Pointers count from the beginning of the value, however it is split.
     */
    public static byte[] searchList(List<String> names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, Integer> tails = new HashMap<>();
        for (String name : names) {
            String tail = name;
            boolean pointed = false;
            while (!tail.isEmpty() && !pointed) {
                Integer known = tails.get(tail.toLowerCase(Locale.ROOT));
                if (known != null) {
                    out.writeBytes(uint16(POINTER | known));
                    pointed = true;
                } else {
                    if (out.size() <= MAX_POINTER) {
                        tails.put(tail.toLowerCase(Locale.ROOT), out.size());
                    }
                    int dot = tail.indexOf('.');
                    String label = dot < 0 ? tail : tail.substring(0, dot);
                    out.write(label.length());
                    out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
                    tail = dot < 0 ? "" : tail.substring(dot + 1);
                }
            }
            if (!pointed) {
                out.write(0);
            }
        }
        return out.toByteArray();
    }

    private static void int32(ByteArrayOutputStream out, int value) {
        out.writeBytes(uint16(value >>> 16));
        out.writeBytes(uint16(value));
    }
}
