package io.jvswitch.datapath;

import io.jvswitch.flowtable.FlowField;
import io.jvswitch.flowtable.FlowReader;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.EtherType;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.IpProtocol;
import io.jvswitch.wire.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a frame must be before it is forwarded at all: valid addresses, and those that its port is bound to. */
final class IngressPolicy {

    static final int DHCP_SERVER_PORT = 67;
    static final int DHCP_CLIENT_PORT = 68;

    private static final int LINK_LOCAL_PREFIX = 10;
    private static final long LINK_LOCAL_HI = 0xfe80_0000_0000_0000L;

    private IngressPolicy() {}

    /** Null when the frame may go on. */
    static @Nullable DropReason check(Translation step) {
        FlowReader key = step.key();
        long sourceMac = key.get(FlowField.ETH_SRC);
        if (sourceMac == 0 || MacAddress.isMulticast(sourceMac)) {
            if (step.tracing()) {
                step.say("source MAC " + MacAddress.toString(sourceMac) + " is no station's");
            }
            return DropReason.SOURCE_MAC_INVALID;
        }
        if (MacAddress.isBridgeReserved(key.get(FlowField.ETH_DST))) {
            return DropReason.BRIDGE_RESERVED;
        }
        LocalPort port = step.port();
        if (port == null) {
            return null;
        }
        if (step.domain().isServiceMac(sourceMac) || port.boundMac() != 0 && port.boundMac() != sourceMac) {
            if (step.tracing()) {
                step.say("source MAC " + MacAddress.toString(sourceMac) + " is not port " + port.name() + "'s "
                        + MacAddress.toString(port.boundMac()));
            }
            return DropReason.SPOOFED_MAC;
        }
        return port.boundIps().isEmpty() ? null : checkSourceAddress(step, port);
    }

    private static @Nullable DropReason checkSourceAddress(Translation step, LocalPort port) {
        FlowReader key = step.key();
        boolean allowed = switch ((int) key.get(FlowField.ETH_TYPE)) {
            case EtherType.IPV4 -> isBound(port, key, true) || isDhcpClient(key);
            // RFC 5227: a probe's sender address is 0
            case EtherType.ARP -> isBound(port, key, true) || (int) key.get(FlowField.IP_SRC) == 0;
            case EtherType.IPV6 -> isBound(port, key, false) || isLinkLocalOrUnspecified(key);
            default -> true;
        };
        if (allowed) {
            return null;
        }
        if (step.tracing()) {
            step.say("source address "
                    + IpAddress.toString(key.getHi(FlowField.IP_SRC), key.get(FlowField.IP_SRC))
                    + " is none of port " + port.name() + "'s " + port.boundIps());
        }
        return DropReason.SPOOFED_IP;
    }

    /** A family in which the port has no binding is not checked. */
    private static boolean isBound(LocalPort port, FlowReader key, boolean ipv4) {
        boolean bindsFamily = false;
        List<IpAddress> all = port.boundIps();
        for (int i = 0; i < all.size(); i++) {
            IpAddress bound = all.get(i);
            if (bound.isIpv4() == ipv4) {
                bindsFamily = true;
                if (bound.lo() == key.get(FlowField.IP_SRC) && bound.hi() == key.getHi(FlowField.IP_SRC)) {
                    return true;
                }
            }
        }
        return !bindsFamily;
    }

    private static boolean isDhcpClient(FlowReader key) {
        return (int) key.get(FlowField.IP_SRC) == 0
                && key.is(FlowField.IP_PROTO, IpProtocol.UDP)
                && key.is(FlowField.L4_DST, DHCP_SERVER_PORT);
    }

    private static boolean isLinkLocalOrUnspecified(FlowReader key) {
        return key.hasPrefix(FlowField.IP_SRC, LINK_LOCAL_HI, 0, LINK_LOCAL_PREFIX)
                || (key.getHi(FlowField.IP_SRC) | key.get(FlowField.IP_SRC)) == 0;
    }
}
