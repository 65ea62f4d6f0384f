package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.vlan.FrameTags;
import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Mirrors;
import io.jvswitch.datapath.translate.Scratch;
import io.jvswitch.datapath.translate.Translation;
import io.jvswitch.flowtable.key.FlowField;
import java.util.ArrayList;
import java.util.List;

/**
 * The mirrors of a bridge, as Open vSwitch's work: a frame is copied as it is where it comes in or leaves, with the
 * tags that the port of the copies wants; to each place once, however many reasons there are. A port that copies leave
 * by takes and gives nothing else, and is not watched itself.
 *
 * <p>Immutable.
 */
final class PortMirrors implements Mirrors {

    /** As many as a scope has bits for; Open vSwitch has 32. */
    static final int MAX_MIRRORS = Long.SIZE;

    private static final Scratch<Hand> SCRATCH = Hand::new;

    private final List<Mirror> mirrors;
    /** For each mirror, those that have the same output. */
    private final long[] alike;

    private final boolean watchesDepartures;

    /** What a translation needs in hand for each copy that is made for another copy's sake. */
    private static final class Hand {
        private final List<Copy> copies = new ArrayList<>();
        private int inUse;

        Copy take() {
            if (inUse == copies.size()) {
                copies.add(new Copy());
            }
            return copies.get(inUse++);
        }
    }

    private static final class Copy {
        final FrameTags tags = new FrameTags();
        final Departures departures = new Departures();
    }

    PortMirrors(List<Mirror> mirrors) {
        if (mirrors.size() > MAX_MIRRORS) {
            throw new IllegalArgumentException(mirrors.size() + " mirrors: a bridge has at most " + MAX_MIRRORS);
        }
        this.mirrors = List.copyOf(mirrors);
        watchesDepartures = mirrors.stream()
                .anyMatch(mirror -> mirror.all() || !mirror.destinations().isEmpty());
        alike = new long[mirrors.size()];
        for (int i = 0; i < alike.length; i++) {
            for (int j = 0; j < alike.length; j++) {
                alike[i] |= mirrors.get(i).hasOutputOf(mirrors.get(j)) ? 1L << j : 0;
            }
        }
    }

    /** Whether copies leave by a port. */
    boolean isOutput(int port) {
        for (int i = 0; i < alike.length; i++) {
            if (mirrors.get(i).outputPort() == port) {
                return true;
            }
        }
        return false;
    }

    private static NormalBridge bridge(Translation translation) {
        return ((HasNormal) translation.scope().bridge()).normal();
    }

    /** Of a bond a mirror knows the number, and not its members': so it is all ports or none. */
    @Override
    public boolean watches(int port) {
        return watchesDepartures;
    }

    @Override
    public boolean arrive(Translation translation) {
        NormalBridge bridge = bridge(translation);
        NetworkPort port = bridge.port(translation.scope().port().number());
        if (port == null) {
            return true;
        }
        if (isOutput(port.number())) {
            return false;
        }
        long candidates = 0;
        for (int i = 0; i < alike.length; i++) {
            candidates |= mirrors.get(i).copiesFrom(port.number()) ? 1L << i : 0;
        }
        copy(translation, bridge, port, candidates);
        return true;
    }

    @Override
    public void leave(Translation translation, int number) {
        NormalBridge bridge = bridge(translation);
        NetworkPort port = bridge.port(number);
        if (port == null || isOutput(port.number())) {
            return;
        }
        long candidates = 0;
        for (int i = 0; i < alike.length; i++) {
            candidates |= mirrors.get(i).copiesTo(port.number()) ? 1L << i : 0;
        }
        copy(translation, bridge, port, candidates);
    }

    /** Copies a frame that is at a port: of which VLAN it is there, the port tells. */
    private void copy(Translation translation, NormalBridge bridge, NetworkPort port, long candidates) {
        long left = candidates & ~translation.scope().mirrored();
        Network network = bridge.network(port.network());
        if (left == 0 || network == null) {
            return;
        }
        Hand hand = translation.scratch(SCRATCH);
        Copy copy = hand.take();
        FrameTags tags = copy.tags;
        while (left != 0) {
            int index = Long.numberOfTrailingZeros(left);
            Mirror mirror = mirrors.get(index);
            tags.begin(translation.key(), network.options().knownTags(translation));
            if (tags.arrive(port.vlans(), network.id()) == PortVlans.REFUSED) {
                break;
            }
            left &= left - 1;
            if (mirror.vlans() == null || mirror.copiesVlan(tags.vlan())) {
                translation.scope().setMirrored(translation.scope().mirrored() | alike[index]);
                send(translation, bridge, network, mirror, copy);
                // a copy that left may have been copied itself
                left &= ~translation.scope().mirrored();
            }
        }
        hand.inUse--;
    }

    private void send(Translation translation, NormalBridge bridge, Network network, Mirror mirror, Copy copy) {
        FrameTags tags = copy.tags;
        int isolated = translation.isolate();
        copy.departures.clear();
        if (mirror.outputPort() != Locations.NONE) {
            NetworkPort output = bridge.port(mirror.outputPort());
            if (output != null && bridge.isUp(output)) {
                copy.departures.add(output, tags, network.id());
            }
        } else if (tags.vlan() != mirror.outputVlan()
                && !ReservedAddresses.contain(translation.key().get(FlowField.ETH_DST))) {
            tags.moveTo(mirror.outputVlan());
            List<Integer> ports = network.ports();
            for (int i = 0; i < ports.size(); i++) {
                NetworkPort output = bridge.port(ports.get(i));
                if (output != null
                        && !isOutput(output.number())
                        && bridge.isUp(output)
                        && tags.isCarried(output.vlans(), network.id())) {
                    copy.departures.add(output, tags, network.id());
                }
            }
        }
        translation.credit(mirror.credit());
        int limit = translation.limitOutputs(mirror.outputBytes());
        copy.departures.send(translation, bridge, tags);
        translation.limitOutputs(limit);
        translation.endIsolation(isolated);
    }
}
