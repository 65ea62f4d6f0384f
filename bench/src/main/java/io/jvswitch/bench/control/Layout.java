package io.jvswitch.bench.control;

import java.util.Locale;

/** A configuration that is large in one way, and names for what is added to it and taken away again. */
enum Layout {
    /** Many ports, and many networks, each with a DHCP server. */
    PORTS("2,000 ports in 300 networks", 2_000, 300, 2, 0),
    /** A hypervisor as l2population feeds it: every network knows every other hypervisor, and a host on each. */
    REMOTES("100 ports in 20 networks of 200 remotes, each with a host", 100, 20, 200, 200),
    /** One very large network. */
    HOSTS("10 ports in a network of 10,000 hosts", 10, 1, 200, 10_000);

    static final String LOCAL_IP = "10.99.0.1";
    /** The guest that the probe plays; it has no binding, and its network a DHCP server. */
    static final String PROBE_PORT = "probe";

    final String title;
    final int ports;
    final int networks;
    private final int remotes;
    private final int hosts;

    Layout(String title, int ports, int networks, int remotes, int hosts) {
        this.title = title;
        this.ports = ports;
        this.networks = networks;
        this.remotes = remotes;
        this.hosts = hosts;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The configuration.
     *
     * @param head its first section, {@code switch}
     * @param portCount how many of its ports it has
     */
    String yaml(String head, int portCount) {
        StringBuilder yaml = new StringBuilder(head)
                .append("underlay: {local-ip: " + LOCAL_IP + "}\n")
                .append("networks:\n");
        for (int network = 0; network < networks; network++) {
            yaml.append("  ").append(network(network)).append(":\n");
            yaml.append("    tunnel: vxlan\n    vni: ").append(100 + network).append("\n    remotes: [");
            for (int remote = 0; remote < remotes; remote++) {
                yaml.append(remote == 0 ? "" : ", ").append(vtep(remote));
            }
            yaml.append("]\n    subnets:\n");
            yaml.append(
                    "      - cidr: 10.0.0.0/16\n        dhcp: {server: 10.0.255.1, pool: 10.0.200.1-10.0.201.250}\n");
            if (hosts > 0) {
                yaml.append("    hosts:\n");
                for (int host = 0; host < hosts; host++) {
                    yaml.append("      - ").append(host(host)).append('\n');
                }
            }
        }
        yaml.append("ports:\n");
        for (int port = 0; port < portCount - 1; port++) {
            yaml.append("  ")
                    .append(port(port))
                    .append(": ")
                    .append(portKeys(port))
                    .append('\n');
        }
        yaml.append("  " + PROBE_PORT + ": {kind: tap, network: ")
                .append(network(0))
                .append("}\n");
        return yaml.toString();
    }

    static String network(int number) {
        return "net" + number;
    }

    static String port(int number) {
        return "tap" + number;
    }

    static String vtep(int number) {
        return "10.99.1." + (1 + number % 250);
    }

    /** The keys of a port, in the order of YAML's flow style, which is JSON but for the quotes. */
    String portKeys(int number) {
        return "{kind: tap, network: %s, mac: '%s', ip: [10.0.%d.%d]}"
                .formatted(network(number % networks), mac(1, number), 100 + number / 250, 1 + number % 250);
    }

    String host(int number) {
        return "{mac: '%s', ip: [10.0.%d.%d], vtep: %s}"
                .formatted(mac(2, number), number / 250, 1 + number % 250, vtep(number % Math.max(1, remotes)));
    }

    private static String mac(int kind, int number) {
        return "02:%02x:00:%02x:%02x:%02x".formatted(kind, number >> 16, number >> 8 & 0xff, number & 0xff);
    }
}
