package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;
import org.jtorch.autograd.GradMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When oneDNN computes a linear map, that the bits do not depend on who looks on, and its values and gradients, compared
 * with the same in double precision. The kernel is called directly, so that all of it is tried on every CPU.
 */
class OneDnnLinearTest {

    private final TensorScope scope = new TensorScope();

    @BeforeEach
    void begin() {
        Torch.manualSeed(0);
        assumeTrue(torch.hasMKLDNN(), "this engine has no oneDNN");
    }

    @AfterEach
    void end() {
        scope.close();
    }

    private static Tensor recorded(Tensor x, Tensor w, @Nullable Tensor b) {
        return Ops.own(RecordedLinear.linear(x.handle(), w.handle(), b));
    }

    private static Tensor unrecorded(Tensor x, Tensor w, @Nullable Tensor b) {
        try (GradMode mode = Autograd.noGrad()) {
            return Ops.own(OneDnnLinear.innerProduct(x, w, b));
        }
    }

    private static Tensor reference(Tensor x, Tensor w, @Nullable Tensor b) {
        Tensor y = x.matmul(w.t());
        return b == null ? y : y.add(b);
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        assertEquals(DType.FLOAT32, actual.dtype());
        assertTrue(actual.isContiguous());
        double worst = actual.to(DType.FLOAT64).sub(expected).abs().max().item();
        double size = expected.abs().max().item();
        assertTrue(worst <= 1e-5 * Math.max(1, size), () -> "off by " + worst + " of " + size);
    }

    @Test
    void withoutGrad() {
        Tensor w = Torch.randn(32, 24);
        Tensor b = Torch.randn(32);
        for (Tensor x : List.of(Torch.randn(2, 1, 24), Torch.randn(5, 16, 24), Torch.randn(40, 24))) {
            Tensor biased = reference(x.to(DType.FLOAT64), w.to(DType.FLOAT64), b.to(DType.FLOAT64));
            Tensor plain = reference(x.to(DType.FLOAT64), w.to(DType.FLOAT64), null);
            assertClose(biased, recorded(x, w, b));
            assertClose(plain, recorded(x, w, null));
            assertClose(biased, unrecorded(x, w, b));
            assertClose(plain, unrecorded(x, w, null));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 2})
    void gradients(long rows) {
        Tensor x = Torch.randn(3, rows, 24);
        Tensor w = Torch.randn(32, 24);
        Tensor b = Torch.randn(32);
        Tensor g = Torch.randn(3, rows, 32);
        for (boolean biased : new boolean[] {true, false}) {
            List<Tensor> single = leaves(x, w, b, DType.FLOAT32);
            List<Tensor> twice = leaves(x, w, b, DType.FLOAT64);
            Tensor y = recorded(single.get(0), single.get(1), biased ? single.get(2) : null);
            Tensor z = reference(twice.get(0), twice.get(1), biased ? twice.get(2) : null);
            y.backward(g);
            z.backward(g.to(DType.FLOAT64));
            for (int i = 0; i < (biased ? 3 : 2); i++) {
                assertClose(twice.get(i).grad(), single.get(i).grad());
            }
        }
    }

    /** An expanded gradient, such as that of {@code sum().backward()}, has strides of zero. */
    @Test
    void expandedGradient() {
        List<Tensor> single = leaves(Torch.randn(20, 24), Torch.randn(32, 24), Torch.randn(32), DType.FLOAT32);
        recorded(single.get(0), single.get(1), single.get(2)).sum().backward();
        assertClose(
                single.get(1).detach().to(DType.FLOAT64).sum(0).expand(20, 24),
                single.get(0).grad());
        assertClose(
                Torch.full(new long[] {32}, 20.0, TensorOptions.of(DType.FLOAT64)),
                single.get(2).grad());
    }

    @Test
    void onlyWhatRequiresGradHasOne() {
        Tensor x = Torch.randn(20, 24);
        Tensor w = Torch.randn(32, 24).requiresGrad_();
        recorded(x, w, Torch.randn(32)).sum().backward();
        assertNull(x.grad());
        assertClose(x.to(DType.FLOAT64).sum(0).expand(32, 24), w.grad());
    }

    @Test
    void canBeDifferentiatedTwice() {
        List<Tensor> single = leaves(Torch.randn(20, 24), Torch.randn(32, 24), Torch.randn(32), DType.FLOAT32);
        List<Tensor> twice = leaves(single.get(0), single.get(1), single.get(2), DType.FLOAT64);
        penalty(recorded(single.get(0), single.get(1), single.get(2)), single).backward();
        penalty(reference(twice.get(0), twice.get(1), twice.get(2)), twice).backward();
        for (int i = 0; i < 3; i++) {
            assertClose(twice.get(i).grad(), single.get(i).grad());
        }
    }

