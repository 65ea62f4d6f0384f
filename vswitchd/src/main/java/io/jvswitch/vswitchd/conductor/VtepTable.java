package io.jvswitch.vswitchd.conductor;

import io.jvswitch.datapath.Vtep;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every remote VTEP that the switch has heard of, each with an index that stays its own, so that MAC tables may store it, and
 * the MTU of the path to it. The conductor's.
 */
final class VtepTable {

    private final List<Vtep> byIndex = new ArrayList<>();
    private final Map<IpAddress, Integer> indexes = new HashMap<>();
    private final int udpPort;

    VtepTable(int udpPort) {
        this.udpPort = udpPort;
    }

    /** The VTEP of that address, added when it is new. */
    Vtep of(IpAddress address, int pathMtuBytesWhenNew) {
        Integer index = indexes.get(address);
        if (index != null) {
            return byIndex.get(index);
        }
        Vtep vtep = new Vtep(byIndex.size(), address, udpPort, pathMtuBytesWhenNew);
        indexes.put(address, vtep.index());
        byIndex.add(vtep);
        return vtep;
    }

    /** All of them, each at its index. */
    List<Vtep> all() {
        return byIndex;
    }

    /** Notes a path's MTU; returns whether it is another one than before. */
    boolean setPathMtu(int index, int pathMtuBytes) {
        Vtep vtep = byIndex.get(index);
        if (vtep.pathMtuBytes() == pathMtuBytes) {
            return false;
        }
        byIndex.set(index, new Vtep(index, vtep.address(), vtep.udpPort(), pathMtuBytes));
        return true;
    }
}
