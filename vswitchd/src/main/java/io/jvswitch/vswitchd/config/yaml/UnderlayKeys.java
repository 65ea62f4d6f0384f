package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.vswitchd.plan.UnderlaySpec;
import io.jvswitch.wire.IpAddress;
import java.util.List;

/** The keys of {@code underlay}. */
final class UnderlayKeys {

    static final int MIN_MTU_BYTES = 576;
    static final int MAX_MTU_BYTES = 65_535;

    private static final Key<IpAddress> LOCAL_IP = Key.required(
            "local-ip",
            Values.UNICAST_IP,
            "Address of this VTEP, IPv4 or IPv6; outer source of everything that is sent. An interface of this host "
                    + "must have it.");
    private static final Key<String> DEVICE = Key.optional(
            "device",
            Values.INTERFACE_NAME,
            "the one with `local-ip`",
            "Interface that carries the tunnels. Needed only when several interfaces have the address.");
    private static final Key<Integer> MTU = Key.optional(
            "mtu",
            Values.number(MIN_MTU_BYTES, MAX_MTU_BYTES),
            "from the route and the interface",
            "MTU of the underlay in bytes. Set it when the path carries less than the interface and does not say so.");
    private static final Key<Integer> UDP_PORT = Key.defaulted(
            "udp-port",
            Values.number(1, 65_535),
            UnderlaySpec.VXLAN_UDP_PORT,
            "4789",
            "UDP port of VXLAN, here and at the remotes. Linux's old default is 8472.");
    private static final Key<Integer> SOCKETS = Key.defaulted(
            "sockets",
            Values.number(1, 64),
            UnderlaySpec.DEFAULT_SOCKETS,
            "8",
            "Sending sockets of each worker, each with a source port of its own. The inner flow's hash picks one, "
                    + "so that ECMP and "
                    + "receive-side scaling spread flows and keep each in order.");

    static final KeyTable TABLE = new KeyTable(
            "underlay",
            "The network that carries the tunnels. Needed when a network has a tunnel. A reload cannot change these "
                    + "keys: restart the daemon.",
            List.of(LOCAL_IP, DEVICE, MTU, UDP_PORT, SOCKETS));

    private UnderlayKeys() {}

    static UnderlaySpec read(Section section) {
        Integer mtu = section.find(MTU);
        return new UnderlaySpec(
                section.require(LOCAL_IP, StandIns.IP),
                section.find(DEVICE),
                mtu == null ? 0 : mtu,
                section.get(UDP_PORT),
                section.get(SOCKETS));
    }
}
