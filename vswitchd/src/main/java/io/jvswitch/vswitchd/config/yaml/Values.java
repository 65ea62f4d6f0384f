package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.dhcp.subnet.DhcpBoot;
import io.jvswitch.dhcp.subnet.DhcpOption;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.vswitchd.plan.IpRange;
import io.jvswitch.vswitchd.plan.VlanRange;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of values that configuration keys take. */
final class Values {

    /** {@code IFNAMSIZ} less the terminating zero. */
    static final int INTERFACE_NAME_BYTES = 15;

    /** The kernel's limit is 107; the daemon binds under a temporary name beside the final one, which is longer. */
    static final int SOCKET_PATH_BYTES = 90;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern INTERFACE = Pattern.compile("[!-~&&[^/:%]]+");
    private static final Pattern DNS_NAME = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(us|ms|s|m|h|d)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private Values() {}

    static final ValueType<String> NETWORK_NAME =
            matching("name", "expected a name of 1 to 63 letters, digits, dots, dashes and underscores", NAME, "");

    static final ValueType<String> INTERFACE_NAME = new ValueType<>(
            "interface name",
            "expected an interface name of 1 to " + INTERFACE_NAME_BYTES
                    + " printable ASCII characters without '/', ':', '%' and spaces",
            Values::interfaceName);

    static final ValueType<String> PORT_NAME =
            new ValueType<>(INTERFACE_NAME.word(), INTERFACE_NAME.expected(), text -> {
                String meaning = text.equals("underlay") ? "the tunnels in all output" : "all ports in 'capture any'";
                if (text.equals("underlay") || text.equals("any")) {
                    throw new IllegalArgumentException("expected another name: this one stands for " + meaning);
                }
                return interfaceName(text);
            });

    static final ValueType<String> DOMAIN_NAME =
            matching("domain name", "expected a domain name like vm1.example.org", DNS_NAME, ".");

    static final ValueType<String> NETNS = new ValueType<>(
            "namespace", "expected a name as of 'ip netns' or an absolute path like /proc/1234/ns/net", text -> {
                boolean path = text.startsWith("/") && text.indexOf('\0') < 0;
                boolean name = !text.isEmpty() && text.length() <= 255 && !text.matches("(?s).*[/\\s\\x00-\\x1f].*");
                return (path || name) && !text.equals(".") && !text.equals("..") ? text : null;
            });

    static final ValueType<IpAddress> IP =
            new ValueType<>("IP address", "expected an IPv4 or IPv6 address", quiet(IpAddress::parse));

    static final ValueType<IpAddress> UNICAST_IP = new ValueType<>(
            "IP address", "expected a unicast IPv4 or IPv6 address", quiet(IpAddress::parse, Values::isUnicast));

    static final ValueType<IpAddress> UNICAST_IPV4 = new ValueType<>(
            "IPv4 address",
            "expected a unicast IPv4 address",
            quiet(IpAddress::parse, address -> address.isIpv4() && isUnicast(address)));

    /** Text of a DHCP option. */
    static final ValueType<String> DHCP_TEXT = new ValueType<>(
            "text",
            "expected 1 to " + DhcpBoot.MAX_TEXT_BYTES + " printable ASCII characters",
            text -> DhcpBoot.isText(text) ? text : null);

    /** The number of a DHCP option that no key sets. */
    static final ValueType<Integer> DHCP_OPTION_CODE =
            new ValueType<>("number 1 to 254", "expected the number of an option, 1 to 254", text -> {
                Long number = digits(text);
                if (number == null || number < 1 || number > 254) {
                    return null;
                }
                if (DhcpOption.isReserved(number.intValue())) {
                    throw new IllegalArgumentException(
                            "expected another option: this one is set by a key of its own, or by the server itself");
                }
                return number.intValue();
            });

