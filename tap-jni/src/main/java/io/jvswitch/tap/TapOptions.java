package io.jvswitch.tap;

import io.jvswitch.wire.VirtioNetHeader;

/**
 * How a TAP is opened. Start from {@link #named} and change what differs:
 * {@code TapOptions.named("vm1").withQueues(2).withOffloads(TapDevice.OFFLOAD_CHECKSUM | TapDevice.OFFLOAD_TSO4)}.
 *
 * @param name the device's name, 1 to 15 bytes; {@code "tap%d"} lets the kernel choose a number
 * @param attach whether the device must be new, must exist, or either
 * @param queues how many queues, 1 to 256; more than one makes the device multi-queue
 * @param persistent whether the device outlives us, until {@link TapDevice#remove()}
 * @param vnetHeaderBytes size of the virtio-net header: 10, 12 or 24 (Linux 6.17), or 0 for none
 * @param offloads which superframes and partial checksums the device may hand us, the {@code OFFLOAD_} bits of {@link
 *     TapDevice}; those that the kernel lacks are left out. Needs the header. We may send superframes in any case
 * @param namespace the network namespace in which the device is created or found
 */
public record TapOptions(
        String name,
        Attach attach,
        int queues,
        boolean persistent,
        int vnetHeaderBytes,
        int offloads,
        NetworkNamespace namespace) {

    /** Most queues that Linux gives a TAP ({@code MAX_TAP_QUEUES}). */
    public static final int MAX_QUEUES = 256;

    /** Whether a device of that name must exist. */
    public enum Attach {
        /** No device may have it: it is created. */
        CREATE,
        /** A persistent TAP must have it, and nobody may have that open. */
        EXISTING,
        /** Either. */
        ANY
    }

    public TapOptions {
        if (queues < 1 || queues > MAX_QUEUES) {
            throw new IllegalArgumentException(
                    "TAP " + name + ": " + queues + " queues; Linux takes 1 to " + MAX_QUEUES);
        }
        if (vnetHeaderBytes != 0
                && vnetHeaderBytes != VirtioNetHeader.LEGACY_BYTES
                && vnetHeaderBytes != VirtioNetHeader.BYTES
                && vnetHeaderBytes != VirtioNetHeader.TUNNEL_BYTES) {
            throw new IllegalArgumentException(
                    "TAP " + name + ": a virtio-net header of " + vnetHeaderBytes + " bytes; expected 0, 10, 12 or 24");
        }
        if (vnetHeaderBytes == 0 && offloads != 0) {
            throw new IllegalArgumentException("TAP " + name + ": offloads need a virtio-net header");
        }
    }

    /**
     * One queue, a 12-byte header, no offloads, in the current namespace; created unless it exists, deleted when
     * closed.
     */
    public static TapOptions named(String name) {
        return new TapOptions(name, Attach.ANY, 1, false, VirtioNetHeader.BYTES, 0, NetworkNamespace.current());
    }

    public TapOptions withAttach(Attach newAttach) {
        return new TapOptions(name, newAttach, queues, persistent, vnetHeaderBytes, offloads, namespace);
    }

    public TapOptions withQueues(int newQueues) {
        return new TapOptions(name, attach, newQueues, persistent, vnetHeaderBytes, offloads, namespace);
    }

    public TapOptions withPersistent(boolean newPersistent) {
        return new TapOptions(name, attach, queues, newPersistent, vnetHeaderBytes, offloads, namespace);
    }

    public TapOptions withVnetHeaderBytes(int newBytes) {
        return new TapOptions(name, attach, queues, persistent, newBytes, offloads, namespace);
    }

    public TapOptions withOffloads(int newOffloads) {
        return new TapOptions(name, attach, queues, persistent, vnetHeaderBytes, newOffloads, namespace);
    }

    public TapOptions withNamespace(NetworkNamespace newNamespace) {
        return new TapOptions(name, attach, queues, persistent, vnetHeaderBytes, offloads, newNamespace);
    }
}