    private static Tensor penalty(Tensor y, List<Tensor> leaves) {
        List<Tensor> grads =
                Autograd.grad(List.of(y.pow(2).sum()), List.of(leaves.get(0), leaves.get(1), leaves.get(2)), true);
        return grads.get(0)
                .pow(2)
                .sum()
                .add(grads.get(1).pow(2).sum())
                .add(grads.get(2).pow(2).sum())
                .mul(1e-4);
    }

    @Test
    void aChangedWeightIsNoticed() {
        Tensor x = Torch.randn(20, 24).requiresGrad_();
        Tensor w = Torch.randn(32, 24);
        Tensor y = recorded(x, w, null);
        w.add_(1);
        TorchException e = assertThrows(TorchException.class, () -> y.sum().backward());
        assertTrue(e.getMessage().contains("modified by an inplace operation"), e.getMessage());
    }

    /** As with the engine's own operations, what no gradient needs may change. */
    @Test
    void onlyWhatAGradientNeedsIsKept() {
        Tensor x = Torch.randn(20, 24);
        Tensor w = Torch.randn(32, 24);
        Tensor doubled = w.to(DType.FLOAT64);
        Tensor leaf = x.clone().requiresGrad_();
        Tensor middle = leaf.mul(1);
        Tensor y = recorded(middle, w, null);
        middle.detach().zero_();
        y.sum().backward();
        assertClose(doubled.sum(0).expand(20, 24), leaf.grad());

        Tensor trained = w.clone().requiresGrad_();
        y = recorded(x, trained, null);
        trained.detach().zero_();
        y.sum().backward();
        assertClose(x.to(DType.FLOAT64).sum(0).expand(32, 24), trained.grad());
    }

    @Test
    void theBackwardFreesWhatWasKept() {
        Tensor x = Torch.randn(20, 24);
        Tensor w = Torch.randn(32, 24).requiresGrad_();
        Tensor y = recorded(x, w, null);
        long before = x.handle().use_count();
        y.backward(Torch.ones(20, 32), true, false);
        Tensor once = w.grad().clone();
        y.backward(Torch.ones(20, 32));
        assertEquals(before - 1, x.handle().use_count());
        assertTrue(w.grad().allclose(once.mul(2)));
        TorchException e = assertThrows(TorchException.class, () -> y.backward(Torch.ones(20, 32)));
        assertTrue(e.getMessage().startsWith("Trying to backward through the graph a second time"), e.getMessage());
    }

    @Test
    void noGradientGivesNone() {
        List<Tensor> leaves = leaves(Torch.randn(20, 24), Torch.randn(32, 24), Torch.randn(32), DType.FLOAT32);
        Tensor y = recorded(leaves.get(0), leaves.get(1), leaves.get(2));
        new Silent().apply(y).sum().backward();
        for (Tensor leaf : leaves) {
            assertNull(leaf.grad());
        }
    }

    /** Passes no gradient on. */
    private static final class Silent extends Function {
        @Override
        protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
            return List.of(inputs.get(0).clone());
        }

