package io.jvswitch.vswitchd.conductor.underlay;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.header.Ipv6Header;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What routers said of paths that take less than their first link, each for ten minutes: then the path is tried anew
 * (RFC 1191, section 6.3; RFC 8201, section 4). The conductor's.
 */
final class PathMtus {

    /**
     * No IPv4 path is taken to be smaller, whatever anybody says: every host takes that much (RFC 791, section 3.1).
     */
    static final int MIN_IPV4_BYTES = 576;

    private static final long LIFE_NS = TimeUnit.MINUTES.toNanos(10);

    private record Learnt(int mtuBytes, long sinceNs) {}

    private final Map<IpAddress, Learnt> learnt = new HashMap<>();

    /** What a path to that address is never taken to be less than. */
    static int leastBytes(IpAddress remote) {
        return remote.isIpv4() ? MIN_IPV4_BYTES : Ipv6Header.MIN_MTU_BYTES;
    }

    /**
     * Notes a router's word that is believed.
     *
     * @param knownBytes what the path takes as far as known; a word that says more says nothing
     * @return whether it says less; of IPv6, less than 1280 is no word at all (RFC 8201, section 4)
     */
    boolean learn(IpAddress remote, int mtuBytes, int knownBytes, long nowNs) {
        int least = leastBytes(remote);
        if (mtuBytes < least && !remote.isIpv4()) {
            return false;
        }
        int bytes = Math.max(mtuBytes, least);
        if (bytes >= knownBytes) {
            return false;
        }
        learnt.put(remote, new Learnt(bytes, nowNs));
        return true;
    }

    /** What the path takes, when its route takes {@code routeBytes}. */
    int limit(IpAddress remote, int routeBytes) {
        Learnt word = learnt.get(remote);
        return word == null ? routeBytes : Math.min(word.mtuBytes(), routeBytes);
    }

    /** Forgets what is too old; returns the paths that are tried anew. */
    List<IpAddress> expire(long nowNs) {
        List<IpAddress> expired = learnt.entrySet().stream()
                .filter(entry -> nowNs - entry.getValue().sinceNs() >= LIFE_NS)
                .map(Map.Entry::getKey)
                .toList();
        expired.forEach(learnt::remove);
        return expired;
    }
}
