package io.jvswitch.datapath.translate;

/**
 * What a frame taught a translator and the conductor must know: a station that is somewhere else now, a remote that
 * nobody knew. Told over a bounded queue; until it is told, no megaflow is made that would hide further frames like it.
 *
 * <p>Immutable, compared by value.
 */
public interface News {

    /**
     * Who sends the frames that tell it, and whose share of the queue it takes: a port's number, or what stands for
     * more.
     */
    int sender();

    /**
     * Whether a megaflow may be made once it is told. If not, every frame is translated until what it says has become
     * part of a snapshot: whoever makes up senders fills no table.
     */
    boolean allowsFlow();
}
