package io.jvswitch.dhcp.subnet;

import java.util.HexFormat;

/**
 * An option that the responder knows only by its number. Immutable.
 *
 * @param code its number
 * @param valueHex its value in hexadecimal
 * @param always whether clients that do not ask for it get it as well
 */
public record DhcpOption(int code, String valueHex, boolean always) {

    /** What fits into a reply with nothing else in it. */
    public static final int MAX_VALUE_BYTES = 1024;

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException when the value is not valid, or the responder sets the option itself
     */
    public DhcpOption {
        if (code <= OptionCode.PAD || code >= OptionCode.END || isReserved(code)) {
            throw new IllegalArgumentException(
                    "DHCP option " + code + ": expected one that has no meaning to the server");
        }
        int bytes = HexFormat.of().parseHex(valueHex).length;
        if (bytes > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "DHCP option " + code + ": " + bytes + " bytes: expected at most " + MAX_VALUE_BYTES);
        }
    }

    /** Whether the server sets the option itself, or reads it from the client. */
    public static boolean isReserved(int code) {
        return OptionCode.isReservedForServer(code);
    }

    public byte[] encoded() {
        return OptionEncoding.option(code, HexFormat.of().parseHex(valueHex));
    }
}
