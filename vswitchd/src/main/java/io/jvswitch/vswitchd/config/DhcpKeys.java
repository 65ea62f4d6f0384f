package io.jvswitch.vswitchd.config;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.time.Duration;
import java.util.List;

/** The keys of a subnet's {@code dhcp}. */
final class DhcpKeys {

    private static final Duration DEFAULT_LEASE = Duration.ofDays(1);
    /** Locally administered, unicast (IEEE 802, section 8.2); the low four octets are a hash. */
    private static final long SERVER_MAC_PREFIX = 0x066aL << 32;

    private static final Key<IpAddress> SERVER = Key.required(
            "server",
            Values.UNICAST_IP,
            "Address of the DHCP responder (option 54), used by nobody else. jvswitch answers ARP for it. It lies inside"
                    + " the subnet; a /31 or /32 has no room for it, and several of them may share one outside.");
    private static final Key<MacAddress> SERVER_MAC = Key.optional(
            "server-mac",
            Values.UNICAST_MAC,
            "derived from the network's name and `server`, so the same on every host",
            "MAC address that the responder answers with.");
    private static final Key<IpRange> POOL = Key.some(
            "pool",
            Values.RANGE,
            "Addresses for guests without a reservation. Without a pool only ports with a `mac` and an `ip` get "
                    + "a lease.");
    private static final Key<Duration> LEASE = Key.defaulted(
            "lease",
            Values.duration(Duration.ofSeconds(10), Duration.ofDays(3650)),
            DEFAULT_LEASE,
            Values.text(DEFAULT_LEASE),
            "How long a lease lasts (option 51); renewal (58) is at half, rebinding (59) at seven eighths of it.");

    static final KeyTable TABLE = new KeyTable(
            "networks.NAME.subnets[].dhcp",
            "The DHCP responder of the subnet (RFC 2131). Without this section DHCP is forwarded like other traffic.",
            List.of(SERVER, SERVER_MAC, POOL, LEASE));

    private DhcpKeys() {}

    static DhcpSpec read(Section section, String network) {
        IpAddress server = section.require(SERVER, StandIns.IP);
        MacAddress serverMac = section.find(SERVER_MAC);
        return new DhcpSpec(
                server,
                serverMac == null ? derivedMac(network, server) : serverMac,
                section.list(POOL),
                section.get(LEASE));
    }

    /** The same for the same network and server on every host and in every run: a guest that moves keeps its ARP entry. */
    static MacAddress derivedMac(String network, IpAddress server) {
        return new MacAddress(SERVER_MAC_PREFIX | (network + '/' + server).hashCode() & 0xffff_ffffL);
    }
}
