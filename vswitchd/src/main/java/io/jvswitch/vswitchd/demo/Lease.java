package io.jvswitch.vswitchd.demo;

import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.vswitchd.plan.RouteSpec;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.DhcpMessage;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a DHCP server's ACK tells a guest, as far as the demo uses it.
 *
 * @param ip the guest's address
 * @param prefixBits length of the subnet's prefix (option 1)
 * @param gateway option 3, or null
 * @param dns option 6
 * @param hostname option 12, or empty
 * @param mtuBytes option 26, or 0
 * @param leaseSeconds option 51
 * @param server option 54
 * @param routes option 121
 */
record Lease(
        IpAddress ip,
        int prefixBits,
        @Nullable IpAddress gateway,
        List<IpAddress> dns,
        String hostname,
        int mtuBytes,
        long leaseSeconds,
        @Nullable IpAddress server,
        List<RouteSpec> routes) {

    Lease {
        dns = List.copyOf(dns);
        routes = List.copyOf(routes);
    }

    /** Reads an ACK that passed {@link DhcpMessage#check}. */
    static Lease of(MemorySegment message, int length) {
        int prefixBits = 32;
        IpAddress gateway = null;
        List<IpAddress> dns = List.of();
        String hostname = "";
        int mtuBytes = 0;
        long leaseSeconds = 0;
        IpAddress server = null;
        List<RouteSpec> routes = List.of();
        for (long option = DhcpMessage.firstOption(message, 0, length);
                option >= 0;
                option = DhcpMessage.nextOption(message, 0, length, option)) {
            long value = option + 2;
            int valueLength = DhcpMessage.optionLength(message, option);
            switch (DhcpMessage.optionCode(message, option)) {
                case 1 -> prefixBits = Integer.bitCount(NetworkOrder.getInt(message, value));
                case 3 -> gateway = IpAddress.ofIpv4(NetworkOrder.getInt(message, value));
                case 6 -> dns = addresses(message, value, valueLength);
                case 12 ->
                    hostname = StandardCharsets.US_ASCII
                            .decode(message.asSlice(value, valueLength).asByteBuffer())
                            .toString();
                case 26 -> mtuBytes = NetworkOrder.getU16(message, value);
                case 51 -> leaseSeconds = NetworkOrder.getU32(message, value);
                case 54 -> server = IpAddress.ofIpv4(NetworkOrder.getInt(message, value));
                case 121 -> routes = routes(message, value, valueLength);
                default -> {}
            }
        }
        IpAddress ip = IpAddress.ofIpv4(DhcpMessage.yiaddr(message, 0));
        return new Lease(ip, prefixBits, gateway, dns, hostname, mtuBytes, leaseSeconds, server, routes);
    }

    private static List<IpAddress> addresses(MemorySegment message, long at, int length) {
        List<IpAddress> addresses = new ArrayList<>();
        for (long address = at; address + 4 <= at + length; address += 4) {
            addresses.add(IpAddress.ofIpv4(NetworkOrder.getInt(message, address)));
        }
        return addresses;
    }

    /** RFC 3442: the prefix's length, as many bytes of it as that takes, the router. */
    private static List<RouteSpec> routes(MemorySegment message, long at, int length) {
        List<RouteSpec> routes = new ArrayList<>();
        long route = at;
        while (route < at + length) {
            int bits = NetworkOrder.getU8(message, route);
            int bytes = (bits + 7) / 8;
            int prefix = 0;
            for (int i = 0; i < bytes; i++) {
                prefix |= NetworkOrder.getU8(message, route + 1 + i) << (24 - 8 * i);
            }
            IpAddress router = IpAddress.ofIpv4(NetworkOrder.getInt(message, route + 1 + bytes));
            routes.add(new RouteSpec(new IpPrefix(IpAddress.ofIpv4(prefix), bits), router));
            route += 1 + bytes + 4;
        }
        return routes;
    }

    /** As lines {@code key=value}, for the process that asked. */
    String toLines() {
        StringBuilder lines = new StringBuilder();
        lines.append("ip=").append(ip).append('\n');
        lines.append("prefix=").append(prefixBits).append('\n');
        if (gateway != null) {
            lines.append("gateway=").append(gateway).append('\n');
        }
        lines.append("dns=").append(joined(dns)).append('\n');
        lines.append("hostname=").append(hostname).append('\n');
        lines.append("mtu=").append(mtuBytes).append('\n');
        lines.append("lease=").append(leaseSeconds).append('\n');
        if (server != null) {
            lines.append("server=").append(server).append('\n');
        }
        lines.append("routes=");
        lines.append(String.join(
                ",",
                routes.stream().map(route -> route.to() + " " + route.via()).toList()));
        return lines.append('\n').toString();
    }

    private static String joined(List<IpAddress> addresses) {
        return String.join(",", addresses.stream().map(IpAddress::toString).toList());
    }

    /** What {@link #toLines} said. */
    static Lease parse(Map<String, String> lines) {
        List<IpAddress> dns = new ArrayList<>();
        for (String address : words(lines, "dns")) {
            dns.add(IpAddress.parse(address));
        }
        List<RouteSpec> routes = new ArrayList<>();
        for (String route : words(lines, "routes")) {
            int space = route.indexOf(' ');
            routes.add(new RouteSpec(
                    IpPrefix.parse(route.substring(0, space)), IpAddress.parse(route.substring(space + 1))));
        }
        return new Lease(
                IpAddress.parse(lines.getOrDefault("ip", "")),
                Integer.parseInt(lines.getOrDefault("prefix", "32")),
                address(lines, "gateway"),
                dns,
                lines.getOrDefault("hostname", ""),
                Integer.parseInt(lines.getOrDefault("mtu", "0")),
                Long.parseLong(lines.getOrDefault("lease", "0")),
                address(lines, "server"),
                routes);
    }

    private static @Nullable IpAddress address(Map<String, String> lines, String key) {
        String text = lines.get(key);
        return text == null ? null : IpAddress.parse(text);
    }

    private static List<String> words(Map<String, String> lines, String key) {
        String text = lines.getOrDefault(key, "");
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }
}
