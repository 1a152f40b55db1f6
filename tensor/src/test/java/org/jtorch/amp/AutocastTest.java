package org.jtorch.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AutocastTest {

    private final Tensor x = Torch.ones(4, 4);
    private final Tensor weight = Torch.ones(4, 4).requiresGrad_();

    @AfterEach
    void allIsAsBefore() {
        assertFalse(Autocast.isEnabled(Device.CPU));
        assertEquals(DType.BFLOAT16, Autocast.dtype(Device.CPU));
        assertTrue(Autocast.isCacheEnabled());
        assertEquals(DType.FLOAT32, x.mm(weight).dtype());
    }

    private DType product() {
        return x.mm(weight).dtype();
    }

    @Test
    void productsRunInTheLowerPrecision() {
        try (Autocast autocast = Autocast.cpu()) {
            assertTrue(Autocast.isEnabled(Device.CPU));
            assertEquals(DType.BFLOAT16, product());
            assertEquals(DType.FLOAT32, x.add(weight).dtype());
            assertEquals(DType.FLOAT32, weight.dtype());
        }
        try (Autocast autocast = new Autocast(Device.CPU, o -> o.dtype(DType.FLOAT16))) {
            assertEquals(DType.FLOAT16, product());
            assertEquals(DType.FLOAT16, Autocast.dtype(Device.CPU));
        }
    }

    @Test
    void blocksNest() {
        try (Autocast outer = Autocast.cpu()) {
            try (Autocast off = new Autocast(Device.CPU, o -> o.enabled(false))) {
                assertEquals(DType.FLOAT32, product());
                try (Autocast half = new Autocast(Device.CPU, o -> o.dtype(DType.FLOAT16))) {
                    assertEquals(DType.FLOAT16, product());
                }
                assertEquals(DType.FLOAT32, product());
            }
            assertEquals(DType.BFLOAT16, product());
        }
    }

    @Test
    void anInnerBlockWithAnotherDtypeDoesNotUseTheOutersCasts() {
        try (Autocast outer = Autocast.cpu()) {
            assertEquals(DType.BFLOAT16, product());
            try (Autocast half = new Autocast(Device.CPU, o -> o.dtype(DType.FLOAT16))) {
                assertEquals(DType.FLOAT16, product());
            }
            assertEquals(DType.BFLOAT16, product());
        }
    }

    @Test
    void anExceptionEndsTheBlock() {
        assertThrows(TorchException.class, () -> {
            try (Autocast autocast = Autocast.cpu()) {
                x.mm(Torch.ones(3, 3));
            }
        });
        assertFalse(Autocast.isEnabled(Device.CPU));
    }

    @Test
    void closingTwiceHasNoEffect() {
        Autocast outer = Autocast.cpu();
        Autocast inner = new Autocast(Device.CPU, o -> o.enabled(false));
        inner.close();
        inner.close();
        assertEquals(DType.BFLOAT16, product());
        outer.close();
    }

    @Test
    void aBlockThatIsClosedEarlyLeavesALaterOneInForce() {
        Autocast outer = Autocast.cpu();
        GradMode noGrad = Autograd.noGrad();
        Autocast inner = new Autocast(Device.CPU, o -> o.dtype(DType.FLOAT16));
        outer.close();
        assertEquals(DType.FLOAT16, product());
        noGrad.close();
        assertFalse(x.mm(weight).requiresGrad());
        inner.close();
        assertFalse(Autocast.isEnabled(Device.CPU));
        assertTrue(x.mm(weight).requiresGrad());
    }

    @Test
    void onlyItsThreadIsConcerned() throws Exception {
        try (Autocast autocast = Autocast.cpu()) {
            assertEquals(DType.FLOAT32, elsewhere(this::product));
            ExecutionException refused = assertThrows(
                    ExecutionException.class,
                    () -> elsewhere(() -> {
                        autocast.close();
                        return DType.BOOL;
                    }));
            assertTrue(refused.getCause().getMessage().contains("must be closed on the thread that created it"));
            assertEquals(DType.BFLOAT16, product());
        }
    }

    @Test
    void aBlockThatIsNeverClosedEndsWithItsThread() throws Exception {
        assertEquals(DType.BFLOAT16, elsewhere(() -> {
            Autocast unused = Autocast.cpu();
            assertNotNull(unused);
            return product();
        }));
        assertEquals(DType.FLOAT32, product());
        try (Autocast autocast = new Autocast(Device.CPU, o -> o.dtype(DType.FLOAT16))) {
            assertEquals(DType.FLOAT16, product());
        }
    }

    private static DType elsewhere(Callable<DType> task) throws Exception {
        FutureTask<DType> future = new FutureTask<>(task);
        Thread thread = new Thread(future);
        thread.start();
        thread.join();
        return future.get();
    }

    @Test
    void gradModesInsideOfABlockKeepIt() {
        try (Autocast autocast = Autocast.cpu()) {
            assertEquals(DType.BFLOAT16, Autograd.noGrad(this::product));
            assertEquals(DType.BFLOAT16, Autograd.inferenceMode(this::product));
            assertEquals(DType.BFLOAT16, product());
        }
        try (GradMode mode = Autograd.inferenceMode();
                Autocast autocast = Autocast.cpu()) {
            assertTrue(x.mm(weight).isInference());
            assertEquals(DType.BFLOAT16, product());
            assertTrue(Autograd.isInferenceModeEnabled());
        }
    }

    @Test
    void castsMadeWithoutRecordingAreNotUsedInRecordedOperations() {
        try (Autocast autocast = Autocast.cpu()) {
            Autograd.noGrad(this::product);
            assertTrue(x.mm(weight).requiresGrad());
            Autograd.inferenceMode(this::product);
            x.mm(weight).sum().backward();
        }
        assertEquals(64, weight.grad().sum().item());
        assertEquals(DType.FLOAT32, weight.grad().dtype());
    }

    @Test
    void castsMadeByAnotherThreadWithoutRecordingAreNotUsed() throws Exception {
        try (Autocast autocast = Autocast.cpu()) {
            elsewhere(() -> {
                try (Autocast same = Autocast.cpu()) {
                    return Autograd.inferenceMode(this::product);
                }
            });
            assertTrue(x.mm(weight).requiresGrad());
            elsewhere(() -> {
                Autocast open = new Autocast(Device.CPU, o -> o.dtype(DType.FLOAT16));
                assertNotNull(open);
                return product();
            });
            assertEquals(DType.BFLOAT16, product());
        }
    }

    @Test
    void weightsThatChangedAreCastAgain() {
        try (Autocast autocast = Autocast.cpu()) {
            assertEquals(64, x.mm(weight).sum().item());
            Autograd.noGrad(() -> {
                weight.mul_(2);
            });
            assertEquals(128, x.mm(weight).sum().item());
        }
        try (GradMode mode = Autograd.noGrad();
                Autocast autocast = Autocast.cpu()) {
            assertEquals(128, x.mm(weight).sum().item());
            Autograd.noGrad(() -> {
                weight.mul_(2);
            });
            assertEquals(256, x.mm(weight).sum().item());
            weight.mul_(2);
            assertEquals(256, x.mm(weight).sum().item()); // as in PyTorch
        }
        try (GradMode mode = Autograd.noGrad();
                Autocast autocast = new Autocast(Device.CPU, o -> o.cacheEnabled(false))) {
            assertEquals(512, x.mm(weight).sum().item());
            weight.div_(4);
            assertEquals(128, x.mm(weight).sum().item());
        }
    }

    @Test
    void aWeightIsCastOnceInABlock() {
        try (Autocast autocast = Autocast.cpu()) {
            assertTrue(castsOnce());
        }
        try (Autocast autocast = new Autocast(Device.CPU, o -> o.cacheEnabled(false))) {
            assertFalse(Autocast.isCacheEnabled());
            assertFalse(castsOnce());
            try (Autocast inner = Autocast.cpu()) {
                assertFalse(Autocast.isCacheEnabled());
            }
            try (Autocast inner = new Autocast(Device.CPU, o -> o.cacheEnabled(true))) {
                assertTrue(Autocast.isCacheEnabled());
                assertTrue(castsOnce());
            }
            assertFalse(castsOnce());
        }
    }

    @Test
    void aThreadThatEndedDoesNotKeepOthersFromTheCache() throws Exception {
        elsewhere(() -> {
            Autocast open = new Autocast(Device.CPU, o -> o.dtype(DType.FLOAT16));
            assertNotNull(open);
            return product();
        });
        try (Autocast autocast = Autocast.cpu()) {
            assertTrue(castsOnce());
        }
    }

    /** The gradients of one cast are added in bfloat16, where 1 + 1/512 is 1; those of two casts in float32. */
    private static boolean castsOnce() {
        Tensor w = Torch.ones(1, 1).requiresGrad_();
        Tensor one = Torch.ones(1, 1);
        one.mm(w).add(one.mul(1 / 512.0).mm(w)).sum().backward();
        return w.grad().item() == 1;
    }

    @Test
    void unsupportedDtypesAndDevicesDoNothing() {
        try (Autocast autocast = new Autocast(Device.CPU, o -> o.dtype(DType.FLOAT64))) {
            assertFalse(Autocast.isEnabled(Device.CPU));
            assertEquals(DType.FLOAT64, Autocast.dtype(Device.CPU));
            assertEquals(DType.FLOAT32, product());
        }
        try (Autocast autocast = Autocast.cuda()) {
            assertEquals(DType.FLOAT16, Autocast.dtype(Device.of("cuda:0")));
            assertEquals(DType.FLOAT32, product());
        }
        assertFalse(Autocast.isAvailable(Device.META));
        assertFalse(Autocast.isAvailable(Device.of("nosuch")));
        assertEquals(
                "User specified an unsupported autocast device_type 'meta': the engine has autocast for cpu, cuda and mps",
                assertThrows(IllegalArgumentException.class, () -> new Autocast(Device.META))
                        .getMessage());
    }

    @Test
    void hooksOfABackwardInsideOfABlockSeeIt() {
        boolean[] seen = new boolean[2];
        try (Autocast autocast = Autocast.cpu()) {
            Tensor y = x.mm(weight);
            y.registerHook(grad -> {
                seen[0] = Autocast.isEnabled(Device.CPU);
                Autocast unused = new Autocast(Device.CPU, o -> o.enabled(false));
                assertNotNull(unused);
                seen[1] = Autocast.isEnabled(Device.CPU);
                return null;
            });
            y.sum().backward();
            assertTrue(seen[0]);
            assertFalse(seen[1]);
            assertEquals(DType.BFLOAT16, product());
        }
        Tensor z = x.mm(weight);
        z.registerHook(grad -> {
            seen[0] = Autocast.isEnabled(Device.CPU);
            return null;
        });
        z.sum().backward();
        assertFalse(seen[0]);
    }
}
