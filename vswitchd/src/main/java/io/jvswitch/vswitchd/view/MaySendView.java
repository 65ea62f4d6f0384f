package io.jvswitch.vswitchd.view;

import java.util.List;

/**
 * What a bound port may send besides frames of another MAC address.
 *
 * @param addresses addresses and prefixes that it may send from; empty for any
 * @param claims addresses and prefixes that it may claim in ARP and neighbour discovery; empty for any but those of
 *     others
 * @param routerAdvertisements whether it may send router advertisements and redirects
 * @param dhcpServer whether it may send what DHCP servers send
 * @param dhcpRelay whether it may pass on DHCP messages of other machines
 */
public record MaySendView(
        List<String> addresses,
        List<String> claims,
        boolean routerAdvertisements,
        boolean dhcpServer,
        boolean dhcpRelay) {

    public MaySendView {
        addresses = List.copyOf(addresses);
        claims = List.copyOf(claims);
    }
}
