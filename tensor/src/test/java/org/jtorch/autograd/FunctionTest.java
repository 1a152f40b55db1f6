package org.jtorch.autograd;

import static org.jtorch.autograd.Values.assertValues;
import static org.jtorch.autograd.Values.leaf;
import static org.jtorch.autograd.Values.list;
import static org.jtorch.autograd.Values.of;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;

class FunctionTest {

    /** Parts of functions as lambdas, so that a test shows what it is about. */
    interface Forward {
        List<Tensor> run(Context ctx, List<Tensor> inputs);
    }

    interface Back {
        List<? extends @Nullable Tensor> run(Context ctx, List<? extends @Nullable Tensor> grads);
    }

    static final class Fn extends Function {
        private final Forward forward;
        private final Back back;

        Fn(Forward forward, Back back) {
            this.forward = forward;
            this.back = back;
        }

        @Override
        protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
            return forward.run(ctx, inputs);
        }

        @Override
        protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
            return back.run(ctx, gradOutputs);
        }
    }

    static final Function EXP = new Fn(
            (ctx, in) -> {
                Tensor result = in.get(0).exp();
                ctx.saveForBackward(result);
                return List.of(result);
            },
            (ctx, grads) -> List.of(grads.get(0).mul(ctx.savedTensors().get(0))));

    /** {@code a * b + c} and {@code a - b}. */
    static final Function MIX = new Fn(
            (ctx, in) -> {
                ctx.saveForBackward(in.get(0), in.get(1));
                return List.of(
                        in.get(0).mul(in.get(1)).add(in.get(2)), in.get(0).sub(in.get(1)));
            },
            (ctx, grads) -> {
                List<Tensor> saved = ctx.savedTensors();
                Tensor first = grads.get(0);
                Tensor second = grads.get(1);
                return List.of(
                        first.mul(saved.get(1)).add(second),
                        first.mul(saved.get(0)).sub(second),
                        first);
            });

    private static TorchException failure(Runnable failing) {
        return assertThrows(TorchException.class, failing::run);
    }

    @Test
    void runsTheJavaBackward() {
        Tensor x = leaf(0, 1);
        Tensor y = EXP.apply(x);
        assertTrue(y.requiresGrad());
        assertFalse(y.isLeaf());
        assertValues(y, 1, Math.E);
        y.mul(3).sum().backward();
        assertValues(x.grad(), 3, 3 * Math.E);
    }

    @Test
    void takesSeveralInputsAndOutputs() {
        Tensor a = leaf(1, 2);
        Tensor b = leaf(3, 4);
        Tensor c = leaf(5, 6);
        List<Tensor> outputs = MIX.applyAll(a, b, c);
        assertValues(outputs.get(0), 8, 14);
        assertValues(outputs.get(1), -2, -2);
        outputs.get(0).sum().add(outputs.get(1).mul(10).sum()).backward();
        assertValues(a.grad(), 13, 14);
        assertValues(b.grad(), -9, -8);
        assertValues(c.grad(), 1, 1);
    }

    @Test
    void unusedOutputsHaveZeroGradients() {
        Tensor a = leaf(1, 2);
        Tensor b = leaf(3, 4);
        MIX.applyAll(a, b, of(0, 0)).get(1).sum().backward();
        assertValues(a.grad(), 1, 1);
        assertValues(b.grad(), -1, -1);
    }

    @Test
    void orNullOnes() {
        List<Boolean> nulls = new ArrayList<>();
        Function split = new Fn(
                (ctx, in) -> {
                    ctx.setMaterializeGrads(false);
                    return List.of(in.get(0).mul(2), in.get(0).mul(3));
                },
                (ctx, grads) -> {
                    grads.forEach(grad -> nulls.add(grad == null));
                    return List.of(grads.get(1).mul(3));
                });
        Tensor x = leaf(1, 2);
        split.applyAll(x).get(1).sum().backward();
        assertEquals(List.of(true, false), nulls);
        assertValues(x.grad(), 3, 3);
    }

    @Test
    void leavesDoNotShareTheMemoryOfTheirGradients() {
        Tensor a = leaf(1, 2);
        Tensor b = leaf(3, 4);
        List<Tensor> kept = new ArrayList<>();
        Function sum = new Fn((ctx, in) -> List.of(in.get(0).add(in.get(1))), (ctx, grads) -> {
            Tensor grad = grads.get(0).mul(1);
            kept.add(grad.unscoped());
            return List.of(grad, grad);
        });
        sum.apply(a, b).mul(2).sum().backward();
        b.mul(10).sum().backward();
        assertValues(a.grad(), 2, 2);
        assertValues(b.grad(), 12, 12);
        assertValues(kept.get(0), 2, 2);
    }

    @Test
    void nullGradientsAreNone() {
        Function first = new Fn(
                (ctx, in) -> List.of(in.get(0).mul(in.get(1))), (ctx, grads) -> Function.gradients(grads.get(0), null));
        Tensor a = leaf(1, 2);
        Tensor b = leaf(3, 4);
        first.apply(a, b).sum().backward();
        assertValues(a.grad(), 1, 1);
        assertNull(b.grad());

        List<Tensor> grads = Autograd.grad(
                List.of(first.apply(a, b).sum()), List.of(a, b), Arrays.asList((Tensor) null), false, false, true);
        assertValues(grads.get(0), 1, 1);
        assertNull(grads.get(1));

        // what comes to b by another way still arrives
        b.setGrad(null);
        Tensor c = b.mul(1);
        first.apply(a, c).sum().add(c.mul(5).sum()).backward();
        assertValues(b.grad(), 5, 5);
    }

    @Test
    void aGradientMayBeNullInOneBackwardAndNotInTheNext() {
        boolean[] none = {true};
        Function fn = new Fn(
                (ctx, in) -> List.of(in.get(0).mul(2)),
                (ctx, grads) -> Function.gradients(none[0] ? null : grads.get(0).mul(2)));
        Tensor x = leaf(1);
        Tensor loss = fn.apply(x).sum();
        loss.backward(null, true, false);
        assertNull(x.grad());
        none[0] = false;
        loss.backward(null, true, false);
        assertValues(x.grad(), 2);
        none[0] = true;
        loss.backward();
        assertValues(x.grad(), 2);
    }

    @Test
    void secondDerivativesThroughInputs() {
        Function square = new Fn(
                (ctx, in) -> {
                    ctx.saveForBackward(in.get(0));
                    return List.of(in.get(0).mul(in.get(0)));
                },
                (ctx, grads) ->
                        List.of(grads.get(0).mul(ctx.savedTensors().get(0)).mul(2)));
        Tensor x = leaf(1, 2, 3);
        Tensor y = square.apply(square.apply(x)); // x⁴
        Tensor first = Autograd.grad(y.sum(), x, true);
        assertValues(first, 4, 32, 108);
        Tensor second = Autograd.grad(first.sum(), x, true);
        assertValues(second, 12, 48, 108);
        assertValues(Autograd.grad(second.sum(), x), 24, 48, 72);
    }

    @Test
    void secondDerivativesThroughOutputs() {
        Tensor x = leaf(0, 1);
        Tensor first = Autograd.grad(EXP.apply(x).sum(), x, true);
        Tensor second = Autograd.grad(first.sum(), x, true);
        Tensor third = Autograd.grad(second.sum(), x);
        assertValues(first, 1, Math.E);
        assertValues(second, 1, Math.E);
        assertValues(third, 1, Math.E);
    }

    @Test
    void secondDerivativesOutliveTheFirstGraph() {
        Tensor x = leaf(0, 1);
        Tensor first;
        try (TensorScope scope = new TensorScope()) {
            first = scope.keep(Autograd.grad(EXP.apply(x).mul(2).sum(), x, true));
        }
        System.gc();
        assertValues(Autograd.grad(first.sum(), x), 2, 2 * Math.E);
    }

    @Test
    void hooksOnOutputsComeFirst() {
        Tensor x = leaf(0);
        Tensor y = EXP.apply(x);
        y.registerHook(grad -> grad.mul(10));
        y.registerHook(grad -> grad.add(1));
        y.retainGrad();
        y.sum().backward();
        assertValues(x.grad(), 11);
        assertValues(y.grad(), 11);
    }

    @Test
    void inputsMayBeUsedElsewhereAndTwice() {
        Tensor x = leaf(2);
        Function product = new Fn(
                (ctx, in) -> {
                    ctx.saveForBackward(in.get(0), in.get(1));
                    return List.of(in.get(0).mul(in.get(1)));
                },
                (ctx, grads) -> {
                    List<Tensor> saved = ctx.savedTensors();
                    return List.of(grads.get(0).mul(saved.get(1)), grads.get(0).mul(saved.get(0)));
                });
        Tensor h = x.mul(3);
        product.apply(h, h).add(h).sum().backward(); // 9x² + 3x
        assertValues(x.grad(), 39);
    }

    @Test
    void integerOutputsAreNotDifferentiable() {
        Function topOne = new Fn(
                (ctx, in) -> {
                    var top = in.get(0).max(0);
                    ctx.saveForBackward(in.get(0), top.indices());
                    return List.of(top.values(), top.indices());
                },
                (ctx, grads) -> {
                    List<Tensor> saved = ctx.savedTensors();
                    Tensor grad = Torch.zerosLike(saved.get(0));
                    grad.select(0, saved.get(1).itemLong()).copy_(grads.get(0));
                    return List.of(grad);
                });
        Tensor x = leaf(1, 7, 3);
        List<Tensor> outputs = topOne.applyAll(x);
        assertTrue(outputs.get(0).requiresGrad());
        assertFalse(outputs.get(1).requiresGrad());
        assertEquals(1, outputs.get(1).itemLong());
        outputs.get(0).mul(4).backward();
        assertValues(x.grad(), 0, 4, 0);
    }

    @Test
    void outputsCanBeMarkedNonDifferentiable() {
        List<Double> second = new ArrayList<>();
        Function fn = new Fn(
                (ctx, in) -> {
                    Tensor sign = in.get(0).sign();
                    ctx.markNonDifferentiable(sign);
                    return List.of(in.get(0).abs(), sign);
                },
                (ctx, grads) -> {
                    second.addAll(Arrays.stream(list(grads.get(1))).boxed().toList());
                    return List.of(grads.get(0));
                });
        Tensor x = leaf(-1, 2);
        List<Tensor> outputs = fn.applyAll(x);
        assertFalse(outputs.get(1).requiresGrad());
        outputs.get(0).mul(outputs.get(1)).sum().backward();
        assertValues(x.grad(), -1, 1);
        assertEquals(List.of(0.0, 0.0), second);
    }

    @Test
    void onlyThoseThatNeedAGradientAreComputed() {
        List<List<Boolean>> needs = new ArrayList<>();
        Function fn = new Fn(
                (ctx, in) -> {
                    needs.add(List.of(ctx.needsInputGrad(0), ctx.needsInputGrad(1), ctx.needsInputGrad(2)));
                    return List.of(in.get(0).add(in.get(1)).add(in.get(2)));
                },
                (ctx, grads) -> {
                    needs.add(List.of(ctx.needsInputGrad(0), ctx.needsInputGrad(1), ctx.needsInputGrad(2)));
                    return List.of(grads.get(0), grads.get(0), grads.get(0));
                });
        Tensor a = leaf(1);
        Tensor b = leaf(1);
        Tensor y = fn.apply(a, of(2), b).sum();
        y.backward(null, true, false);
        Autograd.grad(y, b);
        assertEquals(
                List.of(List.of(true, false, true), List.of(true, false, true), List.of(false, false, true)), needs);
        assertValues(a.grad(), 1);
    }

    @Test
    void costsNothingWhereNothingRequiresGrad() {
        int[] calls = {0};
        Function fn = new Fn(
                (ctx, in) -> {
                    calls[0]++;
                    ctx.saveForBackward(in.get(0));
                    return List.of(in.get(0).mul(2));
                },
                (ctx, grads) -> {
                    throw new AssertionError();
                });
        assertFalse(fn.apply(of(1)).requiresGrad());
        Tensor x = leaf(1);
        assertFalse(Autograd.noGrad(() -> fn.apply(x)).requiresGrad());
        assertFalse(Autograd.inferenceMode(() -> fn.apply(x)).requiresGrad());
        assertEquals(3, calls[0]);
    }

    @Test
    void returnsAViewOfAnInputReturnedAsIs() {
        Function reversal = new Fn(
                (ctx, in) -> List.of(in.get(0)),
                (ctx, grads) -> List.of(grads.get(0).neg()));
        Tensor x = leaf(1, 2);
        Tensor h = x.mul(1);
        Tensor y = reversal.apply(h);
        assertNotSame(h, y);
        assertTrue(y.isAliasOf(h));
        y.sum().backward();
        assertValues(x.grad(), -1, -1);
        Tensor again = reversal.apply(x.mul(1));
        assertTrue(failure(() -> again.mul_(2)).getMessage().contains("is a view"), "as PyTorch, which forbids it too");
        assertTrue(Autograd.noGrad(() -> reversal.apply(x)).isAliasOf(x));
    }

    @Test
    void outputsCanBeChangedInPlace() {
        Tensor x = leaf(1, 2);
        Function twice = new Fn(
                (ctx, in) -> List.of(in.get(0).mul(2)),
                (ctx, grads) -> List.of(grads.get(0).mul(2)));
        Tensor y = twice.apply(x);
        y.mul_(5);
        y.sum().backward();
        assertValues(x.grad(), 10, 10);
    }

    @Test
    void changesADirtyInputInPlace() {
        Function scale = new Fn(
                (ctx, in) -> {
                    ctx.markDirty(in.get(0));
                    return List.of(in.get(0).mul_(7));
                },
                (ctx, grads) -> List.of(grads.get(0).mul(7)));
        Tensor x = leaf(1, 2);
        Tensor h = x.mul(2);
        List<String> order = new ArrayList<>();
        h.registerHook(grad -> {
            order.add("old " + grad.sum().item());
            return null;
        });
        Tensor y = scale.apply(h);
        assertSame(h, y);
        h.registerHook(grad -> {
            order.add("new " + grad.sum().item());
            return null;
        });
        assertValues(h, 14, 28);
        h.mul(3).sum().backward();
        assertValues(x.grad(), 42, 42);
        assertEquals(List.of("new 6.0", "old 42.0"), order);
    }

    @Test
    void refusesWrongUsesOfMarkDirty() {
        Function scale = new Fn(
                (ctx, in) -> {
                    ctx.markDirty(in.get(0));
                    return List.of(in.get(0).mul_(7));
                },
                (ctx, grads) -> List.of(grads.get(0).mul(7)));
        Tensor x = leaf(1, 2);
        assertEquals(
                "a leaf Variable that requires grad has been used in an in-place operation.",
                failure(() -> scale.apply(x)).getMessage());
        assertTrue(
                failure(() -> scale.apply(x.mul(1).select(0, 1))).getMessage().startsWith("markDirty of a view"));
        Function lost = new Fn(
                (ctx, in) -> {
                    ctx.markDirty(in.get(0));
                    return List.of(in.get(0).mul_(7).mul(1));
                },
                (ctx, grads) -> List.of(grads.get(0)));
        assertTrue(failure(() -> lost.apply(x.mul(1)))
                .getMessage()
                .startsWith("Some elements marked as dirty during the forward method were not returned as output."));
    }

    @Test
    void whatTheBackwardThrowsIsTheCause() {
        IllegalStateException thrown = new IllegalStateException("meant");
        Function fn = new Fn((ctx, in) -> List.of(in.get(0).mul(2)), (ctx, grads) -> {
            throw thrown;
        });
        Tensor x = leaf(1);
        assertSame(thrown, failure(fn.apply(x).sum()::backward).getCause());
        x.mul(2).sum().backward();
        assertValues(x.grad(), 2);
    }

    @Test
    void whatTheForwardThrowsIsThrown() {
        IllegalStateException thrown = new IllegalStateException("meant");
        Function fn = new Fn(
                (ctx, in) -> {
                    throw thrown;
                },
                (ctx, grads) -> List.of());
        assertSame(thrown, assertThrows(IllegalStateException.class, () -> fn.apply(leaf(1))));
        assertTrue(Autograd.isGradEnabled());
        assertNull(EXP.apply(of(1)).grad());
    }

    @Test
    void saysWhatIsWrongWithGradients() {
        Tensor x = leaf(1, 2);
        Tensor w = leaf(1, 2);
        Forward product = (ctx, in) -> List.of(in.get(0).mul(in.get(1)));
        assertTrue(failure(new Fn(product, (ctx, g) -> List.of(g.get(0)))
                        .apply(x, w)
                        .sum()::backward)
                .getMessage()
                .endsWith("function FnBackward returned an incorrect number of gradients (expected 2, got 1)"));
        assertTrue(failure(new Fn(product, (ctx, g) -> List.of(g.get(0), of(1, 2, 3)))
                        .apply(x, w)
                        .sum()::backward)
                .getMessage()
                .endsWith("Function FnBackward returned an invalid gradient at index 1 - got [3] but expected shape"
                        + " compatible with [2]"));
        assertNull(x.grad());
    }

    @Test
    void reducesExpandedGradientsAndConvertsThem() {
        Tensor x = leaf(1, 2);
        Function fn = new Fn(
                (ctx, in) -> List.of(in.get(0).mul(2)),
                (ctx, g) -> List.of(g.get(0).expand(3, 2).to(DType.FLOAT32)));
        fn.apply(x).sum().backward();
        assertValues(x.grad(), 3, 3);
        assertEquals(DType.FLOAT64, x.grad().dtype());
    }

    @Test
    void worksWithScalarsComplexAndEmptyTensors() {
        Function twice = new Fn(
                (ctx, in) -> List.of(in.get(0).mul(2)),
                (ctx, grads) -> List.of(grads.get(0).mul(2)));
        Tensor scalar = leaf(5).sum().detach().requiresGrad_();
        twice.apply(scalar).backward();
        assertEquals(0, scalar.grad().dim());
        assertValues(scalar.grad(), 2);

        Tensor complex = Torch.ones(new long[] {2, 2}, org.jtorch.TensorOptions.of(DType.COMPLEX64))
                .requiresGrad_();
        twice.apply(complex).abs().sum().backward();
        assertEquals(DType.COMPLEX64, complex.grad().dtype());
        assertEquals(8, complex.grad().abs().sum().item(), 1e-5);

        Tensor empty = Torch.zeros(0, 3).requiresGrad_();
        twice.apply(empty).sum().backward();
        assertEquals(0, empty.grad().numel());
    }

    @Test
    void savedTensorsSurviveTheScopeAndGoWithTheGraph() {
        Tensor x = leaf(1, 2);
        Tensor loss;
        Function keepsOthers = new Fn(
                (ctx, in) -> {
                    Tensor factor = in.get(0).mul(3);
                    ctx.saveForBackward(factor, in.get(0));
                    ctx.put("times", 2);
                    return List.of(in.get(0).mul(factor));
                },
                (ctx, grads) ->
                        List.of(grads.get(0).mul(ctx.savedTensors().get(0)).mul(ctx.<Integer>get("times"))));
        try (TensorScope scope = new TensorScope()) {
            loss = scope.keep(keepsOthers.apply(x.mul(1)).sum());
        }
        loss.backward(null, true, false);
        assertValues(x.grad(), 6, 12);
        loss.backward();
        assertTrue(failure(loss::backward).getMessage().contains("Trying to backward through the graph a second time"));
    }

    private record Pair(Tensor first, String second) {}

    @Test
    void aTensorIsKeptBySaveForBackwardAlone() {
        Tensor x = leaf(1, 2);
        for (Object value : new Object[] {
            x,
            List.of(x),
            Map.of("x", x),
            new Object[] {1, x},
            Optional.of(x),
            new Pair(x, "x"),
            List.of(new Pair(x, "x"))
        }) {
            Function fn = new Fn(
                    (ctx, in) -> {
                        ctx.put("kept", value);
                        return in;
                    },
                    (ctx, grads) -> List.of(grads.get(0)));
            String message = assertThrows(IllegalArgumentException.class, () -> fn.apply(x))
                    .getMessage();
            assertTrue(message.startsWith("'kept' is a ") && message.contains("saveForBackward"), message);
        }
        Function fn = new Fn(
                (ctx, in) -> {
                    ctx.put("kept", List.of("a", Optional.of(2), new int[] {1}));
                    return List.of(in.get(0).mul(2));
                },
                (ctx, grads) -> grads);
        assertValues(fn.apply(x), 2, 4);
    }

    @Test
    void noticesSavedTensorsChangedInPlace() {
        Function fn = new Fn(
                (ctx, in) -> {
                    ctx.saveForBackward(in.get(0));
                    return List.of(in.get(0).mul(2));
                },
                (ctx, grads) -> List.of(ctx.savedTensors().get(0)));
        Tensor x = leaf(1, 2);
        Tensor h = x.mul(1);
        Tensor y = fn.apply(h);
        h.add_(1);
        assertTrue(failure(y.sum()::backward).getMessage().contains("modified by an inplace operation"));
        Tensor e = EXP.apply(x);
        e.add_(1);
        assertTrue(failure(e.sum()::backward).getMessage().contains("modified by an inplace operation"));
    }

    @Test
    void drawsNoRandomNumbers() {
        Torch.manualSeed(1);
        double expected = Torch.rand(1).item();
        Torch.manualSeed(1);
        MIX.applyAll(leaf(1), leaf(2), leaf(3)).get(0).backward();
        assertEquals(expected, Torch.rand(1).item());
    }

    @Test
    void theBackwardMayRunABackwardItself() {
        Function checkpoint = new Fn(
                (ctx, in) -> {
                    ctx.saveForBackward(in.get(0));
                    return List.of(in.get(0).sin());
                },
                (ctx, grads) -> {
                    Tensor again = ctx.savedTensors().get(0).detach().requiresGrad_();
                    try (GradMode mode = Autograd.enableGrad()) {
                        EXP.apply(again.sin().log()).backward(grads.get(0));
                    }
                    return List.of(again.grad());
                });
        Tensor x = leaf(0.5, 1);
        checkpoint.apply(x).mul(2).sum().backward();
        assertValues(x.grad(), 2 * Math.cos(0.5), 2 * Math.cos(1));
    }

    @Test
    void severalOutputsWhereOneIsExpectedAreAnError() {
        assertTrue(
                failure(() -> MIX.apply(leaf(1), leaf(1), leaf(1))).getMessage().contains("use applyAll"));
    }
}
