/** DHCP responder and leases. */
module io.jvswitch.dhcp {
    requires static org.jspecify;
    requires org.agrona;
    requires transitive io.jvswitch.wire;
}
