package io.jvswitch.datapath.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.MplsHeader;
import io.jvswitch.wire.header.NshHeader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How actions are printed: as ovs-ofctl, or ovs-dpctl where only it has them. */
final class ActionTextTest {

    private static final long MAC = 0x0200_0000_0001L;

    @Test
    void fieldsThatAreSet() {
        assertText("set_field:02:00:00:00:00:01->eth_dst", SetField.of(FlowField.ETH_DST, MAC));
        assertText(
                "set_field:02:00:00:00:00:00/ff:00:00:00:00:00->eth_src",
                SetField.of(FlowField.ETH_SRC, MAC, 0xff00_0000_0000L));
        assertText("set_field:10.0.0.1->ip_src", SetField.of(FlowField.IP_SRC, IpAddress.parse("10.0.0.1")));
        assertText(
                "set_field:10.0.0.0/24->ip_dst",
                SetField.of(FlowField.IP_DST, IpAddress.parse("10.0.0.1"), IpAddress.parse("255.255.255.0")));
        assertText(
                "set_field:10.0.0.1/255.0.0.255->ip_dst",
                SetField.of(FlowField.IP_DST, IpAddress.parse("10.9.9.1"), IpAddress.parse("255.0.0.255")));
        assertText("set_field:2001:db8::1->ipv6_src", SetField.of(FlowField.IP_SRC, IpAddress.parse("2001:db8::1")));
        assertText(
                "set_field:2001:db8::/64->ipv6_dst",
                SetField.of(
                        FlowField.IP_DST, IpAddress.parse("2001:db8::1"), IpAddress.parse("ffff:ffff:ffff:ffff::")));
        assertText(
                "set_field:2001:db8::/ffff:ffff::ffff->ipv6_dst",
                SetField.of(FlowField.IP_DST, IpAddress.parse("2001:db8::"), IpAddress.parse("ffff:ffff::ffff")));
        assertText("set_field:80->tp_dst", SetField.of(FlowField.L4_DST, 80));
        assertText("set_field:80/0xf0->tp_dst", SetField.of(FlowField.L4_DST, 0x5f, 0xf0));
        assertText("set_field:64->nw_ttl", SetField.of(FlowField.IP_TTL, 64));
        assertText("set_field:0x12345->ipv6_label", SetField.of(FlowField.IPV6_LABEL, 0x12345));
        assertText("set_field:02:00:00:00:00:01->arp_sha", SetField.of(FlowField.ARP_SHA, MAC));
    }

    @Test
    void headersThatComeAndGo() {
        int entry = MplsHeader.entryOf(29, 2, true, 64);
        assertText(
                "push_mpls(label=29,tc=2,ttl=64,bos=1,eth_type=0x8847)",
                new Action.PushMpls(EtherType.MPLS_UNICAST, entry));
        assertText("pop_mpls(eth_type=0x800)", new Action.PopMpls(EtherType.IPV4));
        assertText(
                "push_nsh(flags=2,ttl=63,mdtype=1,np=3,spi=0x123456,si=255,c1=0x1,c2=0x2,c3=0x3,c4=0xffffffff)",
                new PushNsh(2, 63, NshHeader.MD_TYPE_1, NshHeader.NEXT_ETHERNET, 0x123456, 255, List.of(1, 2, 3, -1)));
        assertText(
                "push_nsh(flags=0,ttl=63,mdtype=2,np=3,spi=0x1,si=255,md2=0x1000000800000001)",
                new PushNsh(0, 63, NshHeader.MD_TYPE_2, NshHeader.NEXT_ETHERNET, 1, 255, List.of(0x1000_0008, 1)));
        assertText("pop_nsh()", new Action.PopNsh());
        assertText("push_eth(src=02:00:00:00:00:01,dst=00:00:00:00:00:02)", new Action.PushEthernet(MAC, 2));
        assertText("pop_eth", new Action.PopEthernet());
    }

    @Test
    void theOthers() {
        Action.ToConductor tell = new Action.ToConductor(Action.ToConductor.Reason.INVALID_TTL, 0xabc);
        assertText("userspace(controller(reason=invalid_ttl,cookie=0xabc))", tell);
        assertText("dec_ttl(le_1(drop))", new Action.LowerTtl(Action.TtlOf.IP, null));
        assertText("dec_mpls_ttl(le_1(" + tell + "))", new Action.LowerTtl(Action.TtlOf.MPLS, tell));
        assertText("dec_nsh_ttl(le_1(drop))", new Action.LowerTtl(Action.TtlOf.NSH, null));
        assertText("hash(l4(4294967295))", new Action.Hash(-1));
        assertText("meter(7)", new Action.Meter(7, Action.Meter.Unit.PACKETS, 1, 1));
        assertText("trunc(100)", new Action.Truncate(100));
    }

    private static void assertText(String text, Action action) {
        assertEquals(text, action.toString());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoHeaderFieldCannotBeSet(FlowField field) {
        if (!SetField.WRITABLE.contains(field)) {
            assertThrows(IllegalArgumentException.class, () -> SetField.of(field, 1));
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> SetField.of(FlowField.IP_TTL, 1, 0x100));
        assertThrows(IllegalArgumentException.class, () -> SetField.of(FlowField.IP_TTL, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new SetField(FlowField.IP_TTL, 0, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Action.Truncate(13));
        assertThrows(IllegalArgumentException.class, () -> new Action.PushMpls(EtherType.IPV4, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new PushNsh(0, 63, NshHeader.MD_TYPE_1, 3, 1, 255, List.of(1, 2, 3)));
    }

    @Test
    void onlyTheBitsOfTheMaskAreKept() {
        assertEquals(SetField.of(FlowField.L4_DST, 0x50, 0xf0), SetField.of(FlowField.L4_DST, 0x5f, 0xf0));
    }
}
