package io.jvswitch.vswitchd.config.yaml;

import static io.jvswitch.vswitchd.config.yaml.Refusals.refuses;
import static io.jvswitch.vswitchd.config.yaml.Refusals.refusesWithHead;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is said about wrong configurations: every error, at its line and column. */
final class ConfigErrorsTest {

    @Test
    void nothing() {
        refuses("", "f:1:1: switch: missing: expected a section with keys");
        refuses("- a", "f:1:1: value '[...]': expected a section with keys");
    }

    @Test
    void everyErrorOfAFileAtOnce() {
        refuses(
                """
                switch:
                  name: hv 1
                  workers: 0
                  wrokers: 2
                  name: hv2
                underlay:
                  local-ip: 192.0.2.300
                  udp-port: 4789x
                networks:
                  blue:
                    tunnel: vxlna
                    vni: -1
                    remotes: [192.0.2.2, 224.0.0.1]
                    subnets:
                      - cidr: 10.0.0.1/24
                        dhcp: {pool: 10.0.0.9-10.0.0.2, lease: forever}
                    hosts:
                      - {mac: "01:00:5e:00:00:01", vtep: 192.0.2.1}
                ports:
                  tap-with-a-long-name:
                    kind: systme
                    network: [blue]
                    queues: 65
                    colour: blue
                """,
                "f:2:9: switch.name: value 'hv 1': expected a name of 1 to 63 letters, digits, dots, dashes and "
                        + "underscores",
                "f:3:12: switch.workers: value '0': expected a number 1 to 64",
                "f:4:3: switch.wrokers: unknown key, did you mean 'workers'?",
                "f:5:3: switch.name: duplicate key: already given at line 2",
                "f:7:13: underlay.local-ip: value '192.0.2.300': expected a unicast IPv4 or IPv6 address",
                "f:8:13: underlay.udp-port: value '4789x': expected a number 1 to 65535",
                "f:11:13: networks.blue.tunnel: value 'vxlna': expected one of vxlan, gre, none",
                "f:12:10: networks.blue.vni: value '-1': expected a number 0 to 16777215 (VXLAN) or 4294967295 (GRE)",
                "f:13:26: networks.blue.remotes[1]: value '224.0.0.1': expected a unicast IPv4 or IPv6 address",
                "f:15:15: networks.blue.subnets[0].cidr: value '10.0.0.1/24': expected a prefix like 10.0.0.0/24 or "
                        + "2001:db8::/64 with"
                        + " its host bits zero",
                "f:16:15: networks.blue.subnets[0].dhcp.server: missing: expected a unicast IPv4 or IPv6 address",
                "f:16:22: networks.blue.subnets[0].dhcp.pool: value '10.0.0.9-10.0.0.2': expected FIRST-LAST like"
                        + " 10.0.0.100-10.0.0.199, FIRST not above LAST",
                "f:16:48: networks.blue.subnets[0].dhcp.lease: value 'forever': expected a duration like 90s, 30m, "
                        + "12h or 1d, from 10s"
                        + " to 3650d",
                "f:18:15: networks.blue.hosts[0].mac: value '01:00:5e:00:00:01': expected a unicast MAC address like"
                        + " \"02:00:00:00:00:01\"",
                "f:20:3: ports.tap-with-a-long-name: value 'tap-with-a-long-name': expected an interface name of 1 "
                        + "to 15 printable"
                        + " ASCII characters without '/', ':', '%' and spaces",
                "f:21:11: ports.tap-with-a-long-name.kind: value 'systme': expected one of tap, system, internal",
                "f:22:14: ports.tap-with-a-long-name.network: value '[...]': expected a name of 1 to 63 letters, "
                        + "digits, dots, dashes"
                        + " and underscores",
                "f:23:13: ports.tap-with-a-long-name.queues: value '65': expected a number 1 to 64",
                "f:24:5: ports.tap-with-a-long-name.colour: unknown key");
    }

    @Test
    void emptyAndMistypedValues() {
        refuses(
                """
                switch:
                  name:
                  spin: 5
                underlay: here
                networks: [blue]
                ports:
                  a/b: {kind: tap, network: n}
                  underlay: {kind: tap, network: n}
                  any: {kind: tap, network: n}
                """,
                "f:2:8: switch.name: value '': expected a name of 1 to 63 letters, digits, dots, dashes and "
                        + "underscores",
                "f:3:9: switch.spin: value '5': expected a duration like 90s, 30m, 12h or 1d, from 0s to 1s",
                "f:4:11: underlay: value 'here': expected a section with keys",
                "f:5:11: networks: value '[...]': expected names, each with a section",
                "f:7:3: ports.a/b: value 'a/b': expected an interface name of 1 to 15 printable ASCII characters "
                        + "without '/', ':', '%'"
                        + " and spaces",
                "f:8:3: ports.underlay: value 'underlay': expected another name: this one stands for the tunnels in "
                        + "all output",
                "f:9:3: ports.any: value 'any': expected another name: this one stands for all ports in 'capture any'");
    }

    @Test
    void keysMayBeAnything() {
        refusesWithHead(
                "ports: {t: {kind]: tap, 'a[0]': b, '': c, network: n}}",
                "f:2:17: not valid YAML: while parsing a flow mapping expected ',' or '}', but got ]");
        refusesWithHead(
                """
                ports:
                  t:
                    kind]: tap
                    a[0]: b
                    "": c
                """,
                "f:3:3: ports.t.kind: missing: expected one of tap, system, internal",
                "f:3:3: ports.t.network: missing: expected the name of a network, or vlans",
                "f:4:5: ports.t.kind]: unknown key, did you mean 'kind'?",
                "f:5:5: ports.t.a[0]: unknown key",
                "f:6:5: ports.t.: unknown key");
    }

    @Test
    void brokenYaml() {
        refuses(
                "switch: {name: a",
                "f:1:17: not valid YAML: while parsing a flow mapping expected ',' or '}', but got <stream end>");
        refuses(
                "switch:\n\tname: a",
                "f:2:1: not valid YAML: while scanning for the next token found character '\\t(TAB)' that cannot "
                        + "start any token. (Do not use \\t(TAB) for indentation)");
        refuses(
                "a: 1\n%\n",
                "f:2:2: not valid YAML: while scanning a directive expected alphabetic or numeric character, but "
                        + "found \\n(10)");
        refuses("a: 1\n---\nb: 2", "f:2:1: a second document: expected one");
        refuses("? [a]\n: b", "f:1:3: a key that is a collection: expected a word");
        refuses("a: *b", "f:1:4: value '*b': expected an anchor &b that ends before this alias");
        refuses("a: &b [*b]", "f:1:8: value '*b': expected an anchor &b that ends before this alias");
    }

    @Test
    void valuesAreShownOnOneLine() {
        refuses(
                "switch: {name: \"a\\nb\\e" + "x".repeat(100) + "\"}",
                "f:1:16: switch.name: value 'a\\nb\\u001b" + "x".repeat(76)
                        + "...': expected a name of 1 to 63 letters, digits, dots, dashes and underscores");
    }

    @Test
    void neitherDepthNorAliasesExhaustTheReader() {
        refuses("[".repeat(100_000), "f:1:33: nested too deeply: expected at most 32 levels");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(10)).append("]\n");
        }
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> refuses(bomb.toString(), "f:6:45: too large: expected at most 1000000 values, aliases expanded"));
    }
}
