package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.dhcp.subnet.DhcpOption;
import io.jvswitch.wire.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The value of a DHCP option as people write it: its type, a colon, the value. */
final class DhcpOptionText {

    private static final long MAX_UINT32 = 0xffff_ffffL;

    private DhcpOptionText() {}

    /**
     * The value in hexadecimal, or null when the text is none.
     *
     * @throws IllegalArgumentException when it is none, too
     */
    static @Nullable String hex(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return null;
        }
        String value = text.substring(colon + 1);
        byte[] bytes = switch (text.substring(0, colon)) {
            case "text" -> value.getBytes(StandardCharsets.UTF_8);
            case "hex" -> HexFormat.of().parseHex(value.replaceAll("[ :]", ""));
            case "ip" -> addresses(value);
            case "u8" -> number(value, 1);
            case "u16" -> number(value, 2);
            case "u32" -> number(value, 4);
            default -> new byte[0];
        };
        boolean fits = bytes.length > 0 && bytes.length <= DhcpOption.MAX_VALUE_BYTES;
        return fits ? HexFormat.of().formatHex(bytes) : null;
    }

    private static byte[] addresses(String list) {
        String[] words = list.split(",", -1);
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Integer.BYTES);
        for (String word : words) {
            IpAddress address = IpAddress.parse(word.strip());
            if (!address.isIpv4()) {
                throw new IllegalArgumentException(word);
            }
            bytes.putInt(address.ipv4());
        }
        return bytes.array();
    }

    private static byte[] number(String digits, int bytes) {
        long value = digits.matches("[0-9]{1,10}") ? Long.parseLong(digits) : -1;
        if (value < 0 || value > MAX_UINT32 >>> 8 * (Integer.BYTES - bytes)) {
            throw new IllegalArgumentException(digits);
        }
        byte[] all = ByteBuffer.allocate(Integer.BYTES).putInt((int) value).array();
        return java.util.Arrays.copyOfRange(all, Integer.BYTES - bytes, Integer.BYTES);
    }
}
