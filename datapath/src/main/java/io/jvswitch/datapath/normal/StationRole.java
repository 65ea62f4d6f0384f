package io.jvswitch.datapath.normal;

import io.jvswitch.arp.NodeKind;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.Icmpv6Header;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.NeighbourDiscovery;

/**
 * Whether a configured station routes, and how that is known: from configuration, or from its own router and neighbour
 * advertisements, which pass here. The responder must say so on its behalf.
 */
public enum StationRole {
    UNKNOWN(0, NodeKind.UNKNOWN, false),
    /** It advertised itself as none. */
    LEARNT_HOST(1, NodeKind.HOST, false),
    LEARNT_ROUTER(2, NodeKind.ROUTER, false),
    CONFIGURED_HOST(3, NodeKind.HOST, true),
    CONFIGURED_ROUTER(4, NodeKind.ROUTER, true);

    /** The R flag, as {@link FlowField#ND_RESERVED} has it. */
    private static final long ROUTER_FLAG = Integer.toUnsignedLong(NeighbourDiscovery.FLAG_ROUTER);

    private static final StationRole[] BY_CODE = byCode();

    private final int code;
    private final NodeKind kind;
    private final boolean configured;

    StationRole(int code, NodeKind kind, boolean configured) {
        this.code = code;
        this.kind = kind;
        this.configured = configured;
    }

    private static StationRole[] byCode() {
        StationRole[] roles = new StationRole[values().length];
        for (StationRole role : values()) {
            roles[role.code] = role;
        }
        return roles;
    }

    /** The role of a {@link #code}. */
    public static StationRole of(int code) {
        return BY_CODE[code];
    }

    /** As a snapshot keeps it; 0 for {@link #UNKNOWN}. */
    public int code() {
        return code;
    }

    /** What configuration says. */
    public static StationRole configured(boolean router) {
        return router ? CONFIGURED_ROUTER : CONFIGURED_HOST;
    }

    /** What the station said itself. */
    public static StationRole learnt(boolean router) {
        return router ? LEARNT_ROUTER : LEARNT_HOST;
    }

    public NodeKind kind() {
        return kind;
    }

    /** Whether configuration says so, against which a station's word does not count. */
    public boolean isConfigured() {
        return configured;
    }

    /** Tells the translation when a frame says of its sender's role what is not known yet and matters. */
    static void observe(NormalStep step) {
        FlowReader key = step.key();
        Network network = step.network();
        if (network.stations().isEmpty()
                || (int) key.get(FlowField.ETH_TYPE) != EtherType.IPV6
                || !key.is(FlowField.IP_PROTO, IpProtocol.ICMPV6)
                || step.vlan() != 0) {
            return;
        }
        int type = (int) key.get(FlowField.L4_SRC);
        boolean advertisement = type == Icmpv6Header.TYPE_NEIGHBOUR_ADVERTISEMENT;
        if (!advertisement && type != Icmpv6Header.TYPE_ROUTER_ADVERTISEMENT) {
            return;
        }
        long mac = key.get(FlowField.ETH_SRC);
        int location = network.station(mac);
        StationRole known = network.role(mac);
        if (location == Locations.NONE || location != step.location() || known.configured) {
            return;
        }
        boolean router = !advertisement || key.test(FlowField.ND_RESERVED, ROUTER_FLAG);
        // That somebody does not route matters where it would be a default router's address, and where the opposite was
        // known.
        boolean matters =
                router || known == LEARNT_ROUTER || NeighbourDiscovery.isLinkLocal(key.getHi(FlowField.ND_TARGET));
        if (matters && known != learnt(router)) {
            if (step.tracing()) {
                step.say("learn that " + NormalTranslator.macText(mac) + (router ? " routes" : " does not route"));
            }
            step.setNewRole(mac, router);
        }
    }
}
