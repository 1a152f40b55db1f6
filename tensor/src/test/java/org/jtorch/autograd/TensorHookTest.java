package org.jtorch.autograd;

import static org.jtorch.autograd.Values.assertValues;
import static org.jtorch.autograd.Values.leaf;
import static org.jtorch.autograd.Values.of;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.TensorHook;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;

class TensorHookTest {

    @Test
    void seesTheGradientOfAComputedTensor() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2);
        List<Tensor> seen = new ArrayList<>();
        y.registerHook(grad -> {
            seen.add(grad);
            return null;
        });
        y.mul(y).sum().backward();
        assertEquals(1, seen.size());
        assertValues(seen.get(0), 4, 8);
        assertValues(x.grad(), 8, 16);
    }

    @Test
    void replacesTheGradient() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2);
        y.registerHook(grad -> grad.mul(10));
        y.sum().backward();
        assertValues(x.grad(), 20, 20);
    }

    @Test
    void runsInOrderOfRegistrationOnLeavesToo() {
        for (boolean leaf : new boolean[] {true, false}) {
            Tensor x = leaf(1, 2);
            Tensor hooked = leaf ? x : x.mul(1);
            List<String> order = new ArrayList<>();
            hooked.registerHook(grad -> {
                order.add("first");
                return grad.add(1);
            });
            hooked.registerHook(grad -> {
                order.add("second");
                return grad.mul(10);
            });
            hooked.sum().backward();
            assertEquals(List.of("first", "second"), order);
            assertValues(x.grad(), 20, 20);
        }
    }

    @Test
    void appliesToUsesBeforeItsRegistration() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2);
        Tensor z = y.sum();
        y.registerHook(grad -> grad.mul(3));
        z.backward();
        assertValues(x.grad(), 6, 6);
    }

    @Test
    void belongsToTheComputationBehindAChangeInPlace() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2);
        List<Double> seen = new ArrayList<>();
        y.registerHook(grad -> {
            seen.add(grad.sum().item());
            return null;
        });
        y.mul_(3);
        y.registerHook(grad -> {
            seen.add(-grad.sum().item());
            return null;
        });
        y.sum().backward();
        assertEquals(List.of(-2.0, 6.0), seen);
    }

    @Test
    void tellsTheOutputsOfOneOperationApart() {
        Tensor x = leaf(1, 2, 3);
        List<Tensor> parts = x.unbind();
        parts.get(0).registerHook(grad -> grad.mul(10));
        parts.get(2).registerHook(grad -> grad.mul(100));
        parts.get(0).add(parts.get(1)).add(parts.get(2)).backward();
        assertValues(x.grad(), 10, 1, 100);
    }

    @Test
    void isRemovedByItsHandle() {
        Tensor x = leaf(1);
        try (RemovableHandle handle = x.registerHook(grad -> grad.mul(5))) {
            x.sum().backward();
            assertValues(x.grad(), 5);
        }
        x.setGrad(null);
        x.sum().backward();
        assertValues(x.grad(), 1);
    }

    @Test
    void removingTwiceDoesNothing() {
        Tensor x = leaf(1);
        RemovableHandle first = x.registerHook(grad -> grad.mul(2));
        x.registerHook(grad -> grad.mul(3));
        first.remove();
        first.remove();
        first.close();
        x.sum().backward();
        assertValues(x.grad(), 3);
    }

    @Test
    void removesItself() {
        for (boolean leaf : new boolean[] {true, false}) {
            Tensor x = leaf(1);
            Tensor hooked = leaf ? x : x.mul(1);
            List<RemovableHandle> handle = new ArrayList<>();
            int[] calls = {0};
            handle.add(hooked.registerHook(grad -> {
                calls[0]++;
                handle.get(0).remove();
                return grad.mul(7);
            }));
            Tensor loss = hooked.sum();
            loss.backward(null, true, false);
            loss.backward();
            assertEquals(1, calls[0]);
            assertValues(x.grad(), 8);
        }
    }

    @Test
    void theSameHookMayBeRegisteredTwice() {
        Tensor x = leaf(1);
        TensorHook doubled = grad -> grad.mul(2);
        RemovableHandle first = x.registerHook(doubled);
        x.registerHook(doubled);
        x.sum().backward();
        assertValues(x.grad(), 4);
        first.remove();
        x.setGrad(null);
        x.sum().backward();
        assertValues(x.grad(), 2);
    }

    @Test
    void isCalledOnceForAllUses() {
        Tensor x = leaf(1);
        int[] calls = {0};
        x.registerHook(grad -> {
            calls[0]++;
            return null;
        });
        x.mul(2).add(x.mul(3)).sum().backward();
        assertEquals(1, calls[0]);
        assertValues(x.grad(), 5);
    }

    @Test
    void runsForGradAsWell() {
        Tensor x = leaf(1);
        x.registerHook(grad -> grad.mul(4));
        assertValues(Autograd.grad(x.sum(), x), 4);
    }

    @Test
    void worksUnderNoGrad() {
        Tensor x = leaf(1);
        Autograd.noGrad(() -> {
            x.registerHook(grad -> grad.mul(4));
        });
        x.sum().backward();
        assertValues(x.grad(), 4);
    }

    @Test
    void isItselfRecordedWhereAGraphIsCreated() {
        Tensor x = leaf(3);
        Tensor y = x.mul(x);
        y.registerHook(grad -> grad.mul(x));
        Tensor first = Autograd.grad(y.sum(), x, true); // 2x · x
        assertValues(first, 18);
        assertValues(Autograd.grad(first.sum(), x), 12);
    }

    @Test
    void movesWithTheDataOfALeaf() {
        Tensor x = leaf(1, 2);
        RemovableHandle handle = x.registerHook(grad -> grad.mul(3));
        x.setData(of(5, 6, 7));
        x.sum().backward();
        assertValues(x.grad(), 3, 3, 3);
        handle.remove();
        x.setGrad(null);
        x.sum().backward();
        assertValues(x.grad(), 1, 1, 1);
    }

    @Test
    void outlivesTheTensorInTheGraph() {
        Tensor x = leaf(1, 2);
        int[] calls = {0};
        Tensor loss;
        try (TensorScope scope = new TensorScope()) {
            Tensor temporary = leaf(1, 1);
            temporary.registerHook(grad -> {
                calls[0]++;
                return null;
            });
            Tensor y = x.mul(temporary);
            y.registerHook(grad -> grad.mul(2));
            loss = scope.keep(y.sum());
        }
        System.gc();
        loss.backward();
        assertEquals(1, calls[0]);
        assertValues(x.grad(), 2, 2);
    }

    @Test
    void aScopeAroundTheBackwardOwnsWhatTheHookSaw() {
        Tensor x = leaf(1);
        List<Tensor> seen = new ArrayList<>();
        x.registerHook(grad -> {
            seen.add(grad);
            return null;
        });
        try (TensorScope scope = new TensorScope()) {
            x.sum().backward();
            assertFalse(seen.get(0).isClosed());
        }
        assertTrue(seen.get(0).isClosed());
    }

    @Test
    void refusesTensorsWithoutGradient() {
        TorchException e = assertThrows(TorchException.class, () -> of(1).registerHook(grad -> null));
        assertEquals("cannot register a hook on a tensor that doesn't require gradient", e.getMessage());
    }

    @Test
    void refusesAReplacementOfAnotherShape() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2);
        y.registerHook(grad -> grad.sum());
        TorchException e = assertThrows(TorchException.class, y.sum()::backward);
        assertTrue(e.getMessage().contains("has changed the size of value"), e.getMessage());
    }

    @Test
    void aReplacementThatWasFreedIsAnError() {
        Tensor x = leaf(1, 2);
        x.registerHook(grad -> {
            Tensor replacement = grad.mul(2);
            replacement.close();
            return replacement;
        });
        TorchException e = assertThrows(TorchException.class, x.sum()::backward);
        assertTrue(e.getCause() instanceof IllegalStateException);
    }

    @Test
    void whatItThrowsIsTheCause() {
        IllegalStateException thrown = new IllegalStateException("meant");
        Tensor x = leaf(1);
        RemovableHandle handle = x.registerHook(grad -> {
            throw thrown;
        });
        TorchException e = assertThrows(TorchException.class, x.sum()::backward);
        assertSame(thrown, e.getCause());
        assertTrue(e.getMessage().contains("meant"));
        e = assertThrows(TorchException.class, () -> Autograd.grad(x.sum(), x));
        assertSame(thrown, e.getCause());
        handle.remove();
        x.sum().backward();
        assertValues(x.grad(), 1);
    }

    @Test
    void errorsAreCausesToo() {
        AssertionError thrown = new AssertionError("an assertion within a hook");
        Tensor x = leaf(1);
        x.registerHook(grad -> {
            throw thrown;
        });
        assertSame(thrown, assertThrows(TorchException.class, x.sum()::backward).getCause());
    }

    @Test
    void theCauseComesThroughABackwardWithinAHook() {
        IllegalStateException thrown = new IllegalStateException("inner");
        Tensor inner = leaf(1);
        inner.registerHook(grad -> {
            throw thrown;
        });
        Tensor x = leaf(1);
        x.registerHook(grad -> {
            Autograd.enableGrad(() -> inner.mul(2).sum()).backward();
            return null;
        });
        assertSame(thrown, assertThrows(TorchException.class, x.sum()::backward).getCause());
    }

    @Test
    void eachThreadGetsItsOwnFailure() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Void>> futures = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                String name = "thread " + t;
                futures.add(threads.submit((Callable<Void>) () -> {
                    for (int i = 0; i < 50; i++) {
                        String expected = name + ", " + i;
                        Tensor x = leaf(1);
                        x.registerHook(grad -> {
                            throw new IllegalStateException(expected);
                        });
                        TorchException e = assertThrows(TorchException.class, x.sum()::backward);
                        assertEquals(expected, e.getCause().getMessage());
                    }
                    return null;
                }));
            }
            for (Future<Void> future : futures) {
                future.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void postAccumulateHooksSeeTheAccumulatedGradient() {
        Tensor x = leaf(1, 2);
        List<double[]> seen = new ArrayList<>();
        RemovableHandle handle = x.registerPostAccumulateGradHook(leaf -> {
            assertSame(x, leaf);
            seen.add(Values.list(leaf.grad()));
            leaf.setGrad(null);
        });
        x.mul(3).sum().backward();
        assertEquals(1, seen.size());
        assertEquals(3.0, seen.get(0)[1]);
        assertNull(x.grad());
        assertNotNull(Autograd.grad(x.sum(), x));
        assertEquals(1, seen.size(), "grad accumulates nothing");
        handle.remove();
        x.sum().backward();
        assertEquals(1, seen.size());
        assertValues(x.grad(), 1, 1);
    }

    @Test
    void postAccumulateHooksRunWhileTheBackwardRuns() {
        Tensor first = leaf(2);
        Tensor middle = leaf(3);
        Tensor last = leaf(4);
        List<String> seen = new ArrayList<>();
        last.registerPostAccumulateGradHook(t -> seen.add("last " + (t.grad() != null) + " " + (first.grad() != null)));
        middle.registerPostAccumulateGradHook(
                t -> seen.add("middle " + (t.grad() != null) + " " + (first.grad() != null)));
        first.registerPostAccumulateGradHook(t -> seen.add("first " + (t.grad() != null)));
        first.exp().mul(middle).exp().mul(last).sum().backward();
        assertEquals(List.of("last true false", "middle true false", "first true"), seen);
    }

    @Test
    void anErrorInAPostAccumulateHookEndsTheBackward() {
        for (int failing = 0; failing < 2; failing++) {
            List<Tensor> leaves = List.of(leaf(2), leaf(3));
            Tensor fails = leaves.get(failing);
            leaves.forEach(each -> each.registerPostAccumulateGradHook(t -> {
                if (t == fails) {
                    throw new IllegalStateException("no");
                }
            }));
            Tensor loss = leaves.get(0).exp().mul(leaves.get(1)).sum();
            TorchException e = assertThrows(TorchException.class, loss::backward);
            assertInstanceOf(IllegalStateException.class, e.getCause());
            assertNotNull(leaves.get(1).grad());
        }
    }

    @Test
    void postAccumulateHooksAreForLeaves() {
        Tensor y = leaf(1).mul(2);
        TorchException e = assertThrows(TorchException.class, () -> y.registerPostAccumulateGradHook(leaf -> {}));
        assertEquals("post accumulate grad hooks cannot be registered on non-leaf tensors", e.getMessage());
    }

    @Test
    void aHookThatHoldsItsOwnTensorIsCollectedAfterTheBackward() throws InterruptedException {
        List<WeakReference<Tensor>> made = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Tensor x = leaf(1, 2);
            Tensor y = x.mul(2);
            y.registerHook(grad -> grad.mul(y.dim()));
            x.registerHook(grad -> grad.mul(x.dim()));
            y.sum().backward();
            made.add(new WeakReference<>(x));
            made.add(new WeakReference<>(y));
        }
        for (int i = 0; i < 50 && made.stream().anyMatch(tensor -> tensor.get() != null); i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(0, made.stream().filter(tensor -> tensor.get() != null).count());
    }

    @Test
    void hooksRunInEachBackwardThatKeepsTheGraphAndInTheLast() {
        Tensor x = leaf(1, 2);
        Tensor sum = hooked(x).sum();
        System.gc();
        sum.backward(null, true, false);
        sum.backward(null, true, false);
        sum.backward();
        assertEquals(3 * 2 * 10, x.grad().sum().item() / 2);
    }

    /** The computed tensor's object is garbage when this returns; the graph has its hook. */
    private static Tensor hooked(Tensor x) {
        Tensor y = x.mul(2);
        y.registerHook(grad -> grad.mul(10));
        return y.add(1);
    }
}
