package io.jvswitch.bench.responders;

import io.jvswitch.dhcp.DhcpEvents;
import io.jvswitch.dhcp.DhcpOutcome;
import io.jvswitch.dhcp.DhcpPort;
import io.jvswitch.dhcp.DhcpResponder;
import io.jvswitch.dhcp.LeaseStore;
import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.DhcpMessage;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * DHCP answers in the steady state: an offer to a client that has a lease, and a renewal, which is written to the lease
 * file before it is answered. The file is made anew between iterations, not on the way; no time passes, so it is not
 * flushed each second. The request is copied into the frame each time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class DhcpBenchmark {

    private static final String SERVER = "10.0.0.2";
    private static final String LEASED = "10.0.0.11";
    private static final DhcpPort PORT = new DhcpPort("vm1", List.of(), false);
    private static final long NOW_MS = 1_767_323_045_000L;
    private static final int ROOM_BYTES = 1_500;
    /** Subnet mask, router, name server, host name, domain, MTU, broadcast address, time server, routes. */
    private static final String ASKS_FOR = "3709 01 03 06 0c 0f 1a 1c 2a 79";

    private static final DhcpEvents QUIET = new DhcpEvents() {
        @Override
        public void info(String message) {
            // nobody reads a benchmark's log
        }

        @Override
        public void warn(String message) {
            throw new IllegalStateException(message);
        }
    };

    /** Whether leases are written to a file. */
    @Param({"true", "false"})
    boolean file = true;

    private final byte[] discover = request("0.0.0.0", "255.255.255.255", "350101" + ASKS_FOR);
    private final byte[] renew = request(LEASED, SERVER, "350103" + ASKS_FOR);
    private final Frame frame = Hex.frame(new byte[ROOM_BYTES], 0);
    private Path directory = Path.of("");
    private DhcpResponder responder = responder(LeaseStore.inMemory(QUIET));

    private static byte[] request(String ciaddr, String destination, String options) {
        byte[] bytes = Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST)
                .ipv4(ciaddr, destination)
                .udp(DhcpMessage.CLIENT_PORT, DhcpMessage.SERVER_PORT)
                .dhcp(DhcpMessage.OP_REQUEST, 1, Frames.MAC_A, options)
                .bytes();
        Frame made = Hex.frame(bytes, 0);
        int messageAt = made.start() + 42;
        DhcpMessage.setCiaddr(made.segment(), messageAt, IpAddress.parse(ciaddr).ipv4());
        Checksum.setTransport(
                made.segment(), made.start() + 14L, IpProtocol.UDP, made.start() + 34L, made.length() - 34);
        return Hex.bytes(made);
    }

    private static DhcpResponder responder(LeaseStore store) {
        DhcpSubnet subnet = DhcpSubnet.builder("10.0.0.0/24", SERVER)
                .gateway(IpAddress.parse("10.0.0.1"))
                .dns(List.of(IpAddress.parse("10.0.0.53")))
                .domain("example.com")
                .ntp(List.of(IpAddress.parse("10.0.0.123")))
                .routes(List.of(new DhcpSubnet.Route(IpAddress.parse("172.16.0.0"), 12, IpAddress.parse("10.0.0.254"))))
                .mtuBytes(1_450)
                .reserve(MacAddress.parse(Frames.MAC_A), IpAddress.parse(LEASED), "vm1")
                .build();
        return new DhcpResponder(List.of(subnet), store, QUIET, NOW_MS, 0);
    }

    /** Opens the lease file and leases the client its address. */
    @Setup(Level.Trial)
    public void lease() throws IOException {
        if (file) {
            directory = Files.createTempDirectory("jvswitch-bench");
            responder = responder(LeaseStore.open(directory.resolve("leases"), QUIET));
        }
        answer(renew);
    }

    /** Makes the lease file small again. */
    @Setup(Level.Iteration)
    public void compact() {
        responder.doWork(NOW_MS, 0);
    }

    /** DISCOVER of a client that has a lease. */
    @Benchmark
    public int offer() {
        return answer(discover);
    }

    /** REQUEST of a client that renews. */
    @Benchmark
    public int renewal() {
        return answer(renew);
    }

    private int answer(byte[] request) {
        Hex.fill(frame, request);
        frame.setInPort(1);
        DhcpOutcome outcome = responder.answer(frame, PORT, NOW_MS, 0);
        if (outcome != DhcpOutcome.REPLY) {
            throw new IllegalStateException("the DHCP request was not answered: " + outcome);
        }
        return frame.length();
    }

    /** Removes the lease file. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        responder.close();
        if (file) {
            try (var files = Files.list(directory)) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(directory);
        }
    }
}
