package io.jvswitch.datapath.normal;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whose port it is, and what it may send therefore. Immutable.
 *
 * <p>A port with a MAC address is bound. With addresses, too, it sends from these, from the link-local address that its
 * MAC gives (RFC 4291, appendix A), and from none else.
 */
public final class PortBinding {

    /** Not bound. */
    public static final PortBinding NONE = new PortBinding(0, List.of(), false, false);

    private static final long LINK_LOCAL_HI = 0xfe80_0000_0000_0000L;
    private static final long UNIVERSAL_BIT = 0x02_0000;

    private final long mac;
    /** The widest first: it is told from the fewest bits. */
    private final List<Prefix> addresses;

    private final boolean router;
    private final boolean dhcpServer;
    private final long linkLocalLo;
    private final boolean bindsIpv4;

    /**
     * Addresses that begin with the same bits.
     *
     * @param first the lowest
     * @param bits how many bits are the same: at most 32 (IPv4) or 128
     */
    public record Prefix(IpAddress first, int bits) {

        /** One address. */
        public static Prefix of(IpAddress address) {
            return new Prefix(address, address.isIpv4() ? 32 : 128);
        }

        private boolean covers(FlowReader key, FlowField field) {
            if (first.isIpv4()) {
                return key.get(field, -1L << 32 - bits) == first.lo();
            }
            return key.hasPrefix(field, first.hi(), first.lo(), bits);
        }

        private boolean isWhole() {
            return bits == (first.isIpv4() ? 32 : 128);
        }

        @Override
        public String toString() {
            return isWhole() ? first.toString() : first + "/" + bits;
        }
    }

    /**
     * What a port may send.
     *
     * @param mac its guest's MAC, or 0 when it is not bound
     * @param addresses its guest's; empty for any
     * @param router whether the guest forwards for others: from any address then, and it may say so
     * @param dhcpServer whether the guest may answer DHCP
     */
    public PortBinding(long mac, List<Prefix> addresses, boolean router, boolean dhcpServer) {
        List<Prefix> sorted = new ArrayList<>(addresses);
        sorted.sort(Comparator.comparingInt(Prefix::bits));
        this.mac = mac;
        this.addresses = List.copyOf(sorted);
        this.router = router;
        this.dhcpServer = dhcpServer;
        this.linkLocalLo = linkLocalLo(mac);
        this.bindsIpv4 = addresses.stream().anyMatch(prefix -> prefix.first.isIpv4());
    }

    /** The link-local address that a MAC gives. */
    public static IpAddress linkLocal(long mac) {
        return new IpAddress(LINK_LOCAL_HI, linkLocalLo(mac));
    }

    private static long linkLocalLo(long mac) {
        return (mac >>> 24 ^ UNIVERSAL_BIT) << 40 | 0xff_fe00_0000L | mac & 0xff_ffff;
    }

    /** The only MAC that it may use, or 0 for any. */
    long mac() {
        return mac;
    }

    boolean isBound() {
        return mac != 0;
    }

    boolean isRouter() {
        return router;
    }

    boolean isDhcpServer() {
        return dhcpServer;
    }

    /** Whether its guest has addresses, beside which it may claim none. */
    boolean hasAddresses() {
        return !addresses.isEmpty();
    }

    /** Whether one of them is IPv4. */
    boolean bindsIpv4() {
        return bindsIpv4;
    }

    /** Whether an IPv4 address is its guest's; looks at the bits that tell it. */
    boolean permitsIpv4(FlowReader key, FlowField field) {
        return permits(key, field, true);
    }

    /** Whether an IPv6 address is its guest's; looks at the bits that tell it. */
    boolean permitsIpv6(FlowReader key, FlowField field) {
        return permits(key, field, false) || key.is(field, LINK_LOCAL_HI, linkLocalLo);
    }

    private boolean permits(FlowReader key, FlowField field, boolean ipv4) {
        for (int i = 0; i < addresses.size(); i++) {
            Prefix prefix = addresses.get(i);
            if (prefix.first.isIpv4() == ipv4 && prefix.covers(key, field)) {
                return true;
            }
        }
        return false;
    }

    /** The addresses, for people. */
    @Override
    public String toString() {
        return addresses.stream().map(Prefix::toString).collect(Collectors.joining(", "));
    }
}
