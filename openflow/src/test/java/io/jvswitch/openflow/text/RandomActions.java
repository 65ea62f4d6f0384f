package io.jvswitch.openflow.text;

import java.util.List;
import java.util.random.RandomGenerator;

/** Random texts of actions, each form of ovs-actions(7) among them. */
final class RandomActions {

    /** One a line; in braces, what {@link #value} puts there. */
    private static final String FORMS = """
            output:{P}
            IN_PORT
            NORMAL
            FLOOD
            ALL
            LOCAL
            CONTROLLER:{S}
            output:NXM_NX_REG3[0..15]
            output:NXM_NX_REG3[]
            output:NXOXM_NSH_C1[0..15]
            output(port={P},max_len=1{S})
            group:{N}
            controller(reason=no_match,id={S})
            controller(max_len={S},userdata={X}.{X}.{X},pause)
            controller(reason=invalid_ttl,max_len={S},id={S},userdata={X}.{X}.{X}.{X}.{X}.{X}.{X}.{X}.{X},meter_id={N})
            enqueue:{P}:{N}
            set_queue:{N}
            pop_queue
            mod_vlan_vid:{V}
            set_vlan_vid:{V}
            mod_vlan_pcp:3
            set_vlan_pcp:5
            strip_vlan
            pop_vlan
            push_vlan:0x8100
            push_vlan:0x88a8
            mod_dl_src:{M}
            mod_dl_dst:{M}
            mod_nw_src:{I}
            mod_nw_dst:{I}
            mod_nw_tos:24
            mod_nw_ecn:2
            mod_nw_ttl:{B}
            mod_tp_src:{S}
            mod_tp_dst:{S}
            set_mpls_label({V})
            set_mpls_tc(3)
            set_mpls_ttl({B})
            dec_mpls_ttl
            push_mpls:0x8847
            pop_mpls:0x0800
            dec_ttl
            dec_ttl({S},{S},{S})
            dec_ttl({S})
            set_tunnel:0x{n}
            set_tunnel64:0x{n}
            load:0x{b}->NXM_NX_REG{R}[0..7]
            load:0x{b}->NXM_NX_REG{R}[]
            load:0x{b}->OXM_OF_PKT_REG2[8..31]
            load:0x1->NXM_OF_VLAN_TCI[12]
            load:0x{b}->NXM_NX_TUN_ID[]
            move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]
            move:NXM_NX_REG{R}[0..5]->NXM_NX_REG{R}[26..31]
            move:NXM_NX_XXREG0[0..31]->NXM_NX_REG15[]
            move:OXM_OF_METADATA[0..31]->NXM_NX_REG{R}[]
            set_field:0x{n}->reg{R}
            set_field:0x{b}00/0xff00->reg{R}
            set_field:{M}->eth_src
            set_field:{M}->eth_dst
            set_field:{I}->ip_src
            set_field:{I}->ip_dst
            set_field:{S}->tcp_src
            set_field:{S}->udp_dst
            set_field:{S}->sctp_dst
            set_field:0x{n}->tun_id
            set_field:0x{n}->metadata
            set_field:0x{n}->pkt_mark
            set_field:{I}->tun_src
            set_field:fe80::{B}->ipv6_src
            set_field:fe80::{B}->nd_target
            set_field:{M}->nd_sll
            set_field:{M}->arp_sha
            set_field:{I}->arp_spa
            set_field:2->arp_op
            set_field:0x{n}{W}->xreg3
            set_field:0x{n}{W}{W}->xxreg1
            set_field:{V}->mpls_label
            set_field:3->mpls_tc
            set_field:11->ip_dscp
            set_field:2->nw_ecn
            set_field:{B}->nw_ttl
            set_field:{B}->mpls_ttl
            set_field:7->icmp_type
            set_field:0x{v}->ipv6_label
            set_field:0x1/0x1->xreg0
            set_field:00:00:00:00:00:01/01:00:00:00:00:01->eth_dst
            set_field:{B}->nsh_si
            set_field:0x{n}->nsh_c1
            set_field:0x{v}->nsh_spi
            push:NXM_NX_REG{R}[]
            push:NXM_NX_REG{R}[3..9]
            pop:NXM_NX_REG{R}[0..15]
            pop:NXM_OF_IN_PORT[]
            resubmit:{P}
            resubmit(,{T})
            resubmit({P},{T})
            resubmit(,{T},ct)
            fin_timeout(idle_timeout={S})
            fin_timeout(idle_timeout={S},hard_timeout={S})
            learn(table={T})
            learn(table={T},idle_timeout={S},hard_timeout={S},fin_idle_timeout={S},fin_hard_timeout={S},priority={S},send_flow_rem,delete_learned,cookie=0x{n},NXM_OF_VLAN_TCI[0..11],NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],load:NXM_NX_TUN_ID[]->NXM_NX_TUN_ID[],output:NXM_OF_IN_PORT[])
            learn(table={T},limit={N},result_dst=NXM_NX_REG0[8],eth_type=0x800,ip_src={I},load:0x{b}->NXM_NX_REG{R}[4..11])
            learn(table={T},NXM_NX_REG{R}[0..9]=0x{b},reg4=0x{n},load:0x1->NXM_NX_REG0[7])
            multipath(eth_src,{S},modulo_n,16,{N},NXM_NX_REG{R}[0..3])
            multipath(symmetric_l3l4+udp,{S},hrw,1,0,NXM_NX_REG0[])
            multipath(symmetric_l4,{S},iter_hash,16,{N},NXM_NX_REG0[0..15])
            bundle(eth_src,{S},hrw,ofport,members:{P},{P})
            bundle(nw_dst,{S},active_backup,ofport,members:{P},{P},{P},{P},{P})
            bundle_load(symmetric_l3,{S},hrw,ofport,NXM_NX_REG{R}[0..15],members:{P},{P})
            note:{X}.{X}.{X}.{X}.{X}.{X}
            note:{X}.{X}.{X}.{X}.{X}.{X}.{X}.{X}.{X}.{X}.{X}.{X}.{X}.{X}
            exit
            sample(probability=1{S},collector_set_id={N},obs_domain_id={N},obs_point_id={N})
            sample(probability=1{S},collector_set_id={N},obs_domain_id={N},obs_point_id={N},sampling_port={P})
            sample(probability=1{S},collector_set_id={N},obs_domain_id={N},obs_point_id={N},sampling_port={P},egress)
            clone(mod_dl_dst:{M},output:{P})
            clone(clone(set_field:0x{n}->reg{R},exit),resubmit(,{T}))
            ct_clear
            ct()
            ct(commit)
            ct(commit,force,table={T},zone={V})
            ct(table={T},zone=NXM_NX_REG{R}[0..15])
            ct(table={T},nat)
            ct(commit,nat(src={I}))
            ct(commit,nat(dst=1.1.1.1-2.2.2.2:1{S}-65535,persistent,hash))
            ct(commit,nat(src=[fe80::{B}]:1{S},random))
            ct(commit,nat(src=fe80::1-fe80::2))
            ct(commit,zone={V},exec(set_field:0x{n}->ct_mark,set_field:0x{b}/0xff->ct_label),alg=ftp)
            ct(commit,nat(src),exec(load:0x{b}->NXM_NX_CT_MARK[0..7],move:NXM_NX_REG{R}[]->NXM_NX_CT_MARK[]),alg=tftp)
            check_pkt_larger({S})->NXM_NX_REG{R}[3]
            write_metadata:0x{n}
            delete_field:tun_metadata7
            encap(nsh(md_type=1))
            encap(nsh(md_type=2,tlv(0x1000,10,0x12345678),tlv(0x2000,20,0xfedcba98)))
            encap(ethernet)
            encap(mpls)
            encap(mpls_mc)
            decap()
            decap(packet_type(ns=1,type=0x800))
            dec_nsh_ttl
            """;

