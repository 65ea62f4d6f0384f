package io.jvswitch.datapath.translate;

import io.jvswitch.wire.header.VlanTag;
import java.util.Arrays;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** Actions that are made once, so that a flood to many ports is a list of references. Owned by one thread. */
final class SharedActions {

    static final Action POP_VLAN = new Action.PopVlan();

    private Action.@Nullable Output[] outputs = new Action.Output[16];
    /** By TPID and TCI: at most 8 × 4,096 for each TPID. */
    private final Int2ObjectHashMap<Action> pushes = new Int2ObjectHashMap<>();
    /** By length and by basis: as many as are configured. */
    private final Int2ObjectHashMap<Action> truncations = new Int2ObjectHashMap<>();

    private final Int2ObjectHashMap<Action> hashes = new Int2ObjectHashMap<>();

    Action.Output output(int port) {
        if (port >= outputs.length) {
            outputs = Arrays.copyOf(outputs, Math.max(port + 1, 2 * outputs.length));
        }
        Action.Output output = outputs[port];
        if (output == null) {
            output = new Action.Output(port);
            outputs[port] = output;
        }
        return output;
    }

    Action pushVlan(int tpid, int pcp, int vid) {
        int tag = tpid << 16 | VlanTag.tciOf(pcp, false, vid);
        Action push = pushes.get(tag);
        if (push == null) {
            push = new Action.PushVlan(tpid, pcp, vid);
            pushes.put(tag, push);
        }
        return push;
    }

    Action truncate(int maxBytes) {
        Action truncation = truncations.get(maxBytes);
        if (truncation == null) {
            truncation = new Action.Truncate(maxBytes);
            truncations.put(maxBytes, truncation);
        }
        return truncation;
    }

    Action hash(int basis) {
        Action hash = hashes.get(basis);
        if (hash == null) {
            hash = new Action.Hash(basis);
            hashes.put(basis, hash);
        }
        return hash;
    }
}
