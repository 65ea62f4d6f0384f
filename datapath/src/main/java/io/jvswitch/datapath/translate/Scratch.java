package io.jvswitch.datapath.translate;

/**
 * Makes what a translator needs to note beside its translation, once for each scope of each worker's {@link
 * Translation}; the translator uses it again for every frame. A constant of the translator's.
 */
@FunctionalInterface
public interface Scratch<T> {
    T make();
}
