package io.jvswitch.dhcp;

/** Option numbers that the responder reads or writes (RFC 2132 where nothing else is said). */
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
    static final int CLIENT_ID = 61;
    /** RFC 3046. */
    static final int RELAY_INFORMATION = 82;
    /** RFC 3397. */
    static final int DOMAIN_SEARCH = 119;
    /** RFC 3442. */
    static final int CLASSLESS_ROUTES = 121;
    /** Microsoft's number for the same before RFC 3442; Windows asks for either. */
    static final int MICROSOFT_ROUTES = 249;

    static final int PAD = 0;
    static final int END = 255;

    private OptionCode() {}
}
