/** Tunnels: VXLAN, GRE and Geneve, effective MTU, segmentation. */
module io.jvswitch.encap {
    requires static org.jspecify;
    requires transitive io.jvswitch.wire;

    exports io.jvswitch.encap;
    exports io.jvswitch.encap.mtu;
    exports io.jvswitch.encap.offload;
}
