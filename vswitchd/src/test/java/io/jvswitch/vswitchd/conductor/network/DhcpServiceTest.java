package io.jvswitch.vswitchd.conductor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.vswitchd.config.yaml.ConfigException;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.time.Moment;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.testing.Frames;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the DHCP server of a network makes of the configuration. */
final class DhcpServiceTest {

    private static final String MAC = "02:00:00:00:00:01";
    private static final int YIADDR_AT = 14 + 20 + 8 + 16;
    private static final long NOW_MS = 1_767_323_045_000L;

    @TempDir
    Path stateDir;

    private final List<DropReason> drops = new ArrayList<>();

    private static byte[] discover() {
        ByteBuffer message = ByteBuffer.allocate(300);
        message.put(0, (byte) 1).put(1, (byte) 1).put(2, (byte) 6).putInt(4, 7);
        message.put(28, (byte) 2).put(33, (byte) 1);
        message.putInt(236, 0x6382_5363);
        message.put(240, new byte[] {53, 1, 1, (byte) 255});
        return Frames.ethernet(MAC, Frames.MAC_BROADCAST)
                .ipv4("0.0.0.0", "255.255.255.255")
                .udp(68, 67)
                .payload(message.array())
                .bytes();
    }

    /** The address that the port's guest is offered, or null. */
    private @Nullable String offered(String subnets, String ips) throws ConfigException {
        SwitchSpec spec = ConfigReader.read("f", """
                switch: {name: a}
                networks:
                  blue:
                    tunnel: none
                    subnets: [%s]
                ports:
                  vm1: {kind: tap, network: blue, mac: "%s", ip: [%s]}
                """.formatted(subnets, MAC, ips));
        NetworkSpec blue = spec.networks().get("blue");
        PortSpec port = spec.ports().get("vm1");
        assertNotNull(blue);
        assertNotNull(port);
        try (DhcpService service = new DhcpService("blue", stateDir, number -> "vm1")) {
            service.prepare(blue, Moment.of(0, NOW_MS));
            service.configure(blue, 1450, List.of(port), Moment.of(0, NOW_MS));
            byte[] reply = service.answer(discover(), 1, port, Moment.of(0, NOW_MS), drops::add);
            return reply == null
                    ? null
                    : IpAddress.ipv4ToString(ByteBuffer.wrap(reply).getInt(YIADDR_AT));
        }
    }

    /** One of a port's addresses is its own by DHCP, wherever it stands. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.0.9, 10.2.0.9",
                "10.2.0.9, 10.1.0.9",
                "\"2001:db8::9\", 10.1.0.9, 10.2.0.9",
                "10.1.0.9, \"fe80::9\", 10.2.0.9"
            })
    void addressInTheSubnetWithDhcpIsOfferedWhereverItStands(String ips) throws ConfigException {
        assertEquals(
                "10.2.0.9",
                offered(
                        "{cidr: 10.1.0.0/24}, {cidr: 10.2.0.0/24, dhcp: {server: 10.2.0.2, pool: 10.2.0.50-10.2.0.60}}",
                        ips));
        assertEquals(List.of(), drops);
    }

    @Test
    void withDhcpInBothSubnetsTheFirstAddressIsOffered() throws ConfigException {
        String subnets = "{cidr: 10.1.0.0/24, dhcp: {server: 10.1.0.2}}, {cidr: 10.2.0.0/24, dhcp: {server: 10.2.0.2}}";
        assertEquals("10.1.0.9", offered(subnets, "10.1.0.9, 10.2.0.9"));
        assertEquals("10.2.0.9", offered(subnets, "10.2.0.9, 10.1.0.9"));
    }

    @Test
    void boundPortWithoutAnAddressInASubnetWithDhcpGetsNoneOfThePool() throws ConfigException {
        assertNull(offered(
                "{cidr: 10.1.0.0/24}, {cidr: 10.2.0.0/24, dhcp: {server: 10.2.0.2, pool: 10.2.0.50-10.2.0.60}}",
                "10.1.0.9"));
        assertEquals(List.of(DropReason.RESPONDER_SILENT), drops);
    }

    /** All addresses of a port are its own, also those that DHCP does not tell it. */
    @Test
    void secondAddressOfAPortIsNobodyElses() throws ConfigException {
        String pool = "{cidr: 10.2.0.0/24, dhcp: {server: 10.2.0.2, pool: 10.2.0.50-10.2.0.51}}";
        SwitchSpec spec = ConfigReader.read("f", """
                switch: {name: a}
                networks: {blue: {tunnel: none, subnets: [%s]}}
                ports:
                  vm2: {kind: tap, network: blue, mac: "02:00:00:00:00:02", ip: [10.2.0.9, 10.2.0.50]}
                  vm1: {kind: tap, network: blue}
                """.formatted(pool));
        NetworkSpec blue = spec.networks().get("blue");
        PortSpec guest = spec.ports().get("vm1");
        assertNotNull(blue);
        assertNotNull(guest);
        try (DhcpService service = new DhcpService("blue", stateDir, number -> "vm1")) {
            service.prepare(blue, Moment.of(0, NOW_MS));
            service.configure(blue, 1450, List.copyOf(spec.ports().values()), Moment.of(0, NOW_MS));
            byte[] reply = service.answer(discover(), 1, guest, Moment.of(0, NOW_MS), drops::add);
            assertNotNull(reply);
            assertEquals(
                    "10.2.0.51", IpAddress.ipv4ToString(ByteBuffer.wrap(reply).getInt(YIADDR_AT)));
        }
    }
}
