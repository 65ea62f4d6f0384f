package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.header.VlanTag;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The actions that a translation gathers. What follows the last that takes the frame is left out. A part of the list
 * that is isolated becomes a {@link Action.Clone} as soon as something follows it that must see the frame as it was
 * before.
 *
 * <p>Owned by one thread; allocates nothing unless a part must be cloned.
 */
final class ActionList {

    private static final int NONE = -1;

    private Action[] actions = new Action[8];
    private int size;
    /** How many there are up to the last that takes the frame. */
    private int effectiveSize;
    /** Where the isolated part begins that ends where the list ends now, and changes the frame; or none. */
    private int isolated = NONE;
    /** How many of the actions have had their tags written to the key. */
    private int tagsWritten;
    /** What came of the flow before: a clone that it has in the same place need not be made again. */
    private @Nullable Verdict last;

    /** Nothing gathered yet. */
    void begin(@Nullable Verdict lastVerdict) {
        last = lastVerdict;
        clear();
    }

    void clear() {
        size = 0;
        effectiveSize = 0;
        isolated = NONE;
        tagsWritten = 0;
    }

    /** Where the next action goes, as long as nothing before it is cloned for its sake. */
    int size() {
        return isolated == NONE ? size : isolated + 1;
    }

    int effectiveSize() {
        return effectiveSize;
    }

    Action get(int index) {
        return actions[index];
    }

    void add(Action action) {
        if (isolated != NONE) {
            cloneIsolated();
        }
        append(action);
    }

    private void append(Action action) {
        if (size == actions.length) {
            actions = Arrays.copyOf(actions, 2 * size);
        }
        actions[size++] = action;
        if (action instanceof Action.Delivery) {
            effectiveSize = size;
        }
    }

    private void cloneIsolated() {
        Action clone = previousClone();
        if (clone == null) {
            clone = new Action.Clone(List.of(Arrays.copyOfRange(actions, isolated, size)));
        }
        size = isolated;
        isolated = NONE;
        append(clone);
    }

    private @Nullable Action previousClone() {
        return last == null ? null : cloneAmong(last);
    }

    /** A clone of the isolated actions among others and in the clones among them. */
    private @Nullable Action cloneAmong(ActionSequence others) {
        for (int i = 0; i < others.size(); i++) {
            if (others.action(i) instanceof Action.Clone clone) {
                Action equal = isOfIsolated(clone) ? clone : cloneAmong(clone);
                if (equal != null) {
                    return equal;
                }
            }
        }
        return null;
    }

    private boolean isOfIsolated(Action.Clone clone) {
        if (clone.size() != size - isolated) {
            return false;
        }
        for (int i = 0; i < clone.size(); i++) {
            if (!clone.action(i).equals(actions[isolated + i])) {
                return false;
            }
        }
        return true;
    }

    /** What is added from here on to {@link #endIsolation} is not seen by what follows. */
    int isolate() {
        int begun = size();
        if (isolated != NONE) {
            cloneIsolated();
        }
        return begun;
    }

    void endIsolation(int begun) {
        if (begun > size) {
            return; // the translation failed meanwhile
        }
        if (effectiveSize <= begun) {
            size = begun; // nobody takes the frame in it
            isolated = NONE;
            return;
        }
        size = effectiveSize;
        isolated = changesFrame(begun) ? begun : NONE;
    }

    private boolean changesFrame(int from) {
        for (int i = from; i < size; i++) {
            // truncation is for the next delivery, and no longer seen after it
            if (!(actions[i] instanceof Action.Delivery
                    || actions[i] instanceof Action.LimitFlood
                    || actions[i] instanceof Action.Truncate)) {
                return true;
            }
        }
        return false;
    }

    /** How many of the actions have had their tags written: {@link #restoreTagsWritten} with the key. */
    int tagsWritten() {
        return tagsWritten;
    }

    /** The key is again as it was when so many had. */
    void restoreTagsWritten(int count) {
        tagsWritten = Math.min(count, size);
    }

    /** Writes to a key what the tags are after the actions so far, for who goes on reading it. */
    void writeTagsTo(FlowReader key) {
        for (int i = tagsWritten; i < size; i++) {
            if (actions[i] instanceof Action.PopVlan) {
                key.move(FlowField.VLAN_TCI_INNER, 0, FlowField.VLAN_TCI, 0, FlowField.VLAN_TCI.bits());
                key.move(FlowField.VLAN_TPID_INNER, 0, FlowField.VLAN_TPID, 0, FlowField.VLAN_TPID.bits());
                key.set(FlowField.VLAN_TCI_INNER, 0);
                key.set(FlowField.VLAN_TPID_INNER, 0);
            } else if (actions[i] instanceof Action.PushVlan tag) {
                key.move(FlowField.VLAN_TCI, 0, FlowField.VLAN_TCI_INNER, 0, FlowField.VLAN_TCI.bits());
                key.move(FlowField.VLAN_TPID, 0, FlowField.VLAN_TPID_INNER, 0, FlowField.VLAN_TPID.bits());
                key.set(FlowField.VLAN_TCI, VlanTag.tciOf(tag.pcp(), false, tag.vid()) | FlowField.VLAN_PRESENT);
                key.set(FlowField.VLAN_TPID, tag.tpid());
            }
        }
        tagsWritten = size;
    }

    /** How many more tags the frame has than it came with, as far as they were put on and taken off here. */
    int tagsAdded() {
        int added = 0;
        int end = isolated == NONE ? size : isolated;
        for (int i = 0; i < end; i++) {
            if (actions[i] instanceof Action.PushVlan) {
                added++;
            } else if (actions[i] instanceof Action.PopVlan) {
                added--;
            }
        }
        return added;
    }

    boolean isSame(Action[] list) {
        return Arrays.equals(actions, 0, effectiveSize, list, 0, list.length);
    }

    int hash() {
        int hash = effectiveSize;
        for (int i = 0; i < effectiveSize; i++) {
            hash = 31 * hash + actions[i].hashCode();
        }
        return hash;
    }

    Action[] copy() {
        return Arrays.copyOf(actions, effectiveSize);
    }
}
