package io.jvswitch.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A responder for {@code 10.0.0.0/24} with a clock of the test's own. */
final class DhcpNetwork {

    static final String SERVER = "10.0.0.2";

    final RecordingEvents events = new RecordingEvents();
    final DhcpResponder responder;
    long nowMs = 1_767_323_045_000L; // 2026-01-02T03:04:05Z

    DhcpNetwork(DhcpSubnet... subnets) {
        this.responder = new DhcpResponder(List.of(subnets), LeaseStore.inMemory(events), events, nowMs);
    }

    DhcpNetwork(LeaseStore store, DhcpSubnet... subnets) {
        this.responder = new DhcpResponder(List.of(subnets), store, events, nowMs);
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
    }

    DhcpOutcome outcome(Guest guest) {
        return responder.answer(guest.frame(), 0, nowMs);
    }

    /** The reply, or null when there was none. */
    @Nullable
    Reply ask(Guest guest) {
        return ask(guest, null);
    }

    @Nullable
    Reply ask(Guest guest, @Nullable String bindingIp) {
        Frame frame = guest.frame();
        long binding = bindingIp == null ? 0 : ip(bindingIp).ipv4() & 0xffff_ffffL;
        DhcpOutcome outcome = responder.answer(frame, binding, nowMs);
        return outcome == DhcpOutcome.REPLY ? Reply.of(frame) : null;
    }

    Reply expect(int type, Guest guest) {
        return expect(type, guest, null);
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
