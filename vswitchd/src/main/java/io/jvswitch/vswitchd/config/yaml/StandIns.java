package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;

/**
 * What stands in for a required value that is missing or wrong, so that reading goes on. A specification that holds one
 * is never handed out, and no finding that rests on one is reported.
 */
final class StandIns {

    static final IpAddress IP = IpAddress.ofIpv4(0);
    static final MacAddress MAC = new MacAddress(0);
    static final IpPrefix PREFIX = new IpPrefix(IP, 0);

    private StandIns() {}
}
