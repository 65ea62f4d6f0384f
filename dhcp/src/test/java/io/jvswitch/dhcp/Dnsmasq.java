package io.jvswitch.dhcp;

import io.jvswitch.tap.NetworkNamespace;
import io.jvswitch.tap.TapDevice;
import io.jvswitch.tap.TapOptions;
import io.jvswitch.tap.TapQueue;
import io.jvswitch.testkit.Await;
import io.jvswitch.testkit.Netns;
import io.jvswitch.testkit.RunningProgram;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.testing.Hex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * dnsmasq as the DHCP server of {@code 10.0.0.0/24}, with the addresses that {@link DhcpNetwork} has: in a namespace of
 * its own, at the other end of a TAP that the test writes a guest's frames to. For one test thread; needs root.
 */
final class Dnsmasq implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Asked behind every question: dnsmasq answers in the order of arrival. Who got no reply by then gets none. */
    private static final int LAST_GUEST = 250;

    private final FramePool pool = new FramePool(128, FramePool.JUMBO_BUFFER_BYTES);
    private final FrameBatch batch = new FrameBatch(FrameBatch.BURST_FRAMES);
    private final Netns netns = Netns.create("dnsmasq");
    private final NetworkNamespace namespace;
    private final TapDevice tap;
    private final Path leaseFile;
    private final RunningProgram program;

    /**
     * @param directory where its lease file goes
     * @param options of dnsmasq's command line, beside those that make it this network's DHCP server:
     *     {@code --dhcp-range} at least
     */
    Dnsmasq(Path directory, String... options) throws IOException {
        netns.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
        namespace = NetworkNamespace.named(netns.name());
        tap = TapDevice.open(TapOptions.named("eth0").withNamespace(namespace));
        tap.setMac(MacAddress.parse("02:6a:0a:00:00:02"));
        tap.setUp(true);
        netns.run("ip", "addr", "add", DhcpNetwork.SERVER + "/24", "dev", "eth0");
        leaseFile = directory.resolve("dnsmasq.leases");
        List<String> command = new ArrayList<>(List.of(
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--port=0",
                "--user=root",
                "--pid-file=",
                "--interface=eth0",
                "--bind-interfaces",
                "--no-ping",
                "--dhcp-authoritative",
                "--dhcp-leasefile=" + leaseFile,
                "--log-facility=-",
                "--log-dhcp",
                "--dhcp-host=02:00:00:00:00:fa,10.0.0." + LAST_GUEST));
        command.addAll(List.of(options));
        program = netns.start(command.toArray(String[]::new));
        program.awaitOutput("sockets bound exclusively to interface eth0", PATIENCE);
    }

    /** Its reply to a guest's message, or null when it gives none. */
    @Nullable
    Reply ask(Guest guest) {
        return ask(guest.frame(), guest.mac);
    }

    /** Its reply to a frame of the guest with a MAC address, or null when it gives none. */
    @Nullable
    Reply ask(Frame request, long mac) {
        int ipAt = request.start() + EthernetHeader.BYTES;
        // A reply to an address in use goes through the kernel's neighbour table.
        if (EthernetHeader.type(request.segment(), request.start()) == EtherType.IPV4
                && Ipv4Header.source(request.segment(), ipAt) != 0) {
            String source = IpAddress.ipv4ToString(Ipv4Header.source(request.segment(), ipAt));
            String sender = MacAddress.toString(EthernetHeader.source(request.segment(), request.start()));
            netns.run("ip", "neigh", "replace", source, "lladdr", sender, "nud", "permanent", "dev", "eth0");
        }
        send(request);
        Guest last = Guest.number(LAST_GUEST).discover().broadcastFlag();
        send(last.frame());
        List<Reply> replies = new ArrayList<>();
        Await.until("dnsmasq to answer what was asked last", PATIENCE, program::output, () -> {
            receive(replies);
            return replies.stream().anyMatch(reply -> reply.mac() == last.mac);
        });
        return replies.stream().filter(reply -> reply.mac() == mac).findFirst().orElse(null);
    }

    private void send(Frame frame) {
        FrameBatch one = new FrameBatch(1);
        one.add(frame);
        if (tap.queue(0).transmit(one, 0) != 1) {
            throw new AssertionError("the TAP took no frame: " + tap.queue(0).transmitError());
        }
    }

    private void receive(List<Reply> replies) {
        TapQueue queue = tap.queue(0);
        queue.receive(pool, batch);
        for (int i = 0; i < batch.size(); i++) {
            Frame frame = Hex.frame(Hex.bytes(batch.get(i)), 0);
            if (isFromServer(frame)) {
                replies.add(Reply.read(frame));
            }
        }
        batch.releaseAll(pool);
    }

    private static boolean isFromServer(Frame frame) {
        int ipAt = frame.start() + EthernetHeader.BYTES;
        int udpAt = ipAt + Ipv4Header.BYTES;
        boolean dhcp = EthernetHeader.type(frame.segment(), frame.start()) == EtherType.IPV4
                && Ipv4Header.protocol(frame.segment(), ipAt) == IpProtocol.UDP
                && UdpHeader.sourcePort(frame.segment(), udpAt) == 67;
        if (dhcp) {
            frame.setLayers(ipAt, udpAt);
        }
        return dhcp;
    }

    /**
     * What it keeps, a line a lease: time, MAC address, address, host name and client identifier ({@code *} for none).
     */
    List<String> leases() throws IOException {
        return Files.exists(leaseFile) ? Files.readAllLines(leaseFile) : List.of();
    }

    @Override
    public void close() {
        program.close();
        tap.close();
        namespace.close();
        netns.close();
        pool.close();
    }
}
