package io.jvswitch.dhcp;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is told, as text. */
final class RecordingEvents implements DhcpEvents {

    final List<String> bindings = new ArrayList<>();
    final List<String> infos = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();

    @Override
    public void bound(int ipv4, long mac, int inPort) {
        bindings.add("+" + IpAddress.ipv4ToString(ipv4) + " " + MacAddress.toString(mac) + " " + inPort);
    }

    @Override
    public void unbound(int ipv4, long mac) {
        bindings.add("-" + IpAddress.ipv4ToString(ipv4) + " " + MacAddress.toString(mac));
    }

    @Override
    public void info(String message) {
        infos.add(message);
    }

    @Override
    public void warn(String message) {
        warnings.add(message);
    }
}
