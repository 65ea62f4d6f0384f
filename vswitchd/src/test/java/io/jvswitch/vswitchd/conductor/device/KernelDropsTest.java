package io.jvswitch.vswitchd.conductor.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.tap.NativeException;
import io.jvswitch.tap.NetworkNamespace;
import org.junit.jupiter.api.Test;

final class KernelDropsTest {

    private long kernel;
    private boolean silent;

    private long read() throws NativeException {
        if (silent) {
            NetworkNamespace.named("jvs-no-such").close(); // throws what the kernel's refusal looks like
        }
        return kernel;
    }

    @Test
    void aSocketsAreCountedFromItsOpening() {
        kernel = 7;
        KernelDrops drops = KernelDrops.ofSocket("socket", this::read);
        assertEquals(7, drops.take());
        assertEquals(0, drops.take());
        kernel = 9;
        assertEquals(2, drops.take());
    }

    @Test
    void aSocketsCounterHas32Bits() {
        KernelDrops drops = KernelDrops.ofSocket("socket", this::read);
        kernel = 0xffff_fff0L;
        assertEquals(0xffff_fff0L, drops.take());
        kernel = 4;
        assertEquals(20, drops.take());
    }

    @Test
    void aDevicesAreCountedFromItsAttaching() {
        kernel = 0x1_0000_0000L;
        KernelDrops drops = KernelDrops.ofDevice("device", this::read);
        assertEquals(0, drops.take());
        kernel += 0x2_0000_0000L;
        assertEquals(0x2_0000_0000L, drops.take());
    }

    @Test
    void whatCouldNotBeReadIsMadeUpForLater() {
        kernel = 5;
        KernelDrops drops = KernelDrops.ofDevice("device", this::read);
        silent = true;
        kernel = 6;
        assertEquals(0, drops.take());
        silent = false;
        kernel = 8;
        assertEquals(3, drops.take());
    }

    @Test
    void aDeviceThatCannotBeReadAtFirstIsCountedFromTheFirstAnswer() {
        silent = true;
        kernel = 5;
        KernelDrops drops = KernelDrops.ofDevice("device", this::read);
        silent = false;
        assertEquals(0, drops.take());
        kernel = 6;
        assertEquals(1, drops.take());
    }
}
