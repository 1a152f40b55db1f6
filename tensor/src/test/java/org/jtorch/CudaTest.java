package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CudaTest {

    @Test
    void withoutADeviceThereIsNothing() {
        assumeFalse(Cuda.isAvailable(), "it is about machines without CUDA");
        assertEquals(0, Cuda.deviceCount());
        assertEquals(0, Cuda.memoryAllocated());
        assertEquals(0, Cuda.maxMemoryAllocated(0));
        assertEquals(0, Cuda.memoryReserved());
        assertEquals(0, Cuda.maxMemoryReserved());
        Cuda.emptyCache();
        Cuda.resetPeakMemoryStats();
        for (Executable call : new Executable[] {
            Cuda::synchronize, () -> Cuda.synchronize(0), Cuda::currentDevice, () -> Cuda.memGetInfo(0)
        }) {
            assertEquals(
                    "there is no CUDA device: the engine in use was built without CUDA. Use Device.CPU, or Device.best() for"
                            + " the best available device",
                    assertThrows(TorchException.class, call).getMessage());
        }
        assertTrue(Device.best().equals(Device.CPU) || Device.best().type().equals("mps"));
    }

    @Test
    void aDeviceCountsItsMemory() {
        assumeTrue(Cuda.isAvailable(), "it needs a CUDA device");
        assertEquals("cuda", Device.best().type());
        Cuda.resetPeakMemoryStats();
        long before = Cuda.memoryAllocated();
        try (Tensor x = Torch.zeros(
                new long[] {1 << 20}, TensorOptions.of(DType.FLOAT32).device(Device.best()))) {
            assertTrue(Cuda.memoryAllocated() >= before + (4 << 20));
            assertTrue(Cuda.memoryReserved() >= Cuda.memoryAllocated());
        }
        Cuda.synchronize();
        assertEquals(before, Cuda.memoryAllocated());
        assertTrue(Cuda.maxMemoryAllocated() >= before + (4 << 20));
        Cuda.emptyCache();
        assertThrows(IllegalArgumentException.class, () -> Cuda.memoryAllocated(Cuda.deviceCount()));
    }

    @Test
    void whatIsNotDeterministicIsRefusedOnDemand() {
        assertFalse(Torch.areDeterministicAlgorithmsEnabled());
        Torch.useDeterministicAlgorithms(true);
        try {
            assertTrue(Torch.areDeterministicAlgorithmsEnabled());
            assertFalse(Torch.isDeterministicAlgorithmsWarnOnlyEnabled());
            assertTrue(Double.isNaN(Torch.empty(1).item()));
            Tensor x = Torch.zeros(3);
            assertEquals(
                    "put_ does not have a deterministic implementation, but you set Torch.useDeterministicAlgorithms(true)."
                            + " You can turn off determinism just for this operation, or you can use"
                            + " Torch.useDeterministicAlgorithms(true, true), if that's acceptable for your application.",
                    assertThrows(TorchException.class, () -> x.put_(Torch.tensor(new long[] {0}), Torch.ones(1), false))
                            .getMessage());
            Torch.useDeterministicAlgorithms(true, true);
            assertTrue(Torch.isDeterministicAlgorithmsWarnOnlyEnabled());
            x.put_(Torch.tensor(new long[] {0}), Torch.ones(1), false);
            assertEquals(1, x.sum().item());
        } finally {
            Torch.useDeterministicAlgorithms(false);
        }
        assertFalse(Torch.areDeterministicAlgorithmsEnabled());
    }

    /** The values are PyTorch 2.14's. */
    @Test
    void tensorsAreCompared() {
        Tensor nan = Torch.tensor(new float[] {1, Float.NaN});
        assertFalse(Torch.equal(nan, nan));
        assertFalse(Torch.allclose(nan, nan));
        assertTrue(Torch.allclose(nan, nan, 1e-5, 1e-8, true));
        assertEquals("tensor([ True, False])", Torch.isclose(nan, nan.add(1e-9)).toString());
        assertTrue(Torch.equal(Torch.ones(2), Torch.ones(2)));
        assertFalse(Torch.equal(Torch.ones(2), Torch.ones(3)));
        assertTrue(Torch.equal(Torch.ones(2), Torch.ones(2).float64()));
        assertTrue(Torch.equal(Torch.ones(2).int32(), Torch.ones(2).int64()));
        assertTrue(Torch.allclose(Torch.ones(2), Torch.ones(1)));
        assertEquals(
                "Float did not match Double",
                assertThrows(
                                TorchException.class,
                                () -> Torch.allclose(
                                        Torch.ones(2), Torch.ones(2).float64()))
                        .getMessage());
    }
}
