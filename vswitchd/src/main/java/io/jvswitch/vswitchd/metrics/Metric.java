package io.jvswitch.vswitchd.metrics;

import java.util.List;

/**
 * The catalogue of metrics: names, labels and what they mean. The exposition and the reference page are both made of
 * it. Every metric also has the label {@code switch}, the switch's name. Scripts and dashboards use the names: add,
 * don't rename.
 */
public enum Metric {
    INFO(Type.GAUGE, "jvswitch_info", "Always 1; the version is in the label.", "version"),
    UPTIME(Type.GAUGE, "jvswitch_uptime_seconds", "Seconds since the daemon started."),

    UNDERLAY_UP(Type.GAUGE, "jvswitch_underlay_up", "1 while tunnels can carry frames, else 0."),
    UNDERLAY_MTU(Type.GAUGE, "jvswitch_underlay_mtu_bytes", "MTU of the underlay; 0 while not known."),
    VTEP_PATH_MTU(
            Type.GAUGE, "jvswitch_vtep_path_mtu_bytes", "MTU of the path to a remote VTEP; 0 without a route.", "vtep"),
    VTEP_RX_FRAMES(
            Type.COUNTER,
            "jvswitch_vtep_rx_frames",
            "Frames that came by tunnels from a VTEP that a network names; `learned` sums all others that are known.",
            "vtep"),
    VTEP_RX_BYTES(Type.COUNTER, "jvswitch_vtep_rx_bytes", "Their bytes, from the inner Ethernet header on.", "vtep"),
    VTEP_TX_FRAMES(
            Type.COUNTER,
            "jvswitch_vtep_tx_frames",
            "Frames that were to leave by tunnels to the VTEP; those that did not are among the drops.",
            "vtep"),
    VTEP_TX_BYTES(Type.COUNTER, "jvswitch_vtep_tx_bytes", "Their bytes, from the inner Ethernet header on.", "vtep"),

    PORT_UP(Type.GAUGE, "jvswitch_port_up", "1 while the port carries frames, else 0.", "port", "network", "kind"),
    PORT_MTU(Type.GAUGE, "jvswitch_port_mtu_bytes", "MTU of the device; 0 while not known.", "port", "network"),
    PORT_RX_FRAMES(
            Type.COUNTER,
            "jvswitch_port_rx_frames",
            "Frames taken from the device; `underlay` counts encapsulated ones.",
            "port",
            "network"),
    PORT_RX_BYTES(
            Type.COUNTER, "jvswitch_port_rx_bytes", "Bytes of the frames taken from the device.", "port", "network"),
    PORT_TX_FRAMES(Type.COUNTER, "jvswitch_port_tx_frames", "Frames that the device took.", "port", "network"),
    PORT_TX_BYTES(
            Type.COUNTER, "jvswitch_port_tx_bytes", "Bytes of the frames that the device took.", "port", "network"),
    PORT_ARP_REPLIES(
            Type.COUNTER,
            "jvswitch_port_arp_replies",
            "ARP requests of the port's guest that were answered.",
            "port",
            "network"),
    PORT_ND_REPLIES(
            Type.COUNTER,
            "jvswitch_port_nd_replies",
            "IPv6 neighbour solicitations that were answered.",
            "port",
            "network"),
    PORT_TOO_BIG_ANSWERED(
            Type.COUNTER,
            "jvswitch_port_too_big_answered",
            "ICMP and ICMPv6 errors sent for packets that a tunnel does not carry.",
            "port",
            "network"),
    PORT_MSS_CLAMPED(
            Type.COUNTER,
            "jvswitch_port_mss_clamped",
            "TCP SYNs whose maximum segment size was lowered.",
            "port",
            "network"),
    PORT_FRAGMENTED(
            Type.COUNTER, "jvswitch_port_fragmented", "IPv4 packets that were cut into fragments.", "port", "network"),
    PORT_OUTER_FRAGMENTED(
            Type.COUNTER,
            "jvswitch_port_outer_fragmented",
            "Frames whose tunnel packet was larger than its path takes and left in fragments.",
            "port",
            "network"),
    PORT_CREATED_FRAMES(
            Type.COUNTER,
            "jvswitch_port_created_frames",
            "Frames that the switch made of the port's: copies, segments, fragments, answers.",
            "port",
            "network"),
    PORT_MERGED_FRAMES(
            Type.COUNTER,
            "jvswitch_port_merged_frames",
            "TCP segments from a tunnel that joined the superframe of one before them.",
            "port",
            "network"),
    PORT_HANDED_OVER_FRAMES(
            Type.COUNTER,
            "jvswitch_port_handed_over_frames",
            "DHCP requests handed to the conductor.",
            "port",
            "network"),
    DROPS(
            Type.COUNTER,
            "jvswitch_dropped_frames",
            "Frames dropped, by the port they came in or were to leave by, and reason. See the drop-reason reference.",
            "port",
            "reason",
            "stage"),

