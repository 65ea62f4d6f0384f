package io.jvswitch.datapath.translate;

/** Actions in the order in which they are done; the last takes the frame. Immutable. */
public interface ActionSequence {

    /** How many there are. */
    int size();

    Action action(int index);
}
