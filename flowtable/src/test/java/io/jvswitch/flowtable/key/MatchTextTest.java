package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.testkit.Peers;
import io.jvswitch.wire.testing.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatchTextTest {

    private static final int ROUNDS = 10_000;
    private static final int JUDGED = 2_000;

    /** Kinds of packets, by which the prerequisites of all fields can be had. */
    private static final List<String> KINDS = List.of(
            "",
            "ip",
            "tcp",
            "udp",
            "sctp",
            "icmp",
            "ip,nw_proto=47",
            "ipv6",
            "tcp6",
            "udp6",
            "icmp6",
            "arp",
            "mpls",
            "mplsm",
            "rarp",
            "dl_type=0x894f",
            "dl_type=0x88e7",
            "dl_type=0x88cc",
            "icmp6,icmpv6_type=135,icmpv6_code=0",
            "icmp6,icmpv6_type=136,icmpv6_code=0",
            "ip,ct_state=+trk-inv",
            "vlan_tci=0x1000/0x1000");

    /** What Open vSwitch 3.1 does not know, has no number for, or takes with further conditions. */
    private static final Set<String> NOT_JUDGED =
            Set.of("packet_type actset_output skb_priority tun_flags tun_tos tun_ttl ct_nw_src ct_nw_dst ct_ipv6_src"
                    .concat(" ct_ipv6_dst ct_nw_proto ct_tp_src ct_tp_dst pbb_isid ipv6_exthdr mpls_lse1")
                    .concat(" mpls_lse2 vlan_tci nw_tos conj_id nd_options_type tun_gbp_flags ip_frag")
                    .concat(" nsh_flags nsh_ttl nsh_mdtype nsh_np nsh_spi nsh_si nsh_c1 nsh_c2 nsh_c3 nsh_c4")
                    .concat(" vlan_vid in_port ct_state tun_src tun_dst tun_ipv6_src tun_ipv6_dst nd_reserved")
                    .concat(" vlan_pcp ip_src ip_dst arp_spa arp_tpa recirc_id dp_hash")
                    .split(" "));

    private final RandomGenerator random = Seed.random(MatchTextTest.class);

    /** A value that the field takes: any, or with a mask of a prefix or of any bits. */
    private MaskedValue value(MatchField field) {
        MaskedValue exact = MaskedValue.exact(0, 0, field.bits());
        long hi = exact.maskHi();
        long lo = exact.maskLo();
        if (field.maskable() == MatchField.Maskable.BITWISE && random.nextBoolean()) {
            hi &= random.nextBoolean() ? random.nextLong() : -1L << random.nextInt(64);
            lo &= random.nextBoolean()
                    ? random.nextLong()
                    : -1L << random.nextInt(field.bits() >= 64 ? 64 : field.bits());
        }
        boolean small = random.nextBoolean();
        return new MaskedValue(
                hi & (small ? 0 : random.nextLong()), lo & (small ? random.nextInt(4) : random.nextLong()), hi, lo);
    }

    /** A match that OpenFlow can express, of the fields of {@code from}. */
    private FlowMatch match(List<MatchField> from) {
        FlowMatch match = MatchText.parse(KINDS.get(random.nextInt(KINDS.size())));
        for (int i = random.nextInt(6); i > 0; i--) {
            MatchField field = from.get(random.nextInt(from.size()));
            // A field that overlaps with what is asked for already would contradict it.
            boolean isFree = match.mask().isWild(field);
            if (isFree && field.prerequisite().holds(match.key(), match.mask())) {
                field.match(match.key(), match.mask(), value(field));
            }
        }
        FlowKey key = new FlowKey();
        key.copyMasked(match.key(), match.mask());
        return new FlowMatch(key, match.mask());
    }

    /** Law: what is printed of a match can be parsed again, and is the same. */
    @Test
    void whatIsPrintedOfAMatchCanBeParsedAgain() {
        List<MatchField> all = List.copyOf(MatchField.all());
        for (int i = 0; i < ROUNDS; i++) {
            FlowMatch match = match(all);
            String text = MatchText.format(match);
            assertEquals(match, MatchText.parse(text), text);
        }
    }

    /** Open vSwitch's own parser and printer make the same text of it. */
    @Test
    void openVswitchPrintsTheSame(@TempDir Path directory) throws IOException, InterruptedException {
        Peers.require("ovs-ofctl");
        List<MatchField> known = MatchField.all().stream()
                .filter(field -> !NOT_JUDGED.contains(field.label()))
                .filter(field -> !field.label().matches("x?x?reg(1[6-9]|[23][0-9])|xreg([89]|1[0-5])|xxreg[4-7]"))
                .filter(field -> !field.headers().isEmpty())
                .toList();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < JUDGED; i++) {
            FlowMatch match = match(known);
            if (random.nextInt(4) == 0) {
                extra(match);
            }
            String text = MatchText.format(match);
            assertEquals(match, MatchText.parse(text), text);
            // A mask like 70a7:: is a prefix of 70 bits to Open vSwitch, with something behind it.
            if (!text.contains("0x894f") && !text.contains("0x88e7") && !text.matches(".*/\\d[0-9a-f]*:.*")) {
                texts.add(text);
            }
        }
        Path file = directory.resolve("flows");
        Files.writeString(
                file,
                texts.stream()
                        .map(text -> (text.isEmpty() ? "" : text + ",") + "actions=drop\n")
                        .collect(Collectors.joining()));
        Process ofctl = new ProcessBuilder("ovs-ofctl", "-O", "OpenFlow15", "-F", "oxm", "parse-flows", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(ofctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, ofctl.waitFor(), said);
        List<String> printed = said.lines()
                .filter(line -> line.contains(": ADD"))
                .map(line -> line.replaceFirst(".*: ADD *", "").replaceFirst(" ?actions=drop$", ""))
                .toList();
        assertEquals(texts.size(), printed.size(), said);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            if (!texts.get(i).equals(printed.get(i))) {
                different.add(texts.get(i) + "\n" + printed.get(i));
            }
        }
        assertEquals(List.of(), different, "ours, and Open vSwitch's");
    }

    /** What has forms of its own. */
    private void extra(FlowMatch match) {
        String[] more = {
            "in_port=7",
            "dl_vlan=5",
            "dl_vlan_pcp=3",
            "dl_vlan=6,dl_vlan_pcp=0",
            "vlan_tci=0x0000/0x1fff",
            "vlan_tci=0x1005/0x10ff",
            "ct_state=+trk-new",
            "tun_src=192.0.2.1",
            "tun_dst=192.0.0.0/16",
            "tun_ipv6_src=2001:db8::1",
            "tun_ipv6_dst=2001:db8::/32",
            "tun_gbp_flags=0x8",
            "dp_hash=0x5/0xf"
        };
        FlowMatch one = MatchText.parse(more[random.nextInt(more.length)]);
        FlowMask both = new FlowMask().or(match.mask()).and(one.mask());
        if (both.isEmpty()) {
            match.mask().or(one.mask());
            for (int word = one.mask().next(0); word >= 0; word = one.mask().next(word + 1)) {
                match.key().setWord(word, match.key().words[word] | one.key().words[word]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tcp,in_port=1,nw_src=10.0.0.0/8,tp_dst=80",
                "ip,nw_tos=32,nw_ecn=1,nw_ttl=5,nw_frag=not_later",
                "icmp6,icmp_type=135,icmp_code=0,nd_target=::1,nd_sll=02:00:00:00:00:01",
                "ct_state=-new+trk,ip,reg0=0x5/0xf,metadata=0x5/0x7",
                "dl_vlan=5,dl_vlan_pcp=3,dl_src=02:00:00:00:00:00/ff:ff:00:00:00:00",
                "arp,arp_spa=10.0.0.1,arp_op=1,arp_sha=02:00:00:00:00:01",
                "tcp,tp_src=0x50/0xfff0,tcp_flags=+syn-ack",
                "vlan_tci=0x0000/0x1fff,dl_type=0x88cc",
                "tun_id=0x2a,tun_src=192.0.2.1,tun_gbp_id=7,tun_gbp_flags=0x8,tun_ttl=64",
            })
    void theFormIsKept(String text) {
        assertEquals(text, MatchText.format(MatchText.parse(text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ip4 | ip",
                "ip6,ipv6_src=::1 | ipv6,ipv6_src=::1",
                "dl_type=0x800,nw_proto=6,tcp_dst=80 | tcp,tp_dst=80",
                "dl_vlan=0xffff | vlan_tci=0x0000/0x1fff",
                "ip nw_dst=10.1.2.3/255.255.0.0 | ip,nw_dst=10.1.0.0/16",
                "ip,nw_tos=33 | ip,nw_tos=32",
                "in_port=1,ip | ip,in_port=1",
            })
    void operatorsMayWriteItOtherwise(String text, String printed) {
        assertEquals(printed, MatchText.format(MatchText.parse(text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nsh|field nsh missing value",
                "pbb=5|unknown keyword pbb",
                "dl_vlan=5/0xff|5/0xff: invalid mask for field dl_vlan",
                "dl_vlan=4096|dl_vlan: '4096' is no VLAN: must be 0 to 4095, or 0xffff",
                "nw_ttl=256|nw_ttl: '256' does not fit into 8 bits",
                "nw_proto=6/7|nw_proto: '6/7' has a mask, and this field takes none",
            })
    void whatCannotBeReadIsNamed(String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> MatchText.parse(text))
                        .getMessage());
    }

    /** Nothing that counts is hidden, even where OpenFlow has no name for it. */
    @Test
    void everyFieldThatCountsIsInTheText() {
        for (FlowField field : FlowField.values()) {
            FlowMask mask = new FlowMask().bits(field, 1, 1);
            FlowKey key = new FlowKey();
            assertTrue(MatchText.format(key, mask).contains("="), field.label());
        }
        assertEquals(
                "ip,vlan_tci_inner=0x1005,ipv6_src=::/3",
                MatchText.format(
                        MatchText.parse("ip,vlan_tci_inner=0x1005").key(),
                        MatchText.parse("ip,vlan_tci_inner=0x1005").mask().prefix(FlowField.IP_SRC, 3)));
    }
}