        @Override
        protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
            return gradients((Tensor) null);
        }
    }

    private static int[] bits(Tensor tensor) {
        float[] values = tensor.detach().flatten().toFloatArray();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /** Large and small weights, many rows and one, at each of which the rule goes another way. */
    @ParameterizedTest
    @CsvSource({
        "true, 1, 512, 256",
        "false, 1, 512, 255",
        "true, 512, 64, 128",
        "false, 511, 64, 128",
        "true, 4096, 32, 32",
        "false, 0, 1024, 1024"
    })
    void theRuleLooksAtSizesAlone(boolean large, long rows, long in, long out) {
        assertEquals(large, OneDnnLinear.isLarge(rows * in, out, in));
        Tensor x = Torch.randn(rows, in);
        Tensor w = Torch.randn(out, in).requiresGrad_();
        Tensor b = Torch.randn(out);
        int[] expected =
                bits(large ? unrecorded(x, w, b) : Ops.own(torch.linear(x.handle(), w.handle(), Ops.optional(b))));
        assertArrayEquals(expected, bits(x.linear(w, b)));
        try (OpRecorder recorder = OpRecorder.start(op -> {})) {
            assertArrayEquals(expected, bits(x.linear(w, b)));
        }
        try (GradMode mode = Autograd.noGrad()) {
            assertArrayEquals(expected, bits(x.linear(w, b)));
        }
        try (GradMode mode = Autograd.inferenceMode()) {
            assertArrayEquals(expected, bits(x.linear(w, b)));
        }
    }

    /** A transposed weight, as that of GPT-2, is used as it is. */
    @ParameterizedTest
    @ValueSource(longs = {1, 5})
    void aTransposedWeight(long rows) {
        Tensor x = Torch.randn(rows, 512);
        Tensor w = Torch.randn(512, 300);
        Tensor b = Torch.randn(300);
        Tensor y = x.linear(w.t(), b);
        assertClose(reference(x.to(DType.FLOAT64), w.t().to(DType.FLOAT64), b.to(DType.FLOAT64)), y);
        assertArrayEquals(bits(unrecorded(x, w.t(), b)), bits(y));
        List<Tensor> single = leaves(x, w, b, DType.FLOAT32);
        List<Tensor> twice = leaves(x, w, b, DType.FLOAT64);
        Tensor recorded = single.get(0).linear(single.get(1).t(), single.get(2));
        assertArrayEquals(bits(y), bits(recorded));
        recorded.pow(2).sum().backward();
        reference(twice.get(0), twice.get(1).t(), twice.get(2)).pow(2).sum().backward();
        for (int i = 0; i < 3; i++) {
            assertClose(twice.get(i).grad(), single.get(i).grad());
        }
    }

    /** A weight with gaps between its rows or columns is left to the engine. */
    @Test
    void aWeightWithGaps() {
        Tensor x = Torch.randn(1, 512);
        Tensor wide = Torch.randn(600, 1024);
        for (Tensor w :
                List.of(wide.narrow(1, 0, 512), wide.t().narrow(0, 0, 512).t().narrow(0, 0, 512))) {
            assertClose(reference(x.to(DType.FLOAT64), w.to(DType.FLOAT64), null), x.linear(w, null));
            Tensor plain = Ops.own(torch.linear(x.handle(), w.handle(), Ops.optional(null)));
            assertArrayEquals(bits(plain), bits(x.linear(w, null)));
        }
    }

    /** A row of bfloat16 is as near to the exact result as one that the engine computes, with gradients and without. */
    @Test
    void aRowOfBfloat16() {
        Tensor x = Torch.randn(1, 1, 512).to(DType.BFLOAT16);
        Tensor wide = Torch.randn(512, 512).to(DType.BFLOAT16);
        Tensor b = Torch.randn(512).to(DType.BFLOAT16);
        for (Tensor w : List.of(wide, wide.t())) {
            Tensor exact = reference(x.to(DType.FLOAT64), w.to(DType.FLOAT64), b.to(DType.FLOAT64));
            Tensor y = x.linear(w, b);
            assertEquals(DType.BFLOAT16, y.dtype());
            double size = exact.abs().max().item();
            assertTrue(y.to(DType.FLOAT64).sub(exact).abs().max().item() <= size / 256);
            Tensor trained = w.detach().requiresGrad_();
            Tensor given = x.clone().requiresGrad_();
            Tensor recorded = given.linear(trained, b);
            assertTrue(recorded.equal(y));
            recorded.backward(Torch.onesLike(recorded));
            assertTrue(trained.grad().equal(x.view(1, 512).expand(512, 512)));
            Tensor sums = w.to(DType.FLOAT64).sum(0);
            double off = given.grad().to(DType.FLOAT64).sub(sums).abs().max().item();
            assertTrue(off <= sums.abs().max().item() / 256, () -> "off by " + off);
        }
    }

    /** Exported graphs call operators by name. */
    @Test
    void theOperatorThatIsCalledByNameIsTheSame() {
        Operator linear = Operator.find("aten::linear", "");
        Tensor x = Torch.randn(3, 4, 512);
        Tensor w = Torch.randn(512, 512).requiresGrad_();
        Tensor b = Torch.randn(512);
        Tensor y = (Tensor) linear.call(x, w, b).get(0);
        assertArrayEquals(bits(unrecorded(x, w, b)), bits(y));
        assertFalse(
                Arrays.equals(bits(Ops.own(torch.linear(x.handle(), w.handle(), Ops.optional(b)))), bits(y)),
                "the two kernels cannot be told apart by these numbers");
        y.sum().backward();
        assertClose(x.to(DType.FLOAT64).sum(0, 1).expand(512, 512), w.grad());
        List<String> seen = new ArrayList<>();
        try (OpRecorder recorder = OpRecorder.start(op -> seen.add(op.operator()))) {
            linear.call(x, w, null);
        }
        assertEquals(List.of("aten::linear"), seen);
        assertThrows(IllegalArgumentException.class, () -> linear.call(x, null, b));
        assertThrows(IllegalArgumentException.class, () -> linear.call(x, w));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 20, 64})
    void theBitsAreTheSameWithGradientsAndWithout(long rows) {
        Tensor x = Torch.randn(rows, 100);
        Tensor w = Torch.randn(70, 100);
        Tensor b = Torch.randn(70);
        for (Tensor bias : new @Nullable Tensor[] {b, null}) {
            int[] expected = bits(unrecorded(x, w, bias));
            assertArrayEquals(expected, bits(Ops.own(OneDnnLinear.innerProduct(x, w, bias))), "nothing requires grad");
            Tensor trained = w.clone().requiresGrad_();
            Tensor y = Ops.own(OneDnnLinear.innerProduct(x, trained, bias));
            assertTrue(y.requiresGrad());
            assertArrayEquals(expected, bits(y));
        }
    }

    @Test
    void theSettingTurnsItOff() {
        assertTrue(OneDnnLinear.isOn(null));
        assertTrue(OneDnnLinear.isOn("true"));
        assertFalse(OneDnnLinear.isOn("false"));
        assertFalse(OneDnnLinear.isOn("False"));
    }

    /** A JVM that prints whether a large map has the bits of {@code aten::linear}. */
    static final class Setting {
        public static void main(String[] args) {
            Torch.manualSeed(0);
            Tensor x = Torch.randn(64, 784);
            Tensor w = Torch.randn(512, 784);
            Tensor plain = Ops.own(torch.linear(x.handle(), w.handle(), Ops.optional(null)));
            System.out.println(Arrays.equals(bits(plain), bits(x.linear(w, null))));
        }
    }

    @Test
    void withTheSettingTheEngineComputes() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djtorch.linear.onednn=false",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Setting.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), out);
        assertEquals("true", out);
    }

    /** The public op, at sizes on both sides of the rule, without batch and with one. */
    @ParameterizedTest
    @CsvSource({
        "1, 1024, 1024",
        "2, 512, 1024",
        "8, 512, 512",
        "8, 256, 512",
        "2048, 128, 32",
        "64, 512, 100",
        "64, 784, 512",
        "257, 3072, 768",
        "300, 1024, 1024"
    })
    void linearIsTheSameEachWay(long rows, long in, long out) {
        Tensor w = Torch.randn(out, in);
        Tensor b = Torch.randn(out);
        List<Tensor> inputs = new ArrayList<>(List.of(Torch.randn(rows, in), Torch.randn(rows, 1, in)));
        if (rows == 1) {
            inputs.add(Torch.randn(in));
        }
        for (Tensor x : inputs) {
            Tensor biased = reference(x.to(DType.FLOAT64), w.to(DType.FLOAT64), b.to(DType.FLOAT64));
            Tensor plain = reference(x.to(DType.FLOAT64), w.to(DType.FLOAT64), null);
            assertClose(biased, x.linear(w, b));
            assertClose(plain, x.linear(w, null));
            try (GradMode inference = Autograd.inferenceMode()) {
                assertClose(biased, x.linear(w, b));
            }
            assertSameGradients(x, w, b, Torch.randn(biased.shape()));
        }
    }

    private static void assertSameGradients(Tensor x, Tensor w, Tensor b, Tensor g) {
        List<Tensor> single = leaves(x, w, b, DType.FLOAT32);
        List<Tensor> twice = leaves(x, w, b, DType.FLOAT64);
        single.get(0).linear(single.get(1), single.get(2)).backward(g);
        reference(twice.get(0), twice.get(1), twice.get(2)).backward(g.to(DType.FLOAT64));
        for (int i = 0; i < 3; i++) {
            assertClose(twice.get(i).grad(), single.get(i).grad());
        }
    }

    /** The public op, at sizes at which it may choose oneDNN, and with what only the other kernel takes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 8, 20, 120, 300})
    void linearChoosesWhatItCan(long rows) {
        Tensor x = Torch.randn(rows, 512);
        Tensor w = Torch.randn(512, 512);
        Tensor b = Torch.randn(512);
        Tensor expected = reference(x.to(DType.FLOAT64), w.to(DType.FLOAT64), b.to(DType.FLOAT64));
        assertClose(expected, x.linear(w, b));
        assertClose(expected, x.t().contiguous().t().linear(w, b));
        assertClose(expected, x.linear(w.t().contiguous().t(), b));
        assertTrue(x.to(DType.FLOAT64)
                .linear(w.to(DType.FLOAT64), b.to(DType.FLOAT64))
                .allclose(expected));

        List<Tensor> leaves = leaves(x, w, b, DType.FLOAT32);
        Tensor y = leaves.get(0).linear(leaves.get(1), leaves.get(2));
        assertClose(expected, y.detach());
        y.sum().backward();
        assertClose(x.to(DType.FLOAT64).sum(0).expand(512, 512), leaves.get(1).grad());

        TorchException e = assertThrows(TorchException.class, () -> x.linear(Torch.randn(512, 511), b));
        assertTrue(
                e.getMessage().contains("mat1 and mat2 shapes cannot be multiplied (" + rows + "x512 and 511x512)"),
                e.getMessage());
    }

    private static List<Tensor> leaves(Tensor x, Tensor w, Tensor b, DType dtype) {
        List<Tensor> leaves = new ArrayList<>();
        for (Tensor t : List.of(x, w, b)) {
            leaves.add(t.detach().to(dtype).clone().requiresGrad_());
        }
        return leaves;
    }
}
