package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.cli.DaemonViews;
import io.jvswitch.vswitchd.demo.Jvm;
import io.jvswitch.vswitchd.demo.Lab;
import io.jvswitch.vswitchd.demo.StepFailedException;
import io.jvswitch.vswitchd.view.StatsView;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The daemon of this build, as {@code ./jvswitch run} starts it. It learns, like its peers; nothing is configured
 * beforehand.
 */
final class JvswitchPeer extends Peer {

    JvswitchPeer(Lab lab, Layout layout) {
        super(PeerKind.JVSWITCH, lab, layout);
    }

    @Override
    void prepare() {
        site().build();
        site().addUnderlayAddresses();
        if (layout().isVeth()) {
            site().addVeths();
        }
        for (int host = 1; host <= layout().hosts(); host++) {
            lab().write(configurationName(host), configuration(host));
        }
    }

    @Override
    void start() {
        for (int host = 1; host <= layout().hosts(); host++) {
            Path file = lab().directory().resolve(configurationName(host));
            launch(site().host(host), Jvm.daemon(file), "h" + host);
        }
        awaitDevice(site().guest(1), Site.device(1));
        awaitDevice(site().guest(2), Site.device(2));
    }

    @Override
    DaemonReading reading() {
        List<StatsView> daemons = new ArrayList<>();
        for (int host = 1; host <= layout().hosts(); host++) {
            try {
                daemons.add(DaemonViews.stats(socket(host)));
            } catch (UncheckedIOException e) {
                throw new StepFailedException("no statistics: " + e.getMessage(), e);
            }
        }
        return DaemonReading.of(daemons);
    }

    private Path socket(int host) {
        return lab().directory().resolve("jvswitch-h" + host + ".sock");
    }

    private static String configurationName(int host) {
        return "jvswitch-h" + host + ".yaml";
    }

    private String configuration(int host) {
        StringBuilder yaml = new StringBuilder(
                """
                switch:
                  name: h%d
                  control-socket: %s
                  state-dir: %s
                """.formatted(host, socket(host), lab().directory().resolve("jvswitch-h" + host + "-state")));
        if (layout().isTunnelled()) {
            yaml.append("""
                    underlay:
                      local-ip: %s
                    networks:
                      blue:
                        tunnel: vxlan
                        vni: %d
                        remotes: [%s]
                    """.formatted(Site.vtep(host), Site.VNI, Site.vtep(3 - host)));
        } else {
            yaml.append("""
                    networks:
                      blue:
                        tunnel: none
                    """);
        }
        yaml.append("ports:\n");
        for (int guest = 1; guest <= 2; guest++) {
            if (!layout().isTunnelled() || guest == host) {
                yaml.append(port(guest));
            }
        }
        return yaml.toString();
    }

    private String port(int guest) {
        if (layout().isVeth()) {
            return "  " + Site.leg(guest) + ": {kind: system, network: blue}\n";
        }
        return "  " + Site.device(guest) + ": {kind: tap, network: blue, netns: " + site().guest(guest) + "}\n";
    }
}