    /** The value of a DHCP option, in hexadecimal. */
    static final ValueType<String> DHCP_OPTION = new ValueType<>(
            "TYPE:VALUE",
            "expected TYPE:VALUE like text:abc, hex:0102ff, ip:10.0.0.5,10.0.0.6, u8:1, u16:64 or u32:3600, at most "
                    + DhcpOption.MAX_VALUE_BYTES + " bytes",
            quiet(DhcpOptionText::hex));

    static final ValueType<MacAddress> UNICAST_MAC = new ValueType<>(
            "MAC address",
            "expected a unicast MAC address like \"02:00:00:00:00:01\"",
            quiet(MacAddress::parse, mac -> mac.bits() != 0 && !MacAddress.isMulticast(mac.bits())));

    static final ValueType<IpPrefix> PREFIX = new ValueType<>(
            "prefix", "expected a prefix like 10.0.0.0/24 or 2001:db8::/64 with its host bits zero", Values::prefix);

    static final ValueType<IpPrefix> ADDRESSES = new ValueType<>(
            "address or prefix",
            "expected an address or a prefix like 10.0.0.0/24 or 2001:db8::/64 with its host bits zero",
            quiet(text -> text.contains("/") ? IpPrefix.parse(text) : IpPrefix.of(IpAddress.parse(text))));

    static final ValueType<IpRange> RANGE = new ValueType<>(
            "range", "expected FIRST-LAST like 10.0.0.100-10.0.0.199, FIRST not above LAST", quiet(IpRange::parse));

    static final ValueType<Boolean> FLAG = new ValueType<>(
            "true or false",
            "expected true or false",
            text -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null);

    static final ValueType<Path> ABSOLUTE_PATH = new ValueType<>(
            "path",
            "expected an absolute path",
            text -> text.startsWith("/") && text.indexOf('\0') < 0 ? path(text) : null);

