package io.jvswitch.tap;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.IpProtocol;
import java.nio.file.Path;

/** A program that tries what needs a privilege and prints each error: run by {@link CapabilityIT} with few or none. */
final class Attempts {

    private interface Attempt {
        AutoCloseable make() throws Exception;
    }

    private Attempts() {}

    public static void main(String[] arguments) throws Exception {
        attempt("tap", () -> {
            TapDevice tap = TapDevice.open(TapOptions.named("jvs%d"));
            tap.setMtu(1400);
            tap.setUp(true);
            return tap;
        });
        attempt("raw", () -> RawIpSocket.open(UnderlayOptions.at(IpAddress.parse("127.0.0.1"), 0), IpProtocol.GRE));
        attempt("segment sizes", () -> {
            RawIpSocket raw = RawIpSocket.open(UnderlayOptions.at(IpAddress.parse("127.0.0.1"), 0), IpProtocol.GRE);
            System.out.println("segment sizes told: " + raw.watchSegmentSizes());
            return raw;
        });
        attempt("namespace", () -> NetworkNamespace.ofPath(Path.of(arguments[0])));
        attempt("device", () -> {
            NetDevice.named("lo").setMtu(65_536);
            return () -> {};
        });
        attempt("udp", () -> UdpSocket.open(UnderlayOptions.at(IpAddress.parse("127.0.0.1"), 0)));
    }

    private static void attempt(String name, Attempt attempt) throws Exception {
        try (AutoCloseable made = attempt.make()) {
            System.out.println(name + " worked: " + made);
        } catch (NativeException e) {
            System.out.println(name + " failed: " + e.getMessage());
        }
    }
}
