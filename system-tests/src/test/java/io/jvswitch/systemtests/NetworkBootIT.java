package io.jvswitch.systemtests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Peers;
import io.jvswitch.testkit.RunningProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A VM without a disk: what the ROM of its network card, which is iPXE, makes of the switch's DHCP. */
final class NetworkBootIT {
    private static final String MAC = "02:00:00:00:00:21";

    private final Hypervisor hypervisor = Hypervisor.create("hvb");
    private final Guest server = Guest.create("tftp", "tap-tftp");

    @AfterEach
    void clearAway() {
        server.close();
        hypervisor.close();
    }

    @Test
    void aVmBootsWhatIpxeIsToldFromTheNextServer(@TempDir Path directory) throws Exception {
        Peers.requireRoot();
        Peers.require("qemu-system-x86_64", "dnsmasq");
        hypervisor.configure("""
                networks:
                  blue:
                    tunnel: none
                    subnets:
                      - cidr: 10.0.0.0/24
                        gateway: 10.0.0.1
                        dhcp:
                          server: 10.0.0.2
                          pool: 10.0.0.100-10.0.0.109
                          boot: {next-server: 10.0.0.9, file: not-for-ipxe.0, ipxe-file: boot.ipxe}
                          options: {175: "hex:b00101"}
                ports:
                  tap-tftp: {kind: tap, network: blue, netns: %s}
                  tap-vm: {kind: system, network: blue}
                """.formatted(server.netns().name()));
        hypervisor.start();
        server.bringUp("10.0.0.9/24");
        Path root = Files.createDirectory(directory.resolve("tftp"));
        Files.writeString(root.resolve("boot.ipxe"), """
                #!ipxe
                echo guest: ${filename} of ${next-server} at ${ip}
                sleep 600
                """);
        RunningProgram tftp = server.netns()
                .start(
                        "dnsmasq",
                        "--keep-in-foreground",
                        "--conf-file=/dev/null",
                        "--port=0",
                        "--user=root",
                        "--pid-file=",
                        "--log-facility=-",
                        "--enable-tftp",
                        "--tftp-root=" + root);
        tftp.awaitOutput("TFTP root is", Hypervisor.LIMIT);
        try (RunningProgram qemu = SmallVm.bootFromNetwork(hypervisor.netns(), directory, "tap-vm", MAC)) {
            qemu.awaitOutput("guest: boot.ipxe of 10.0.0.9 at 10.0.0.10", Hypervisor.LIMIT);
        }
        assertTrue(tftp.output().contains("boot.ipxe to 10.0.0.10"), tftp.output());
    }
}
