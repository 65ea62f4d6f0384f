package io.jvswitch.systemtests;

import io.jvswitch.testkit.Await;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A hostile guest sends what no network stack would; each is counted by its reason and its neighbour notices nothing.
 */
final class MalformedFramesIT {
    private static final String TO_PEER = "020000000022";
    private static final String FROM_HOSTILE = "020000000021";
    private static final String ETHERNET = TO_PEER + FROM_HOSTILE;
    private static final String IPV4_ADDRESSES = "0a000015" + "0a000016";
    private static final String IPV6_ADDRESSES =
            "fd000010000000000000000000000021" + "fd000010000000000000000000000022";

    private final Hypervisor hypervisor = Hypervisor.create("hvx");
    private final Guest hostile = Guest.create("hostile", "tap1");
    private final Guest neighbour = Guest.create("victim", "tap2");
    private final Guest bystander = Guest.create("stander", "tap3");

    @BeforeEach
    void layOut() {
        hypervisor.configure("""
                networks:
                  blue: {tunnel: none}
                ports:
                  tap1: {kind: tap, network: blue, netns: %s, mac: "02:00:00:00:00:21"}
                  tap2: {kind: tap, network: blue, netns: %s, mac: "02:00:00:00:00:22"}
                  tap3: {kind: tap, network: blue, netns: %s}
                """.formatted(
                        hostile.netns().name(),
                        neighbour.netns().name(),
                        bystander.netns().name()));
        hypervisor.start();
        hostile.silence();
        hostile.bringUp("10.0.0.21/24");
        neighbour.bringUp("10.0.0.22/24");
        bystander.bringUp("10.0.0.23/24");
        bystander.awaitPing("10.0.0.22");
        hostile.awaitPing("10.0.0.22");
    }

    @AfterEach
    void clearAway() {
        hostile.close();
        neighbour.close();
        bystander.close();
        hypervisor.close();
    }

    private static String ipv4(
            String versionAndLength, int totalLength, String fragment, String protocol, String payload) {
        return ETHERNET + "0800" + versionAndLength + "00" + "%04x".formatted(totalLength) + "0001" + fragment + "40"
                + protocol + "0000" + IPV4_ADDRESSES + payload;
    }

    private static String ipv6(String version, int payloadLength, String nextHeader, String payload) {
        return ETHERNET + "86dd" + version + "0000000" + "%04x".formatted(payloadLength) + nextHeader + "ff"
                + IPV6_ADDRESSES + payload;
    }

    private static Map<String, String> frames() {
        Map<String, String> frames = new LinkedHashMap<>();
        frames.put("vlan-truncated", ETHERNET + "8100" + "00");
        frames.put("source-mac-invalid", TO_PEER + "010000000021" + "88b5" + "00");
        frames.put("bridge-reserved", "0180c2000000" + FROM_HOSTILE + "0027" + "424203000000");
        frames.put("arp-truncated", ETHERNET + "0806" + "0001080006040001");
        frames.put(
                "arp-invalid",
                "ffffffffffff" + FROM_HOSTILE + "0806" + "00010800060500010200000000210a00001500000000000000000a00");
        frames.put("ipv4-truncated", ETHERNET + "0800" + "4500001c");
        frames.put("ipv4-bad-version", ipv4("65", 20, "0000", "11", ""));
        frames.put("ipv4-bad-header-length", ipv4("44", 20, "0000", "11", ""));
        frames.put("ipv4-bad-total-length", ipv4("45", 60, "0000", "11", "0000"));
        frames.put("ipv4-tiny-fragment", ipv4("45", 28, "2000", "06", "0000000000000000"));
        frames.put("ipv6-truncated", ETHERNET + "86dd" + "60000000");
        frames.put("ipv6-bad-version", ipv6("4", 0, "3b", ""));
        frames.put("ipv6-bad-payload-length", ipv6("6", 100, "3b", "00"));
        frames.put("ipv6-bad-extension", ipv6("6", 2, "00", "0600"));
        frames.put("ipv6-tiny-fragment", ipv6("6", 12, "2c", "0600000100000001" + "00000000"));
        // A solicitation with a code.
        frames.put("nd-invalid", ipv6("6", 24, "3a", "8701000000000000" + "fd000010000000000000000000000022"));
        frames.put("tcp-truncated", ipv4("45", 24, "0000", "06", "00000000"));
        frames.put("tcp-bad-data-offset", ipv4("45", 40, "0000", "06", "0000000000000000000000001000000000000000"));
        frames.put("udp-truncated", ipv4("45", 24, "0000", "11", "00000000"));
        frames.put("udp-bad-length", ipv4("45", 28, "0000", "11", "00010001ffff0000"));
        frames.put("icmp-truncated", ipv4("45", 22, "0000", "01", "0800"));
        frames.put("sctp-truncated", ipv4("45", 24, "0000", "84", "00000000"));
        frames.put("spoofed-mac", TO_PEER + "020000000099" + "88b5" + "00");
        return frames;
    }

    @Test
    void eachIsCountedAndTrafficGoesOn() {
        try (Pings pings = Pings.start(bystander.netns(), "10.0.0.22")) {
            Map<String, Long> before = new LinkedHashMap<>();
            frames().keySet().forEach(reason -> before.put(reason, hypervisor.drops(reason)));
            String[] all = frames().values().toArray(String[]::new);
            hostile.sendFrames(all);
            hostile.sendFrames(all);
            before.forEach((reason, count) -> Await.until(
                    reason + " to be counted twice more than " + count,
                    Hypervisor.LIMIT,
                    () -> hypervisor.get("/v1/drops?port=tap1").toPrettyString(),
                    () -> hypervisor.drops(reason) == count + 2));
            pings.assertNoneLost();
        }
        hostile.ping("10.0.0.22");
    }
}
