package io.jvswitch.datapath.translate;

/**
 * A bridge's mirrors: they see every frame that comes into the bridge and every one that leaves it, whatever brain
 * decides there, and add outputs of their own.
 *
 * <p>Which of them have copied a frame already stands in the {@link Scope}, so that none copies it twice. Stateless
 * otherwise, and shared by all workers.
 */
public interface Mirrors {

    /**
     * Whether frames must be shown to {@link #leave} that leave by this port. Asked for each output: no look at the
     * frame.
     */
    boolean watches(int port);

    /**
     * A frame has come into the bridge by the port of the scope, and nobody has decided about it yet. What is done to
     * it here is not seen by what follows.
     *
     * @return false when no frame may come in by that port: then the bridge is not asked, and the frame is dropped
     */
    boolean arrive(Translation translation);

    /**
     * A frame has just left the bridge by a port that somebody watches: the key shows it as it left. What is done to
     * it here is not seen by what follows.
     */
    void leave(Translation translation, int port);
}
