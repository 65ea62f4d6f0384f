package io.jvswitch.vswitchd.api;

import io.jvswitch.datapath.capture.FrameFilter;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes a capture's filter of the words that also describe a frame to trace: all that are given must be true of a
 * frame.
 */
public final class CaptureFilter {

    /** The words of a filter, for messages. */
    static final String SYNTAX =
            "[arp|icmp|tcp|udp] [src=IP] [dst=IP] [sport=N] [dport=N] [vlan=N] [smac=MAC] [dmac=MAC] [ttl=N]"
                    + " [vtep=IP] [vni=N] [tunnel=vxlan|gre]";

    private static final Set<String> KEYS =
            Set.of("src", "dst", "sport", "dport", "vlan", "smac", "dmac", "ttl", "vtep", "vni", "tunnel");
    private static final int VLAN_ID = 0xfff;
    private static final long MAX_KEY = 0xffff_ffffL;

    private final FrameWords words;
    private final FlowKey key = new FlowKey();
    private final FlowMask mask = new FlowMask();

    private CaptureFilter(FrameWords words) {
        this.words = words;
    }

    /** The filter; fails with {@link ControlRefusedException}. Without a word it lets everything through. */
    public static FrameFilter of(String text) {
        List<String> given = List.of(text.strip().split("[\\s,]+", -1));
        if (given.equals(List.of(""))) {
            return FrameFilter.ALL;
        }
        CaptureFilter filter = new CaptureFilter(FrameWords.of("filter", SYNTAX, KEYS, given));
        filter.common();
        return new FrameFilter(filter.alternatives());
    }

    private void common() {
        address("src", FlowField.IP_SRC);
        address("dst", FlowField.IP_DST);
        address("vtep", FlowField.TUNNEL_SRC);
        mac("smac", FlowField.ETH_SRC);
        mac("dmac", FlowField.ETH_DST);
        number("sport", FlowField.L4_SRC, 65_535);
        number("dport", FlowField.L4_DST, 65_535);
        number("ttl", FlowField.IP_TTL, 255);
        if (words.has("vlan")) {
            key.set(FlowField.VLAN_TCI, words.number("vlan", 0, 4095) | FlowField.VLAN_PRESENT);
            mask.bits(FlowField.VLAN_TCI, VLAN_ID | FlowField.VLAN_PRESENT);
        }
        long tunnel = 0;
        if (words.has("vni")) {
            number("vni", FlowField.TUNNEL_ID, MAX_KEY);
            tunnel |= TunnelFlags.KEYED;
            mask.bits(FlowField.TUNNEL_FLAGS, TunnelFlags.KEYED);
        }
        String kind = words.get("tunnel");
        if (kind != null) {
            if (!kind.equals(TunnelKind.VXLAN.label()) && !kind.equals(TunnelKind.GRE.label())) {
                throw words.invalid(kind, "expected vxlan or gre as tunnel");
            }
            tunnel |= kind.equals(TunnelKind.GRE.label()) ? TunnelFlags.GRE : TunnelFlags.VXLAN;
            mask.bits(FlowField.TUNNEL_FLAGS, TunnelFlags.KIND_MASK);
        }
        key.set(FlowField.TUNNEL_FLAGS, tunnel);
    }

    private List<FrameFilter.Alternative> alternatives() {
        String kind = words.kind();
        boolean ports = words.has("sport") || words.has("dport");
        if (ports && (kind.equals("arp") || kind.equals("icmp"))) {
            throw words.invalid(kind, "expected tcp or udp, or neither, as sport or dport is given");
        }
        List<FrameFilter.Alternative> all = new ArrayList<>();
        switch (kind) {
            case "arp" -> all.add(ofType(EtherType.ARP));
            case "icmp" -> {
                all.add(ofProtocol(EtherType.IPV4, IpProtocol.ICMP));
                all.add(ofProtocol(EtherType.IPV6, IpProtocol.ICMPV6));
            }
            case "tcp" -> addTransport(all, IpProtocol.TCP);
            case "udp" -> addTransport(all, IpProtocol.UDP);
            default -> {
                if (ports) {
                    addTransport(all, IpProtocol.TCP);
                    addTransport(all, IpProtocol.UDP);
                } else {
                    all.add(new FrameFilter.Alternative(key, mask));
                }
            }
        }
        return all;
    }

    private void addTransport(List<FrameFilter.Alternative> all, int protocol) {
        all.add(ofProtocol(EtherType.IPV4, protocol));
        all.add(ofProtocol(EtherType.IPV6, protocol));
    }

    private FrameFilter.Alternative ofType(int etherType) {
        FlowKey value = new FlowKey();
        value.copyFrom(key);
        value.set(FlowField.ETH_TYPE, etherType);
        return new FrameFilter.Alternative(value, new FlowMask().copyFrom(mask).exact(FlowField.ETH_TYPE));
    }

    private FrameFilter.Alternative ofProtocol(int etherType, int protocol) {
        FrameFilter.Alternative ofType = ofType(etherType);
        ofType.value().set(FlowField.IP_PROTO, protocol);
        ofType.mask().exact(FlowField.IP_PROTO);
        return ofType;
    }

    private void address(String word, FlowField field) {
        IpAddress address = words.ip(word);
        if (address != null) {
            key.set(field, address.hi(), address.lo());
            mask.exact(field);
        }
    }

    private void mac(String word, FlowField field) {
        MacAddress mac = words.mac(word);
        if (mac != null) {
            key.set(field, mac.bits());
            mask.exact(field);
        }
    }

    private void number(String word, FlowField field, long most) {
        if (words.has(word)) {
            key.set(field, words.number(word, 0, most));
            mask.exact(field);
        }
    }
}
