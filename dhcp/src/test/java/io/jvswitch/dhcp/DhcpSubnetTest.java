package io.jvswitch.dhcp;

import static io.jvswitch.dhcp.DhcpNetwork.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DhcpSubnetTest {

    private static final MacAddress MAC_1 = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress MAC_2 = MacAddress.parse("02:00:00:00:00:02");

    @Test
    void serversMacIsDerivedFromItsAddressAndLocallyAdministered() {
        DhcpSubnet subnet = valid().build();
        assertEquals("02:6a:0a:00:00:02", subnet.serverMac().toString());
        assertEquals(MAC_1, valid().serverMac(MAC_1).build().serverMac());
    }

    @Test
    void smallestAndLargestSubnets() {
        DhcpSubnet two = DhcpSubnet.builder("10.0.0.0/31", "10.0.0.0")
                .pools(List.of(range("10.0.0.0", "10.0.0.1")))
                .build();
        assertEquals(1, new AddressPool(two).size(), "RFC 3021: no network or broadcast address, but the server");
        DhcpSubnet one = DhcpSubnet.builder("10.0.0.5/32", "169.254.0.2")
                .pools(List.of(range("10.0.0.5", "10.0.0.5")))
                .build();
        assertEquals(1, new AddressPool(one).size());
        assertTrue(one.contains(ip("10.0.0.5").ipv4()));
        assertFalse(one.contains(ip("10.0.0.4").ipv4()));
        DhcpSubnet eight = DhcpSubnet.builder("10.0.0.0/8", "10.0.0.1")
                .pools(List.of(range("10.0.0.0", "10.255.255.255")))
                .build();
        assertEquals((1 << 24) - 3, new AddressPool(eight).size());
        DhcpSubnet high = DhcpSubnet.builder("192.168.255.0/24", "192.168.255.1")
                .pools(List.of(range("192.168.255.250", "192.168.255.255")))
                .build();
        assertEquals(5, new AddressPool(high).size());
        assertTrue(high.contains(ip("192.168.255.200").ipv4()));
    }

    @Test
    void whatDoesNotFitIsNamedWithWhatWasExpected() {
        refused(
                "network 10.0.0.1: expected no host bits for /24",
                () -> DhcpSubnet.builder("10.0.0.1/24", "10.0.0.2").build());
        refused(
                "prefix length 7: expected 8 to 32",
                () -> DhcpSubnet.builder("10.0.0.0/7", "10.0.0.0").build());
        refused("network 10.0.0.0: expected ADDRESS/LENGTH", () -> DhcpSubnet.builder("10.0.0.0", "10.0.0.2"));
        refused(
                "server 10.0.1.2: expected an address of 10.0.0.0/24",
                () -> DhcpSubnet.builder("10.0.0.0/24", "10.0.1.2").build());
        refused(
                "server 10.0.0.255: expected neither the network's nor the broadcast address",
                () -> DhcpSubnet.builder("10.0.0.0/24", "10.0.0.255").build());
        refused(
                "server ::1: expected an IPv4 address",
                () -> DhcpSubnet.builder("10.0.0.0/24", "::1").build());
        refused(
                "gateway 10.0.0.255: expected neither the network's nor the broadcast address",
                () -> valid().gateway(ip("10.0.0.255")).build());
        refused(
                "gateway fe80::1: expected an IPv4 address",
                () -> valid().gateway(ip("fe80::1")).build());
        refused(
                "name server ::1: expected an IPv4",
                () -> valid().dns(List.of(ip("::1"))).build());
        refused(
                "time servers 64: expected at most 63",
                () -> valid().ntp(Collections.nCopies(64, ip("10.0.0.9"))).build());
        refused(
                "domain 'a..b': expected a domain name",
                () -> valid().domain("a..b").build());
        refused(
                "search domain 'a b': expected",
                () -> valid().search(List.of("a b")).build());
        refused("MTU 67: expected 68 to 65535, or 0", () -> valid().mtuBytes(67).build());
        refused("lease seconds 9: expected 10 to", () -> valid().leaseSeconds(9).build());
        refused(
                "lease seconds 4294967296: expected",
                () -> valid().leaseSeconds(1L << 32).build());
        refused(
                "leases per port -1: expected at least 0",
                () -> valid().leasesPerPort(-1).build());
        refused(
                "a destination without host bits",
                () -> valid().routes(List.of(new DhcpSubnet.Route(ip("10.1.1.1"), 24, ip("10.0.0.1"))))
                        .build());
        refused(
                "a prefix length of 0 to 32",
                () -> valid().routes(List.of(new DhcpSubnet.Route(ip("10.1.1.0"), 33, ip("10.0.0.1"))))
                        .build());
        refused(
                "IPv4 addresses",
                () -> valid().routes(List.of(new DhcpSubnet.Route(ip("::"), 0, ip("10.0.0.1"))))
                        .build());
        refused(
                "pool 10.0.1.5: expected an address of",
                () -> valid().pools(List.of(range("10.0.0.5", "10.0.1.5"))).build());
        refused(
                "a first address not above the last",
                () -> valid().pools(List.of(range("10.0.0.9", "10.0.0.5"))).build());
        refused(
                "expected no address of Range[first=10.0.0.5, last=10.0.0.9]",
                () -> valid().pools(List.of(range("10.0.0.5", "10.0.0.9"), range("10.0.0.9", "10.0.0.12")))
                        .build());
        refused(
                "reservation of 02:00:00:00:00:02 10.0.0.7: expected an address not reserved for 02:00:00:00:00:01",
                () -> valid().reserve(MAC_1, ip("10.0.0.7"), null)
                        .reserve(MAC_2, ip("10.0.0.7"), null)
                        .build());
        refused(
                "host name of 02:00:00:00:00:01",
                () -> valid().reserve(MAC_1, null, "no spaces").build());
    }

    private static void refused(String part, Runnable build) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, build::run);
        assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    }

    private static DhcpSubnet.Builder valid() {
        return DhcpSubnet.builder("10.0.0.0/24", "10.0.0.2");
    }

    private static DhcpSubnet.Range range(String first, String last) {
        return new DhcpSubnet.Range(IpAddress.parse(first), IpAddress.parse(last));
    }
}
