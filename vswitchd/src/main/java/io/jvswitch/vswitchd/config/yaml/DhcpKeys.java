package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.dhcp.subnet.DhcpBoot;
import io.jvswitch.dhcp.subnet.DhcpOption;
import io.jvswitch.vswitchd.plan.DhcpSpec;
import io.jvswitch.vswitchd.plan.IpRange;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The keys of a subnet's {@code dhcp}. */
final class DhcpKeys {

    private static final Duration DEFAULT_LEASE = Duration.ofDays(1);
    /** Locally administered, unicast (IEEE 802, section 8.2); the low four octets are a hash. */
    private static final long SERVER_MAC_PREFIX = 0x066aL << 32;

    private static final Key<IpAddress> SERVER = Key.required(
            "server",
            Values.UNICAST_IP,
            "Address of the DHCP responder (option 54), used by nobody else. jvswitch answers ARP for it. It lies "
                    + "inside"
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

    private static final Key<IpAddress> NEXT_SERVER = Key.optional(
            "next-server", Values.UNICAST_IPV4, "none", "Address of the TFTP server (`siaddr`, options 66 and 150).");
    private static final Key<String> SERVER_NAME = Key.optional(
            "server-name",
            Values.DHCP_TEXT,
            "the address",
            "Name of the TFTP server (`sname`, and option 66 instead of the address).");
    private static final Key<String> FILE = Key.optional(
            "file",
            Values.DHCP_TEXT,
            "none",
            "What to load: a file of the TFTP server, or a URL for firmware that knows them (`file`, option 67).");
    private static final Key<String> FILES = Key.named(
            "files",
            Values.DHCP_TEXT,
            "What to load instead of `file`, by the kind of machine that asks (option 93): 0 is a BIOS, 7 and 9 are "
                    + "UEFI on x86-64, 11 is"
                    + " UEFI on ARM64, 16 and 19 are these two booting by HTTP.");
    private static final Key<String> IPXE_FILE = Key.optional(
            "ipxe-file",
            Values.DHCP_TEXT,
            "`file` or `files`",
            "What iPXE loads (user class `iPXE`, option 77): a script or a URL. Where `file` is iPXE itself, it "
                    + "would load itself without end.");
    static final KeyTable BOOT_TABLE = new KeyTable(
            "networks.NAME.subnets[].dhcp.boot",
            "What guests boot from over the network (PXE, iPXE, UEFI).",
            List.of(NEXT_SERVER, SERVER_NAME, FILE, FILES, IPXE_FILE));

    private static final Key<Section> BOOT =
            Key.sections("boot", Key.Shape.SECTION, BOOT_TABLE, false, "What guests boot from over the network.");
    private static final Key<String> OPTIONS = Key.named(
            "options",
            Values.DHCP_OPTION,
            "Options that no other key sets, by number, for guests that ask for them: `{43: hex:0104c0a80001, 252: "
                    + "text:http://wpad/wpad.dat,"
                    + " 44: ip:10.0.0.5, 13: u16:64}`.");
    private static final Key<Integer> ALWAYS_SEND = Key.some(
            "always-send",
            Values.number(1, 254),
            "Numbers among `options` that guests get whether they ask or not, as `[209, 210]` for PXELINUX.");
    private static final Key<Duration> IPV6_ONLY_WAIT = Key.optional(
            "ipv6-only-wait",
            Values.duration(Duration.ofMinutes(5), Duration.ofDays(3650)),
            "none",
            "Guests that can do without IPv4 are told to leave it alone for so long (option 108, RFC 8925). For "
                    + "subnets with IPv6 and NAT64.");

    static final KeyTable TABLE = new KeyTable(
            "networks.NAME.subnets[].dhcp",
            "The DHCP responder of the subnet (RFC 2131). Without this section DHCP is forwarded like other traffic.",
            List.of(SERVER, SERVER_MAC, POOL, LEASE, BOOT, OPTIONS, ALWAYS_SEND, IPV6_ONLY_WAIT));

    private DhcpKeys() {}

    static DhcpSpec read(Section section, String network) {
        IpAddress server = section.require(SERVER, StandIns.IP);
        MacAddress serverMac = section.find(SERVER_MAC);
        Section boot = section.section(BOOT);
        List<Integer> always = section.list(ALWAYS_SEND);
        List<DhcpOption> options = new ArrayList<>();
        section.map(OPTIONS, Values.DHCP_OPTION_CODE)
                .forEach((code, hex) -> options.add(new DhcpOption(code, hex, always.contains(code))));
        return new DhcpSpec(
                server,
                serverMac == null ? derivedMac(network, server) : serverMac,
                section.list(POOL),
                section.get(LEASE),
                boot == null ? null : readBoot(boot),
                options,
                always,
                section.find(IPV6_ONLY_WAIT));
    }

    private static DhcpBoot readBoot(Section section) {
        return new DhcpBoot(
                section.find(NEXT_SERVER),
                section.find(SERVER_NAME),
                section.find(FILE),
                section.map(FILES, Values.number(0, 65_535)),
                section.find(IPXE_FILE));
    }

    /**
     * The same for the same network and server on every host and in every run: a guest that moves keeps its ARP entry.
     */
    static MacAddress derivedMac(String network, IpAddress server) {
        return new MacAddress(SERVER_MAC_PREFIX | (network + '/' + server).hashCode() & 0xffff_ffffL);
    }
}
