package io.jvswitch.dhcp.subnet;

/** Option numbers that the responder reads or writes (from RFC 2132 unless stated otherwise). */
public final class OptionCode {

    public static final int SUBNET_MASK = 1;
    public static final int ROUTER = 3;
    public static final int DNS = 6;
    public static final int HOSTNAME = 12;
    public static final int DOMAIN = 15;
    public static final int MTU = 26;
    public static final int BROADCAST_ADDRESS = 28;
    public static final int NTP = 42;
    public static final int REQUESTED_ADDRESS = 50;
    public static final int LEASE_TIME = 51;
    public static final int OVERLOAD = 52;
    public static final int MESSAGE_TYPE = 53;
    public static final int SERVER_ID = 54;
    public static final int PARAMETER_LIST = 55;
    public static final int MESSAGE = 56;
    public static final int MAX_MESSAGE_SIZE = 57;
    public static final int RENEWAL_TIME = 58;
    public static final int REBINDING_TIME = 59;
    public static final int VENDOR_CLASS = 60;
    public static final int CLIENT_ID = 61;
    /** The server's name or address, as text. */
    public static final int TFTP_SERVER = 66;

    public static final int BOOT_FILE = 67;
    /** RFC 3004. */
    public static final int USER_CLASS = 77;
    /** RFC 3046. */
    public static final int RELAY_INFORMATION = 82;
    /** RFC 4578, section 2.1. */
    public static final int ARCHITECTURE = 93;
    /** RFC 8925. */
    public static final int IPV6_ONLY = 108;
    /** RFC 3397. */
    public static final int DOMAIN_SEARCH = 119;
    /** RFC 3442. */
    public static final int CLASSLESS_ROUTES = 121;
    /** RFC 5859. */
    public static final int TFTP_ADDRESSES = 150;
    /** Microsoft's number for the same before RFC 3442; Windows asks for either. */
    public static final int MICROSOFT_ROUTES = 249;

    public static final int PAD = 0;
    public static final int END = 255;

    private OptionCode() {}

    /** Whether the server sets the option itself, or reads it from the client. */
    static boolean isReservedForServer(int code) {
        return switch (code) {
            case SUBNET_MASK,
                    ROUTER,
                    DNS,
                    HOSTNAME,
                    DOMAIN,
                    MTU,
                    BROADCAST_ADDRESS,
                    NTP,
                    REQUESTED_ADDRESS,
                    LEASE_TIME,
                    OVERLOAD,
                    MESSAGE_TYPE,
                    SERVER_ID,
                    PARAMETER_LIST,
                    MESSAGE,
                    MAX_MESSAGE_SIZE,
                    RENEWAL_TIME,
                    REBINDING_TIME,
                    CLIENT_ID,
                    TFTP_SERVER,
                    BOOT_FILE,
                    USER_CLASS,
                    RELAY_INFORMATION,
                    ARCHITECTURE,
                    IPV6_ONLY,
                    DOMAIN_SEARCH,
                    CLASSLESS_ROUTES,
                    TFTP_ADDRESSES,
                    MICROSOFT_ROUTES -> true;
            default -> false;
        };
    }
}
