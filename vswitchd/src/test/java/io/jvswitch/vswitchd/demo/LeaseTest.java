package io.jvswitch.vswitchd.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.vswitchd.plan.RouteSpec;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.DhcpMessage;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LeaseTest {
    /** The destinations are the examples of RFC 3442, page 4: 10.0.0.0/8, 10.17.0.0/16, 10.229.0.128/25, 0.0.0.0/0. */
    private static final String OPTIONS =
            "350105" + "0104ffffff00" + "03040a000001" + "06080a0000350a000036" + "0c03766d31" + "1a0205aa"
                    + "330400015180" + "36040a000002"
                    + "791b" + "080a0a0000fe" + "100a110a0000fe" + "190ae500800a0000fe" + "000a000001" + "ff";

    private static Lease ack(String options) {
        byte[] bytes = HexFormat.of().parseHex("00".repeat(DhcpMessage.FIXED_BYTES) + "63825363" + options);
        MemorySegment message = MemorySegment.ofArray(bytes);
        DhcpMessage.setOp(message, 0, DhcpMessage.OP_REPLY);
        DhcpMessage.setYiaddr(message, 0, IpAddress.parse("10.0.0.11").ipv4());
        assertNull(DhcpMessage.check(message, 0, bytes.length));
        return Lease.of(message, bytes.length);
    }

    @Test
    void readsWhatAnAckSays() {
        IpAddress router = IpAddress.parse("10.0.0.254");
        Lease lease = ack(OPTIONS);
        assertEquals(IpAddress.parse("10.0.0.11"), lease.ip());
        assertEquals(24, lease.prefixBits());
        assertEquals(IpAddress.parse("10.0.0.1"), lease.gateway());
        assertEquals(List.of(IpAddress.parse("10.0.0.53"), IpAddress.parse("10.0.0.54")), lease.dns());
        assertEquals("vm1", lease.hostname());
        assertEquals(1450, lease.mtuBytes());
        assertEquals(86400, lease.leaseSeconds());
        assertEquals(IpAddress.parse("10.0.0.2"), lease.server());
        assertEquals(
                List.of(
                        new RouteSpec(IpPrefix.parse("10.0.0.0/8"), router),
                        new RouteSpec(IpPrefix.parse("10.17.0.0/16"), router),
                        new RouteSpec(IpPrefix.parse("10.229.0.128/25"), router),
                        new RouteSpec(IpPrefix.parse("0.0.0.0/0"), IpAddress.parse("10.0.0.1"))),
                lease.routes());
    }

    @Test
    void comesThroughLinesAsItWas() {
        for (Lease lease : List.of(ack(OPTIONS), ack("350105ff"))) {
            Map<String, String> values = new LinkedHashMap<>();
            lease.toLines()
                    .lines()
                    .forEach(line ->
                            values.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
            assertEquals(lease, Lease.parse(values));
        }
    }
}