    NETWORK_MTU(Type.GAUGE, "jvswitch_network_mtu_bytes", "MTU of the network's guests.", "network"),
    NETWORK_PORTS(Type.GAUGE, "jvswitch_network_ports", "Ports attached to the network.", "network"),
    NETWORK_HOSTS(Type.GAUGE, "jvswitch_network_hosts", "Hosts known behind other VTEPs.", "network"),
    NETWORK_MACS(Type.GAUGE, "jvswitch_network_macs", "MAC addresses in the network's table.", "network"),
    NETWORK_MAC_LIMIT(
            Type.GAUGE, "jvswitch_network_mac_limit", "MAC addresses that the network learns at most.", "network"),
    NETWORK_MAC_MOVES(
            Type.COUNTER,
            "jvswitch_network_mac_moves",
            "Learned MAC addresses that moved to another place.",
            "network"),
    NETWORK_MAC_EVICTIONS(
            Type.COUNTER,
            "jvswitch_network_mac_evictions",
            "Learned MAC addresses that made room for others.",
            "network"),
    DHCP_LEASES(Type.GAUGE, "jvswitch_dhcp_leases", "Valid DHCP leases.", "network"),
    DHCP_POOL_SIZE(Type.GAUGE, "jvswitch_dhcp_pool_size", "Addresses in the subnet's pools.", "network", "subnet"),
    DHCP_POOL_FREE(
            Type.GAUGE, "jvswitch_dhcp_pool_free", "Addresses of the pools without a lease.", "network", "subnet"),
    DHCP_EVENTS(
            Type.COUNTER,
            "jvswitch_dhcp_events",
            "What the network's DHCP server received, sent and refused, by event; `stats` says what each means.",
            "network",
            "event"),

    WORKER_LOOPS(Type.COUNTER, "jvswitch_worker_loops", "Rounds of the worker's duty cycle.", "worker"),
    WORKER_BUSY(Type.COUNTER, "jvswitch_worker_busy_seconds", "Time in rounds that found work.", "worker"),
    WORKER_IDLE(Type.COUNTER, "jvswitch_worker_idle_seconds", "Time spinning and blocked without work.", "worker"),
    WORKER_LOOP(
            Type.GAUGE,
            "jvswitch_worker_loop_seconds",
            "Length of a round with work: median, 99th percentile and longest (1).",
            "worker",
            "quantile"),
    WORKER_FRAMES(Type.COUNTER, "jvswitch_worker_frames", "Frames taken from ports.", "worker"),
    WORKER_EXACT_HITS(
            Type.COUNTER, "jvswitch_worker_exact_hits", "Frames that the exact-match cache answered.", "worker"),
    WORKER_MEGAFLOW_HITS(Type.COUNTER, "jvswitch_worker_megaflow_hits", "Frames that a megaflow answered.", "worker"),
    WORKER_MISSES(Type.COUNTER, "jvswitch_worker_misses", "Frames that were translated.", "worker"),
    WORKER_FLOWS(Type.GAUGE, "jvswitch_worker_flows", "Megaflows installed.", "worker"),
    WORKER_FLOW_LIMIT(Type.GAUGE, "jvswitch_worker_flow_limit", "Most megaflows.", "worker"),
    WORKER_FLOW_EVICTIONS(Type.COUNTER, "jvswitch_worker_flow_evictions", "Megaflows removed to make room.", "worker"),
    WORKER_POOL_FREE(Type.GAUGE, "jvswitch_worker_pool_free_frames", "Frame buffers that are free.", "worker"),
    WORKER_POOL_SIZE(Type.GAUGE, "jvswitch_worker_pool_frames", "Frame buffers.", "worker"),
    WORKER_ALLOCATED(
            Type.COUNTER,
            "jvswitch_worker_allocated_bytes",
            "Heap that the worker's thread has allocated; stands still while flows are known.",
            "worker"),

    JVM_ALLOCATED(Type.COUNTER, "jvswitch_jvm_allocated_bytes", "Heap that all threads have allocated."),
    JVM_COLLECTIONS(Type.COUNTER, "jvswitch_jvm_collections", "Garbage collections."),
    JVM_COLLECTION(Type.COUNTER, "jvswitch_jvm_collection_seconds", "Time in garbage collections.");

    /** How a metric behaves. */
    public enum Type {
        /** Goes up only, from 0 at the daemon's start; {@code _total} is added to the name. */
        COUNTER,
        /** Goes up and down. */
        GAUGE
    }

    private final Type type;
    private final String baseName;
    private final String help;
    private final String labels;

    Metric(Type type, String baseName, String help, String... labels) {
        this.type = type;
        this.baseName = baseName;
        this.help = help;
        this.labels = String.join(" ", labels);
    }

    /** How it behaves. */
    public Type type() {
        return type;
    }

    /** The name without the counters' suffix. */
    String baseName() {
        return baseName;
    }

    /** The name as scraped. */
    public String exposedName() {
        return type == Type.COUNTER ? baseName + "_total" : baseName;
    }

    /** What it says. */
    public String help() {
        return help;
    }

    /** Its labels beside {@code switch}. */
    public List<String> labels() {
        return labels.isEmpty() ? List.of() : List.of(labels.split(" ", -1));
    }
}
