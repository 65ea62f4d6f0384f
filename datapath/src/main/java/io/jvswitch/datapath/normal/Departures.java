package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.vlan.FrameTags;
import io.jvswitch.datapath.normal.vlan.TagStack;
import io.jvswitch.datapath.translate.Translation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ports that a frame leaves by, each with the tags that it has there. They are served in the order in which tags
 * are changed in place: ports that want the same tags together, and those first that keep most of what the frame came
 * with.
 *
 * <p>Reusable, allocates nothing once it has grown, owned by one thread.
 */
final class Departures {

    private @Nullable NetworkPort[] ports = new NetworkPort[8];
    private TagStack[] stacks = new TagStack[0];
    private int count;

    void clear() {
        count = 0;
    }

    void add(NetworkPort port, FrameTags tags, int network) {
        if (count == ports.length) {
            ports = Arrays.copyOf(ports, 2 * count);
        }
        if (count >= stacks.length) {
            int before = stacks.length;
            stacks = Arrays.copyOf(stacks, ports.length);
            for (int i = before; i < stacks.length; i++) {
                stacks[i] = new TagStack();
            }
        }
        ports[count] = port;
        tags.leave(port.vlans(), network, stacks[count]);
        count++;
    }

    /** Serves the ports that want the frame as it is. */
    void sendUnchanged(Translation translation, NormalBridge bridge, FrameTags tags) {
        for (int i = 0; i < count; i++) {
            NetworkPort port = ports[i];
            if (port != null && tags.has(stacks[i])) {
                send(translation, bridge, port, tags, stacks[i]);
                ports[i] = null;
            }
        }
    }

    /** Serves all that are left. */
    void send(Translation translation, NormalBridge bridge, FrameTags tags) {
        sendUnchanged(translation, bridge, tags);
        for (TagStack next = next(); next != null; next = next()) {
            tags.become(next, translation);
            sendUnchanged(translation, bridge, tags);
        }
        count = 0;
    }

    private @Nullable TagStack next() {
        TagStack next = null;
        for (int i = 0; i < count; i++) {
            if (ports[i] != null && (next == null || stacks[i].keepsMoreThan(next))) {
                next = stacks[i];
            }
        }
        return next;
    }

    private static void send(
            Translation translation, NormalBridge bridge, NetworkPort port, FrameTags tags, TagStack stack) {
        BondOutput bond = bridge.bondOutput(port.number());
        if (bond == null) {
            translation.output(port.number());
        } else {
            bond.send(translation, tags.vidOf(stack));
        }
    }
}
