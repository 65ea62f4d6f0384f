package io.jvswitch.datapath.translate;

import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What there is for each port, by the port's number ({@link Locations}): an array for devices and one for tunnels, as
 * the numbers of the latter begin far above. A change copies only those of the two that it touches.
 *
 * <p>Immutable. A look-up reads one element.
 *
 * @param <T> what there is for a port
 */
public final class PortArray<T> {

    private final @Nullable Object[] devices;
    /** From {@link Locations#UNDERLAY} on. */
    private final @Nullable Object[] tunnels;

    private PortArray(@Nullable Object[] devices, @Nullable Object[] tunnels) {
        this.devices = devices;
        this.tunnels = tunnels;
    }

    /** Of all these, in any order. */
    public static <T> PortArray<T> of(Collection<? extends T> all, ToIntFunction<T> number) {
        Change<T> change = new PortArray<T>(new Object[0], new Object[0]).change();
        all.forEach(one -> change.put(number.applyAsInt(one), one));
        return change.build();
    }

    /** What there is for the port of that number, null for nothing. */
    @SuppressWarnings("unchecked") // only those are put in
    public @Nullable T get(int number) {
        return (T) find(devices, tunnels, number);
    }

    private static @Nullable Object find(@Nullable Object[] devices, @Nullable Object[] tunnels, int number) {
        int index = number - Locations.UNDERLAY;
        if (index < 0) {
            return number > 0 && number < devices.length ? devices[number] : null;
        }
        return index < tunnels.length ? tunnels[index] : null;
    }

    /** Whether there is something for a tunnel. */
    public boolean hasTunnels() {
        return Arrays.stream(tunnels).anyMatch(Objects::nonNull);
    }

    /** Calls {@code consumer} for each, devices first, by number. */
    @SuppressWarnings("unchecked") // only those are put in
    public void forEach(Consumer<T> consumer) {
        for (Object[] array : new Object[][] {devices, tunnels}) {
            for (Object one : array) {
                if (one != null) {
                    consumer.accept((T) one);
                }
            }
        }
    }

    /** What the next array differs by from this one; nothing yet. */
    public Change<T> change() {
        return new Change<>(this);
    }

    /**
     * Differences between an array and the next. For one thread.
     *
     * @param <T> what there is for a port
     */
    public static final class Change<T> {

        private final PortArray<T> before;
        private @Nullable Object[] devices;
        private @Nullable Object[] tunnels;

        private Change(PortArray<T> before) {
            this.before = before;
            devices = before.devices;
            tunnels = before.tunnels;
        }

        /** As it is by now. */
        @SuppressWarnings("unchecked") // only those are put in
        @Nullable
        T get(int number) {
            return (T) find(devices, tunnels, number);
        }

        /** One that is new or different. */
        public void put(int number, T one) {
            if (number < Locations.UNDERLAY) {
                devices = own(devices, before.devices, number);
                devices[number] = one;
            } else {
                tunnels = own(tunnels, before.tunnels, number - Locations.UNDERLAY);
                tunnels[number - Locations.UNDERLAY] = one;
            }
        }

        /** One that has gone, or was not there. */
        public void remove(int number) {
            if (get(number) == null) {
                return;
            }
            if (number < Locations.UNDERLAY) {
                devices = own(devices, before.devices, number);
                devices[number] = null;
            } else {
                tunnels = own(tunnels, before.tunnels, number - Locations.UNDERLAY);
                tunnels[number - Locations.UNDERLAY] = null;
            }
        }

        /** A copy that may be written to, with room for that index. */
        @SuppressWarnings("ReferenceEquality") // whether it is shared is what is asked
        private static @Nullable Object[] own(@Nullable Object[] now, @Nullable Object[] shared, int index) {
            if (index >= now.length) {
                return Arrays.copyOf(now, Math.max(index + 1, now.length * 3 / 2));
            }
            return now == shared ? now.clone() : now;
        }

        /** The next array. */
        @SuppressWarnings("ReferenceEquality") // arrays that nobody has copied
        public PortArray<T> build() {
            return devices == before.devices && tunnels == before.tunnels ? before : new PortArray<>(devices, tunnels);
        }
    }
}
