package io.jvswitch.vswitchd.demo;

import io.jvswitch.vswitchd.plan.NetworkTunnel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One of the two hosts: its namespace, its jvswitch, and the guest that is attached to it. */
final class Hypervisor {
    private static final JsonMapper JSON = new JsonMapper();

    private final Lab lab;
    private final int number;
    private final Path configuration;
    private final NetworkTunnel tunnel;
    private Lab.@Nullable Started daemon;

    /** Makes both namespaces and writes the configuration; nothing runs yet. */
    Hypervisor(Lab lab, int number, NetworkTunnel tunnel) {
        this.lab = lab;
        this.number = number;
        this.tunnel = tunnel;
        lab.addNamespace(name());
        lab.addNamespace(guest());
        configuration = lab.write(name() + ".yaml", configurationText());
    }

    String name() {
        return "hv" + number;
    }

    String netns() {
        return lab.netns(name());
    }

    String guest() {
        return "vm" + number;
    }

    String guestNetns() {
        return lab.netns(guest());
    }

    /** The guest's device. */
    String tap() {
        return "tap-" + guest();
    }

    String guestMac() {
        return guestMac(number);
    }

    String guestIp() {
        return guestIp(number);
    }

    String vtep() {
        return vtep(number);
    }

    private static String guestMac(int number) {
        return "02:00:00:00:00:0" + number;
    }

    private static String guestIp(int number) {
        return "10.0.0.1" + number;
    }

    private static String vtep(int number) {
        return "192.0.2." + number;
    }

    Path configuration() {
        return configuration;
    }

    Path socket() {
        return lab.directory().resolve(name() + ".sock");
    }

    Path log() {
        return lab.directory().resolve(name() + ".log");
    }

    /** The YAML that its jvswitch reads. */
    String configurationText() {
        int other = 3 - number;
        return """
                switch:
                  name: %s
                  control-socket: %s
                  state-dir: %s
                underlay:
                  local-ip: %s
                networks:
                  blue:
                    tunnel: %s
                    vni: 42
                    remotes: [%s]
                    subnets:
                      - cidr: 10.0.0.0/24
                        gateway: 10.0.0.1
                        dns: [10.0.0.53]
                        routes: [{to: 172.16.0.0/12, via: 10.0.0.254}]
                        dhcp: {server: 10.0.0.2, pool: 10.0.0.100-10.0.0.199, lease: 1d}
                    hosts:
                      - {mac: "%s", ip: %s, vtep: %s}
                ports:
                  %s:
                    kind: tap
                    network: blue
                    mac: "%s"
                    ip: %s
                    hostname: %s
                    netns: %s
                """.formatted(
                        name(),
                        socket(),
                        lab.directory().resolve(name() + "-state"),
                        vtep(),
                        tunnel.label(),
                        vtep(other),
                        guestMac(other),
                        guestIp(other),
                        vtep(other),
                        tap(),
                        guestMac(),
                        guestIp(),
                        guest(),
                        guestNetns());
    }

    /** Starts its jvswitch. */
    void start() {
        daemon = lab.start(Lab.inside(netns(), Jvm.daemon(configuration)), log());
    }

    /** Whether its jvswitch has put the TAP into the guest. */
    boolean hasTap() {
        return lab.succeeds("ip", "-n", guestNetns(), "link", "show", tap());
    }

    /** Fails the step when its jvswitch has ended. */
    void requireAlive() {
        if (daemon != null && !daemon.process().isAlive()) {
            throw new StepFailedException("the jvswitch of " + name() + " ended with status "
                    + daemon.process().exitValue() + "; it said: "
                    + daemon.output().strip());
        }
    }

    /** What a command to its jvswitch prints. */
    String ask(String... words) {
        requireAlive();
        return lab.run(Jvm.command(socket(), List.of(words)));
    }

    /** What a command with {@code --json} prints. */
    JsonNode askJson(String... words) {
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = "--json";
        return JSON.readTree(ask(all));
    }
}
