package io.jvswitch.bench.peers;

import io.jvswitch.vswitchd.demo.Lab;
import java.nio.file.Path;
import java.util.List;

/** The bare C pump: what the kernel allows a program between a TAP and a UDP socket ({@code src/main/c/pump.c}). */
final class PumpPeer extends Peer {
    private final String program;

    PumpPeer(Lab lab, Layout layout, Path program) {
        super(PeerKind.PUMP, lab, layout);
        this.program = program.toString();
    }

    @Override
    void prepare() {
        site().build();
        site().addUnderlayAddresses();
    }

    @Override
    void start() {
        if (layout().isTunnelled()) {
            for (int host = 1; host <= 2; host++) {
                launch(
                        site().host(host),
                        List.of(
                                program,
                                "tunnel",
                                Site.device(host),
                                site().guest(host),
                                Site.vtep(host),
                                Site.vtep(3 - host),
                                Integer.toString(Site.VNI)),
                        "h" + host);
            }
        } else {
            launch(
                    site().host(1),
                    List.of(program, "local", Site.device(1), site().guest(1), Site.device(2), site().guest(2)),
                    "h1");
        }
        awaitDevice(site().guest(1), Site.device(1));
        awaitDevice(site().guest(2), Site.device(2));
    }
}
