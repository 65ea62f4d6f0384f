package io.jvswitch.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.jvswitch.dhcp.subnet.DhcpSubnet;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A responder for {@code 10.0.0.0/24} with a clock of the test's own. */
final class DhcpNetwork {

    static final String SERVER = "10.0.0.2";

    final RecordingEvents events = new RecordingEvents();
    final DhcpResponder responder;
    /** The time of day; set it by hand for a clock that is set, {@link #pass} for time that passes. */
    long nowMs = 1_767_323_045_000L; // 2026-01-02T03:04:05Z

    private long nowNs = 77_000_000_000L;

    DhcpNetwork(DhcpSubnet... subnets) {
        this.responder = new DhcpResponder(List.of(subnets), LeaseStore.inMemory(events), events, nowMs, nowNs);
    }

    DhcpNetwork(LeaseStore store, long nowMs, DhcpSubnet... subnets) {
        this.nowMs = nowMs;
        this.responder = new DhcpResponder(List.of(subnets), store, events, nowMs, nowNs);
    }

    DhcpNetwork(LeaseStore store, DhcpSubnet... subnets) {
        this.responder = new DhcpResponder(List.of(subnets), store, events, nowMs, nowNs);
    }

    /** Pool 10.0.0.100 to 10.0.0.(99 + addresses), lease of an hour, everything else set. */
    static DhcpSubnet.Builder subnet(int addresses) {
        return DhcpSubnet.builder("10.0.0.0/24", SERVER)
                .gateway(ip("10.0.0.1"))
                .dns(List.of(ip("10.0.0.53")))
                .mtuBytes(1450)
                .leaseSeconds(3600)
                .pools(List.of(new DhcpSubnet.Range(ip("10.0.0.100"), IpAddress.ofIpv4(0x0a00_0063 + addresses))));
    }

    static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    void pass(long ms) {
        nowMs += ms;
        nowNs += ms * 1_000_000;
    }

    /** Lets the responder do what it does once a second. */
    void tick() {
        responder.doWork(nowMs, nowNs);
    }

    void reconfigure(DhcpSubnet... subnets) {
        responder.reconfigure(List.of(subnets), nowMs, nowNs);
    }

    static DhcpPort port(int number, String... ips) {
        return new DhcpPort("vm" + number, Stream.of(ips).map(DhcpNetwork::ip).toList(), false);
    }

    /** A port whose guest is trusted as a relay agent. */
    static DhcpPort relay(int number) {
        return new DhcpPort("relay" + number, List.of(), true);
    }

    /** Answers what came by a port without anything configured. */
    DhcpOutcome answer(Frame frame) {
        return answer(frame, port(frame.inPort()));
    }

    DhcpOutcome answer(Frame frame, DhcpPort port) {
        return responder.answer(frame, port, nowMs, nowNs);
    }

    DhcpOutcome outcome(Guest guest) {
        return answer(guest.frame());
    }

    /** The reply, or null when there was none. */
    @Nullable
    Reply ask(Guest guest) {
        return ask(guest, null);
    }

    @Nullable
    Reply ask(Guest guest, @Nullable String bindingIp) {
        Frame frame = guest.frame();
        DhcpPort port = bindingIp == null ? port(frame.inPort()) : port(frame.inPort(), bindingIp);
        DhcpOutcome outcome = answer(frame, port);
        return outcome == DhcpOutcome.REPLY ? Reply.of(frame) : null;
    }

    Reply expect(int type, Guest guest) {
        return expect(type, guest, (String) null);
    }

    Reply expect(int type, Guest guest, DhcpPort port) {
        Frame frame = guest.frame();
        assertEquals(DhcpOutcome.REPLY, answer(frame, port));
        Reply reply = Reply.of(frame);
        assertEquals(type, reply.type());
        return reply;
    }

    Reply expect(int type, Guest guest, @Nullable String bindingIp) {
        Reply reply = ask(guest, bindingIp);
        assertNotNull(reply, "a reply");
        assertEquals(type, reply.type());
        return reply;
    }

    Reply offer(Guest guest) {
        return expect(MessageType.OFFER, guest.discover());
    }

    /** Leads a fresh guest to an address and gives that. */
    String lease(int number) {
        String offered = offer(Guest.number(number)).yiaddr();
        return expect(MessageType.ACK, Guest.number(number).selecting(SERVER, offered))
                .yiaddr();
    }

    long count(DhcpCounter counter) {
        return responder.counters().get(counter);
    }

    @Nullable
    DhcpLease lease(String address) {
        return responder.leases().stream()
                .filter(lease -> lease.ip().equals(ip(address)))
                .findFirst()
                .orElse(null);
    }

    @Nullable
    LeaseState state(String address) {
        DhcpLease lease = lease(address);
        return lease == null ? null : lease.state();
    }
}