    private final RandomGenerator random;

    RandomActions(RandomGenerator random) {
        this.random = random;
    }

    /** Every form once, with other numbers each time. */
    List<String> all() {
        return FORMS.lines().map(this::fill).toList();
    }

    private String fill(String form) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (int brace = form.indexOf('{'); brace >= 0; brace = form.indexOf('{', at)) {
            text.append(form, at, brace).append(value(form.charAt(brace + 1)));
            at = brace + 3;
        }
        return text.append(form.substring(at)).toString();
    }

    /** A small letter is the hexadecimal number of the large one. */
    private String value(char kind) {
        return switch (kind) {
            case 'P' -> String.valueOf(number(0xfeff));
            case 'S' -> String.valueOf(number(5000));
            case 'B' -> String.valueOf(number(255));
            case 'b' -> Integer.toHexString(number(255));
            case 'V' -> String.valueOf(number(4095));
            case 'v' -> Integer.toHexString(number(4095));
            case 'T' -> String.valueOf(number(254));
            case 'N' -> String.valueOf(number(Integer.MAX_VALUE));
            case 'n' -> Integer.toHexString(number(Integer.MAX_VALUE));
            case 'W' -> "%08x".formatted(random.nextInt());
            case 'X' -> "%02x".formatted(octet());
            case 'R' -> String.valueOf(random.nextInt(16));
            case 'M' -> "50:54:00:%02x:%02x:%02x".formatted(octet(), octet(), octet());
            case 'I' -> "10.%d.%d.%d".formatted(octet(), octet(), octet());
            default -> throw new IllegalArgumentException("no numbers of kind " + kind);
        };
    }

    /** 1 up to a greatest number. */
    private int number(int max) {
        return 1 + random.nextInt(max);
    }

    private int octet() {
        return random.nextInt(256);
    }
}
