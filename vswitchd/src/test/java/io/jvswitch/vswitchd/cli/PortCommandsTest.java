package io.jvswitch.vswitchd.cli;

import org.junit.jupiter.api.Test;

/** Commands for ports. */
final class PortCommandsTest extends AgainstFakeDaemon {

    @Test
    void ports() {
        prints("""
                PORT     NO  NETWORK  KIND  STATE     MTU  MAC                IP         RX FRAMES  TX FRAMES  DROPPED
                tap-vm1   1  blue     tap   up       1450  02:00:00:00:00:01  10.0.0.11       1234       4321        3
                tap-vm2   2  local    tap   waiting     -  -                  -                  0          0        0
                tap-vm2: waiting (namespace vm2 does not exist: create it with 'ip netns add')
                """, "port", "list");
        prints("""
                port      tap-vm1 (number 1)
                kind      tap
                network   blue
                state     up
                mac       02:00:00:00:00:01
                ip        10.0.0.11
                may send  from 10.0.0.11
                mtu       1450
                queues    1
                offloads  csum tso4 tso6
                received  1234 frames, 568 kB
                sent      4321 frames, 98.8 MB
                dropped   3 frames, see 'jvswitch drops --port tap-vm1'
                answered  12 arp, 4 nd, 1 too big
                adapted   30 mss clamped, 2 fragmented
                besides   90 frames created, 800 merged, 6 to the dhcp server
                """, "port", "show", "tap-vm1");
        prints(
                "port t3 added to network blue\n",
                "port",
                "add",
                "t3",
                "--network",
                "blue",
                "--mac",
                "02:00:00:00:00:03",
                "--ip",
                "10.0.0.13",
                "--ip",
                "fe80::3",
                "--queues",
                "2",
                "--mtu",
                "1400",
                "--hostname",
                "vm3",
                "--storm-control",
                "500");
        prints("""
                port      t3 (number 3)
                kind      tap
                network   blue
                state     up
                mac       02:00:00:00:00:03
                ip        10.0.0.13,fe80::3
                may send  from 10.0.0.11
                floods    at most 500 frames a second (storm-control)
                mtu       1450
                queues    2
                offloads  csum tso4 tso6
                received  1234 frames, 568 kB
                sent      4321 frames, 98.8 MB
                dropped   3 frames, see 'jvswitch drops --port t3'
                answered  12 arp, 4 nd, 1 too big
                adapted   30 mss clamped, 2 fragmented
                besides   90 frames created, 800 merged, 6 to the dhcp server
                """, "port", "show", "t3");
        prints("port t3 removed\n", "port", "remove", "t3");
        fails(1, "jvswitch: port t3: does not exist; see 'jvswitch port list'\n", "port", "remove", "t3");
        fails(2, """
                jvswitch: port t3: mac: value 'x': expected a unicast MAC address like "02:00:00:00:00:01"
                port t3: queues: value '0': expected a number 1 to 64
                port t3: refused; nothing was changed
                """, "port", "add", "t3", "--network", "blue", "--mac", "x", "--queues", "0");
        fails(2, """
                jvswitch: Missing option: '--mac=MAC', whose guest '--allowed-ips' lets send from more addresses
                See 'jvswitch port add --help'.
                """, "port", "add", "t3", "--network", "blue", "--allowed-ips", "10.0.0.9");
        fails(2, """
                jvswitch: Missing option: '--mac=MAC', whose guest has the address of '--ip'
                See 'jvswitch port add --help'.
                """, "port", "add", "t3", "--network", "blue", "--ip", "10.0.0.9");
        fails(2, """
                jvswitch: Missing option: '--mac=MAC', whose guest DHCP tells the name of '--hostname'
                See 'jvswitch port add --help'.
                """, "port", "add", "t3", "--network", "blue", "--hostname", "vm3");
        fails(2, """
                jvswitch: port t3: storm-control: value '0': expected a number 1 to 10000000
                port t3: refused; nothing was changed
                """, "port", "add", "t3", "--network", "blue", "--storm-control", "0");
    }
}
