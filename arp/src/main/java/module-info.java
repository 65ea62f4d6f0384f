/** ARP and IPv6 neighbour-discovery responders. */
module io.jvswitch.arp {
    requires static org.jspecify;
    requires transitive io.jvswitch.wire;
}
