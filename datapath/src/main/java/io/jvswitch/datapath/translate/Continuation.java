package io.jvswitch.datapath.translate;

/**
 * What a translator still has to do with a frame that the data path gives back to it: after a connection was looked up,
 * a hash computed, a label popped that hid what is behind. Immutable and compared by value, for frames that go on alike
 * share an id.
 */
public interface Continuation {

    /** Goes on, in the bridge and with the registers of then, and with the frame as it is now. */
    void resume(Translation translation);
}
