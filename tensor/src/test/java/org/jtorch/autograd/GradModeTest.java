package org.jtorch.autograd;

import static org.jtorch.autograd.Values.leaf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GradModeTest {

    @AfterEach
    void allIsAsBefore() {
        assertTrue(Autograd.isGradEnabled());
        assertFalse(Autograd.isInferenceModeEnabled());
    }

    @Test
    void noGradRecordsNothing() {
        Tensor x = leaf(1, 2);
        try (GradMode mode = Autograd.noGrad()) {
            assertFalse(Autograd.isGradEnabled());
            assertFalse(x.mul(2).requiresGrad());
        }
        assertTrue(x.mul(2).requiresGrad());
    }

    @Test
    void modesNest() {
        try (GradMode off = Autograd.noGrad()) {
            try (GradMode on = Autograd.enableGrad()) {
                assertTrue(Autograd.isGradEnabled());
                try (GradMode inner = Autograd.setGradEnabled(false)) {
                    assertFalse(Autograd.isGradEnabled());
                }
                assertTrue(Autograd.isGradEnabled());
            }
            assertFalse(Autograd.isGradEnabled());
        }
        try (GradMode same = Autograd.enableGrad()) {
            assertTrue(Autograd.isGradEnabled());
        }
    }

    @Test
    void inferenceModeNestsAndEnds() {
        Tensor x = leaf(1, 2);
        try (GradMode mode = Autograd.inferenceMode()) {
            assertTrue(Autograd.isInferenceModeEnabled());
            assertFalse(Autograd.isGradEnabled());
            try (GradMode inner = Autograd.inferenceMode()) {
                assertFalse(x.mul(2).requiresGrad());
            }
            assertTrue(Autograd.isInferenceModeEnabled());
            try (GradMode off = Autograd.noGrad()) {
                assertTrue(Autograd.isInferenceModeEnabled());
            }
        }
    }

    @Test
    void inferenceTensorsCannotBeRecordedLater() {
        Tensor made = Autograd.inferenceMode(() -> Torch.ones(2).mul(2));
        Tensor x = leaf(1, 2);
        assertThrows(TorchException.class, () -> x.mul(made));
        assertEquals(4, made.sum().item());
    }

    @Test
    void lambdasGiveTheirValue() {
        Tensor x = leaf(1, 2);
        assertFalse(Autograd.noGrad(() -> x.mul(2)).requiresGrad());
        assertFalse(Autograd.inferenceMode(() -> x.mul(2)).requiresGrad());
        boolean[] inside = new boolean[3];
        Autograd.noGrad(() -> {
            inside[0] = Autograd.isGradEnabled();
            Autograd.enableGrad(() -> {
                inside[1] = Autograd.isGradEnabled();
            });
            inside[2] = Autograd.enableGrad(() -> x.mul(2)).requiresGrad();
        });
        assertFalse(inside[0]);
        assertTrue(inside[1]);
        assertTrue(inside[2]);
        Autograd.inferenceMode(() -> {
            inside[0] = Autograd.isInferenceModeEnabled();
        });
        assertTrue(inside[0]);
    }

    @Test
    void exceptionsEndThem() {
        assertThrows(
                ArithmeticException.class,
                () -> Autograd.noGrad(() -> {
                    throw new ArithmeticException();
                }));
        assertTrue(Autograd.isGradEnabled());
        assertThrows(
                ArithmeticException.class,
                () -> Autograd.inferenceMode(() -> {
                    throw new ArithmeticException();
                }));
        assertThrows(ArithmeticException.class, () -> {
            try (GradMode mode = Autograd.noGrad()) {
                throw new ArithmeticException();
            }
        });
    }

    @Test
    void closingTwiceDoesNothing() {
        GradMode mode = Autograd.noGrad();
        mode.close();
        try (GradMode other = Autograd.noGrad()) {
            mode.close();
            assertFalse(Autograd.isGradEnabled());
        }
    }

    @Test
    void belongToTheirThread() throws InterruptedException {
        AtomicReference<Boolean> there = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (GradMode mode = Autograd.noGrad()) {
            Thread other = new Thread(() -> {
                there.set(Autograd.isGradEnabled());
                try {
                    mode.close();
                } catch (IllegalStateException e) {
                    thrown.set(e);
                }
            });
            other.start();
            other.join();
            assertTrue(there.get());
            assertTrue(
                    thrown.get().getMessage().startsWith("a grad mode must be closed on the thread that created it"));
            assertFalse(Autograd.isGradEnabled());
        }
    }

    @Test
    void theBackwardRunsInTheModeOfItsGraph() {
        Tensor x = leaf(2);
        boolean[] seen = new boolean[2];
        Tensor y = x.mul(x);
        y.registerHook(grad -> {
            seen[0] = Autograd.isGradEnabled();
            return null;
        });
        Tensor sum = y.sum();
        sum.backward(null, true, false);
        assertFalse(seen[0]);
        Autograd.grad(sum, x, true);
        assertTrue(seen[0]);
    }

    @Test
    void closingOutOfOrderRestoresWhatWasBefore() {
        GradMode outer = Autograd.noGrad();
        GradMode inner = Autograd.inferenceMode();
        outer.close();
        assertTrue(Autograd.isInferenceModeEnabled());
        inner.close();
        assertTrue(Autograd.isGradEnabled());
        assertFalse(Autograd.isInferenceModeEnabled());
        assertFalse(Torch.ones(1).isInference());
    }

    @Test
    void aForgottenModeChangesNoOtherThread() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            Thread forgetful = new Thread(Autograd::inferenceMode);
            forgetful.start();
            forgetful.join();
        }
        for (int i = 0; i < 10; i++) {
            System.gc();
            Thread.sleep(5);
            Torch.ones(1_000_000).add(1);
            assertTrue(leaf(1, 2).mul(2).requiresGrad());
        }
    }

    @Test
    void aModeLeftOpenInAHookEndsWithIt() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2);
        y.registerHook(grad -> {
            Autograd.enableGrad();
            return null;
        });
        y.sum().backward();
        assertTrue(Autograd.isGradEnabled());
        try (GradMode off = Autograd.noGrad()) {
            assertFalse(x.mul(2).requiresGrad());
        }
    }

    @Test
    void aModeClosedInAHookIsOverAfterTheBackward() {
        Tensor x = leaf(1, 2);
        GradMode[] mode = new GradMode[1];
        Tensor y = x.mul(2);
        y.registerHook(grad -> {
            mode[0].close();
            return null;
        });
        Tensor sum = y.sum();
        mode[0] = Autograd.noGrad();
        sum.backward();
        assertTrue(Autograd.isGradEnabled());
    }

    @Test
    void inferenceModeIsThatOfTheEngine() {
        Tensor weight = leaf(1, 2);
        try (GradMode mode = Autograd.inferenceMode()) {
            Tensor made = weight.mul(2);
            assertTrue(made.isInference());
            assertFalse(made.requiresGrad());
            try (GradMode out = Autograd.inferenceMode(false)) {
                assertFalse(weight.mul(2).isInference());
                assertTrue(weight.mul(2).requiresGrad());
            }
            assertTrue(weight.mul(2).isInference());
        }
    }
}