    static final ValueType<Path> SOCKET_PATH = new ValueType<>(
            "path",
            "expected an absolute path of at most " + SOCKET_PATH_BYTES
                    + " bytes (a Unix socket's limit) that does not end in .lock, as another socket's lock does",
            text -> text.startsWith("/")
                            && !text.endsWith("/")
                            && !text.endsWith(".lock")
                            && text.indexOf('\0') < 0
                            && text.getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH_BYTES
                    ? path(text)
                    : null);

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "expected a path that the locale has the characters for: start the daemon with LC_ALL=C.UTF-8", e);
        }
    }

    /** A whole number between two, both included. */
    static ValueType<Integer> number(int least, int most) {
        return new ValueType<>(
                "number " + least + " to " + most, "expected a number " + least + " to " + most, text -> {
                    Long number = digits(text);
                    return number != null && number >= least && number <= most
                            ? Integer.valueOf(number.intValue())
                            : null;
                });
    }

    static final ValueType<VlanRange> VLANS = new ValueType<>(
            "VLANs", "expected a VLAN 1 to " + VlanRange.LAST_VID + ", a range like 100-199, or none", quiet(text -> {
                if (text.equals("none")) {
                    return VlanRange.NONE;
                }
                int dash = text.indexOf('-');
                Long first = digits(dash < 0 ? text : text.substring(0, dash));
                Long last = dash < 0 ? first : digits(text.substring(dash + 1));
                return first == null || last == null || first < 1 || last > VlanRange.LAST_VID
                        ? null
                        : new VlanRange(first.intValue(), last.intValue());
            }));

    /** The tags of 802.1ad, or of 802.1Q. */
    static final ValueType<Boolean> SERVICE_TAG = new ValueType<>(
            "802.1q, 802.1ad",
            "expected 802.1q or 802.1ad",
            text -> text.equals("802.1q") ? Boolean.FALSE : text.equals("802.1ad") ? Boolean.TRUE : null);

    /**
     * The DSCP of a tunnel's outer headers, as the octet that Linux and Open vSwitch take; the ECN bits are another
     * key's.
     */
    static final ValueType<OuterTos> OUTER_DSCP = new ValueType<>(
            "inherit, or number 0 to 252",
            "expected inherit, or a multiple of 4 from 0 to 252 (as 0xb8 or 184)",
            text -> {
                if (text.equals("inherit")) {
                    return new OuterTos(0, true, true);
                }
                Long number = text.matches("0x[0-9a-fA-F]{1,2}") ? Long.valueOf(text.substring(2), 16) : digits(text);
                return number != null && number <= 252 && number % 4 == 0
                        ? new OuterTos(number.intValue(), false, true)
                        : null;
            });

    /** RFC 6040's modes of a tunnel's ingress: whether the ECN field is copied. */
    static final ValueType<Boolean> ECN_MODE = new ValueType<>(
            "normal, compatibility",
            "expected normal or compatibility",
            text -> text.equals("normal") ? Boolean.TRUE : text.equals("compatibility") ? Boolean.FALSE : null);

    /** A 32-bit key; VXLAN's narrower range is a matter of the tunnel's kind. */
    static ValueType<Long> key32() {
        long most = 0xffff_ffffL;
        return new ValueType<>("number", "expected a number 0 to 16777215 (VXLAN) or 4294967295 (GRE)", text -> {
            Long number = digits(text);
            return number != null && number <= most ? number : null;
        });
    }

    /** A length of time between two, both included. */
    static ValueType<Duration> duration(Duration least, Duration most) {
        String range = text(least) + " to " + text(most);
        return new ValueType<>("duration", "expected a duration like 90s, 30m, 12h or 1d, from " + range, text -> {
            Duration duration = parseDuration(text);
            return duration != null && duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0
                    ? duration
                    : null;
        });
    }

    /** One of an enum's constants by its lower-case name. */
    static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        E[] constants = type.getEnumConstants();
        String words = Arrays.stream(constants)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        return new ValueType<>(words, "expected one of " + words, text -> {
            for (E constant : constants) {
                if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return constant;
                }
            }
            return null;
        });
    }

    /** The duration, or null when the text is none. */
    static @Nullable Duration parseDuration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        long count = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "us" -> Duration.ofNanos(count * 1000);
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** As it would be written: in the largest unit without a remainder. */
    static String text(Duration duration) {
        long micros = duration.toNanos() / 1000;
        if (micros % 1_000_000 != 0) {
            return micros % 1000 == 0 ? micros / 1000 + "ms" : micros + "us";
        }
        long seconds = micros / 1_000_000;
        if (seconds == 0) {
            return "0s";
        }
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static @Nullable Long digits(String text) {
        return NUMBER.matcher(text).matches() ? Long.valueOf(text) : null;
    }

    private static @Nullable String interfaceName(String text) {
        return INTERFACE.matcher(text).matches()
                        && text.length() <= INTERFACE_NAME_BYTES
                        && !text.equals(".")
                        && !text.equals("..")
                ? text
                : null;
    }

    private static boolean isUnicast(IpAddress address) {
        boolean broadcast = address.isIpv4() && address.ipv4() == -1;
        return !address.isMulticast() && !address.isUnspecified() && !broadcast;
    }

    private static @Nullable IpPrefix prefix(String text) {
        try {
            return IpPrefix.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static ValueType<String> matching(String word, String expected, Pattern pattern, String mayEndWith) {
        return new ValueType<>(word, expected, text -> {
            boolean cut = !mayEndWith.isEmpty() && text.endsWith(mayEndWith);
            String name = cut ? text.substring(0, text.length() - mayEndWith.length()) : text;
            return pattern.matcher(name).matches() ? name : null;
        });
    }

    private static <T> ValueType.Reader<T> quiet(Function<String, @Nullable T> parse) {
        return quiet(parse, value -> true);
    }

    private static <T> ValueType.Reader<T> quiet(Function<String, @Nullable T> parse, Predicate<T> allowed) {
        return text -> {
            try {
                T value = parse.apply(text);
                return value != null && allowed.test(value) ? value : null;
            } catch (IllegalArgumentException e) {
                return null;
            }
        };
    }
}
