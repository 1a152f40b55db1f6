package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is counted as memory that the collector could free. */
class NativeMemoryTest {

    private static final long GIB = 1L << 30;

    @Test
    void tensorsOfTheMetaDeviceHaveNoMemory() {
        long before = NativeMemory.counted();
        Tensor meta = Torch.empty(new long[] {GIB}, TensorOptions.of(Device.META));
        long counted = NativeMemory.counted() - before;
        assertEquals(4 * GIB, meta.nbytes());
        assertTrue(counted < GIB, () -> "counted " + counted);
    }
}
