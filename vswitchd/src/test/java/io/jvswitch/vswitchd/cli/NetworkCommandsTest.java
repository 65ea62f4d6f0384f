package io.jvswitch.vswitchd.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Commands for networks, their flood lists and their hosts. */
final class NetworkCommandsTest extends AgainstFakeDaemon {

    @Test
    void networks() {
        prints("""
                NETWORK  TUNNEL  VNI/KEY   MTU  PORTS  HOSTS  MACS  LEASES  SUBNETS      REMOTES
                blue     vxlan        42  1450      1      1     3       2  10.0.0.0/24  192.0.2.2
                local    none          -  1450      1      0     3       2  -            -
                """, "network", "list");
        prints("""
                network blue: vxlan vni 42, mtu 1450, macs 3 of 8192, 1 host, 2 leases
                    subnet 10.0.0.0/24: gateway 10.0.0.1, dhcp 10.0.0.2, pool 10.0.0.100-10.0.0.199 (97 of 100 free)
                    remotes 192.0.2.2
                    ports tap-vm1
                """, "network", "show", "blue");
        prints(
                "network red added\n",
                "network",
                "add",
                "red",
                "--tunnel",
                "gre",
                "--vni",
                "7",
                "--remote",
                "192.0.2.3",
                "--remote",
                "192.0.2.4",
                "--subnet",
                "10.9.0.0/24",
                "--gateway",
                "10.9.0.1",
                "--dns",
                "10.9.0.53",
                "--dhcp-server",
                "10.9.0.2",
                "--pool",
                "10.9.0.10-10.9.0.20",
                "--lease",
                "2h",
                "--next-server",
                "10.9.0.9",
                "--boot-file",
                "undionly.kpxe",
                "--ipxe-file",
                "http://10.9.0.9/boot.ipxe",
                "--dhcp-option",
                "252=text:http://wpad/wpad.dat",
                "--dhcp-option",
                "43=hex:0104",
                "--no-learning",
                "--no-arp-responder",
                "--allow-unknown-vteps",
                "--mtu",
                "1400");
        prints("""
                network red: gre key 7, mtu 1450, macs 3 of 8192, 2 leases, no learning from the tunnel, unknown vteps allowed, no arp responder
                    subnet 10.9.0.0/24: gateway 10.9.0.1, dhcp 10.9.0.2, pool 10.9.0.10-10.9.0.20 (97 of 100 free)
                    remotes 192.0.2.3,192.0.2.4
                """, "network", "show", "red");
        prints("network red removed\n", "network", "remove", "red");
        fails(
                1,
                "jvswitch: network blue: ports are attached to it: tap-vm1; remove them first with 'jvswitch port "
                        + "remove'\n",
                "network",
                "remove",
                "blue");
    }

    @Test
    void floodListsChange() {
        prints("remote 192.0.2.3 added to network blue\n", "network", "remote", "add", "blue", "192.0.2.3");
        fails(
                1,
                "jvswitch: remote 192.0.2.3 of network blue: exists already; remove it first, or choose another name\n",
                "network",
                "remote",
                "add",
                "blue",
                "192.0.2.3");
        assertEquals(0, run("network", "show", "blue"));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("192.0.2.3"), out::toString);
        prints("remote 192.0.2.3 removed from network blue\n", "network", "remote", "remove", "blue", "192.0.2.3");
        fails(
                1,
                "jvswitch: remote 192.0.2.3 of network blue: does not exist; see 'jvswitch network show'\n",
                "network",
                "remote",
                "remove",
                "blue",
                "192.0.2.3");
        fails(2, """
                jvswitch: remote: ip: value '224.0.0.1': expected a unicast IPv4 or IPv6 address
                remote: refused; nothing was changed
                """, "network", "remote", "add", "blue", "224.0.0.1");
        fails(
                1,
                "jvswitch: network nope: does not exist; see 'jvswitch network list'\n",
                "network",
                "remote",
                "add",
                "nope",
                "192.0.2.3");
        fails(2, "jvswitch: Missing required subcommand\nSee 'jvswitch network remote --help'.\n", "network", "remote");
    }

    @Test
    void hosts() {
        prints("""
                NETWORK  MAC                VTEP       ROUTER  IP
                blue     02:00:00:00:00:02  192.0.2.2  -       10.0.0.12
                """, "host", "list");
        prints(
                "host 02:00:00:00:00:03 added to network blue\n",
                "host",
                "add",
                "blue",
                "--mac",
                "02:00:00:00:00:03",
                "--ip",
                "10.0.0.13",
                "--vtep",
                "192.0.2.3");
        prints("host 02:00:00:00:00:03 removed from network blue\n", "host", "remove", "blue", "02:00:00:00:00:03");
        prints("NETWORK  MAC  VTEP  ROUTER  IP\n", "host", "list", "local");
    }
}
