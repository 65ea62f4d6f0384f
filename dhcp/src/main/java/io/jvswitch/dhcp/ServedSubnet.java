package io.jvswitch.dhcp;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.dhcp.subnet.OptionCode;
import io.jvswitch.dhcp.subnet.OptionEncoding;
import io.jvswitch.wire.IpAddress;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** A subnet as the responder uses it: the configuration, prepared for requests. */
final class ServedSubnet {

    /**
     * What the client of one MAC address gets; {@code ip} is 0 for one from the pool, {@code port} is the
     * reservation's.
     */
    @SuppressWarnings("ArrayRecordComponent") // read by its owner, never compared
    record Fixed(
            int ip,
            @Nullable String hostname,
            byte @Nullable [] hostnameOption,
            @Nullable String port) {}

    private final DhcpSubnet config;
    private final SubnetOptions options;
    private final @Nullable BootFiles boot;
    private final AddressPool pool;
    private final Long2ObjectHashMap<Fixed> fixedByMac = new Long2ObjectHashMap<>();
    private final int server;
    private final int mask;
    private final int network;

    ServedSubnet(DhcpSubnet config) {
        this.config = config;
        options = new SubnetOptions(config);
        boot = config.boot() == null ? null : new BootFiles(config.boot());
        pool = new AddressPool(config);
        server = config.server().ipv4();
        mask = config.mask();
        network = config.network().ipv4();
        config.reservations().forEach((mac, reservation) -> {
            IpAddress ip = reservation.ip();
            String hostname = reservation.hostname();
            fixedByMac.put(
                    mac.bits(),
                    new Fixed(
                            ip == null ? 0 : ip.ipv4(),
                            hostname,
                            hostname == null ? null : OptionEncoding.option(OptionCode.HOSTNAME, hostname),
                            reservation.port()));
        });
    }

    DhcpSubnet config() {
        return config;
    }

    SubnetOptions options() {
        return options;
    }

    /** What clients boot from, or null. */
    @Nullable
    BootFiles boot() {
        return boot;
    }

    AddressPool pool() {
        return pool;
    }

    int server() {
        return server;
    }

    long serverMac() {
        return config.serverMac().bits();
    }

    boolean contains(int ipv4) {
        return (ipv4 & mask) == network;
    }

    /** Whether an address of the subnet can be a client's: it is not the server, network or broadcast address. */
    boolean isClients(int ipv4) {
        boolean pointToPoint = config.prefixLength() >= 31;
        return ipv4 != server && (pointToPoint || ipv4 != network && ipv4 != (network | ~mask));
    }

    /** What is configured for a MAC address, or null. */
    @Nullable
    Fixed fixed(long mac) {
        return fixedByMac.get(mac);
    }

    @Override
    public String toString() {
        return config.toString();
    }
}
