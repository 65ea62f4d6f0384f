package io.jvswitch.tap;

import io.jvswitch.testkit.Netns;
import io.jvswitch.wire.IpAddress;

/** Two hosts on one cable, each with an IPv4 and an IPv6 address. */
final class Underlay {

    static final IpAddress LEFT_V4 = IpAddress.parse("192.0.2.1");
    static final IpAddress RIGHT_V4 = IpAddress.parse("192.0.2.2");
    static final IpAddress LEFT_V6 = IpAddress.parse("2001:db8::1");
    static final IpAddress RIGHT_V6 = IpAddress.parse("2001:db8::2");

    final Netns left;
    final Netns right;
    final NetworkNamespace leftNamespace;
    final NetworkNamespace rightNamespace;

    Underlay(Lab lab) throws NativeException {
        left = lab.keep(Netns.create("left"));
        right = lab.keep(Netns.create("right"));
        left.connect("wire0", right, "wire0");
        address(left, LEFT_V4, LEFT_V6);
        address(right, RIGHT_V4, RIGHT_V6);
        leftNamespace = lab.enter(left);
        rightNamespace = lab.enter(right);
    }

    private static void address(Netns host, IpAddress v4, IpAddress v6) {
        host.run("ip", "address", "add", v4 + "/24", "dev", "wire0");
        host.run("ip", "address", "add", v6 + "/64", "dev", "wire0", "nodad");
    }

    static IpAddress left(boolean v6) {
        return v6 ? LEFT_V6 : LEFT_V4;
    }

    static IpAddress right(boolean v6) {
        return v6 ? RIGHT_V6 : RIGHT_V4;
    }

    UnderlayOptions onLeft(IpAddress address, int port) {
        return UnderlayOptions.at(address, port).withNamespace(leftNamespace);
    }

    UnderlayOptions onRight(IpAddress address, int port) {
        return UnderlayOptions.at(address, port).withNamespace(rightNamespace);
    }
}
