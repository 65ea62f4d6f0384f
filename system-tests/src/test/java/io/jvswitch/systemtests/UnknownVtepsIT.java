package io.jvswitch.systemtests;

import io.jvswitch.testkit.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A network that takes frames from any VTEP, on an underlay where somebody makes VTEPs up. */
final class UnknownVtepsIT {
    private final Hypervisor hypervisor = Hypervisor.create("huv");
    private final LinuxVtep vtep = LinuxVtep.create();
    private final Guest vm = Guest.create("uvm", "tap1");

    /** Sends a VXLAN datagram with a small frame from each of the addresses from 198.18.0.0 on. */
    private static final String FORGE = """
            import socket, struct, sys
            first, count = int(sys.argv[1]), int(sys.argv[2])
            s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
            for i in range(first, first + count):
                inner = b"\\xff" * 6 + b"\\x02\\x66" + struct.pack("!I", i) + b"\\x88\\xb5" + bytes(46)
                vxlan = bytes.fromhex("0800000000002a00") + inner
                udp = struct.pack("!HHHH", 5000, 4789, 8 + len(vxlan), 0) + vxlan
                ip = struct.pack("!BBHHHBBHII", 0x45, 0, 0, 0, 0, 64, 17, 0, 0xc6120000 + i, 0xc0000201)
                s.sendto(ip + udp, ("192.0.2.1", 0))
            """;

    @AfterEach
    void clearAway() {
        vm.close();
        hypervisor.close();
        vtep.close();
    }

    private long learnt() {
        long known = 0;
        for (tools.jackson.databind.JsonNode view : hypervisor.get("/v1/show").path("vteps")) {
            known += view.path("source").asString().equals("learned") ? 1 : 0;
        }
        return known;
    }

    @Test
    void aRealOneIsLearntBesideThousandsThatAreMadeUp() {
        hypervisor.connect(vtep.netns(), "192.0.2.1/24", "192.0.2.2/24");
        hypervisor
                .netns()
                .run(
                        "sh",
                        "-c",
                        "echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter; echo 0 >/proc/sys/net/ipv4/conf/u0/rp_filter");
        vtep.addVxlan(42, "192.0.2.2", "192.0.2.1", 1450, "10.0.0.20/24");
        vtep.netns().run("ip", "link", "set", "vx42", "down"); // it would be learnt first
        hypervisor.configure("""
                underlay: {local-ip: 192.0.2.1}
                networks:
                  blue: {tunnel: vxlan, vni: 42, allow-unknown-vteps: true}
                ports:
                  tap1: {kind: tap, network: blue, netns: %s}
                """.formatted(vm.netns().name()));
        hypervisor.start();
        vm.bringUp("10.0.0.11/24");
        Await.until("4,096 to be known", Hypervisor.LIMIT, () -> "" + learnt(), () -> {
            vtep.netns().run("python3", "-c", FORGE, "0", "4200");
            return learnt() == 4_096;
        });
        vtep.netns().run("python3", "-c", FORGE, "10000", "20000");
        vtep.netns().run("ip", "link", "set", "vx42", "up");
        Guest.in(vtep.netns(), "vx42").awaitPing("10.0.0.11");
        vm.awaitPing("10.0.0.20");
    }
}
