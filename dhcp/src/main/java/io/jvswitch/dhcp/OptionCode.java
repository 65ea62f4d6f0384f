package io.jvswitch.dhcp;

/** Option numbers that the responder reads or writes (from RFC 2132 unless stated otherwise). */
final class OptionCode {

    static final int SUBNET_MASK = 1;
    static final int ROUTER = 3;
    static final int DNS = 6;
    static final int HOSTNAME = 12;
    static final int DOMAIN = 15;
    static final int MTU = 26;
    static final int BROADCAST_ADDRESS = 28;
    static final int NTP = 42;
    static final int REQUESTED_ADDRESS = 50;
    static final int LEASE_TIME = 51;
    static final int OVERLOAD = 52;
    static final int MESSAGE_TYPE = 53;
    static final int SERVER_ID = 54;
    static final int PARAMETER_LIST = 55;
    static final int MESSAGE = 56;
    static final int MAX_MESSAGE_SIZE = 57;
    static final int RENEWAL_TIME = 58;
    static final int REBINDING_TIME = 59;
    static final int VENDOR_CLASS = 60;
    static final int CLIENT_ID = 61;
    /** The server's name or address, as text. */
    static final int TFTP_SERVER = 66;

    static final int BOOT_FILE = 67;
    /** RFC 3004. */
    static final int USER_CLASS = 77;
    /** RFC 3046. */
    static final int RELAY_INFORMATION = 82;
    /** RFC 4578, section 2.1. */
    static final int ARCHITECTURE = 93;
    /** RFC 8925. */
    static final int IPV6_ONLY = 108;
    /** RFC 3397. */
    static final int DOMAIN_SEARCH = 119;
    /** RFC 3442. */
    static final int CLASSLESS_ROUTES = 121;
    /** RFC 5859. */
    static final int TFTP_ADDRESSES = 150;
    /** Microsoft's number for the same before RFC 3442; Windows asks for either. */
    static final int MICROSOFT_ROUTES = 249;

    static final int PAD = 0;
    static final int END = 255;

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
