package org.jtorch.nn.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.OpRecorder;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Module;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.activation.MultiheadAttention;
import org.junit.jupiter.api.Test;

/** The same operators run with and without gradients; masks, hints and copies. */
class TransformerTest {

    private static final Tensor X = Torch.randn(2, 4, 8);
    private static final Tensor CAUSAL = Transformer.generateSquareSubsequentMask(4);
    private static final Tensor PADDING =
            Torch.tensor(new long[] {0, 0, 0, 0, 0, 0, 1, 1}, 2, 4).to(DType.BOOL);

    private static TransformerEncoderLayer layer(Consumer<TransformerEncoderLayer.Options> options) {
        TransformerEncoderLayer layer = new TransformerEncoderLayer(
                8, 2, o -> options.accept(o.dimFeedforward(16).batchFirst(true).dropout(0.0)));
        layer.eval();
        return layer;
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        assertTrue(expected.allclose(actual, 1e-5, 1e-6), () -> expected + " but " + actual);
    }

    private static void assertSameBits(Tensor expected, Tensor actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        float[] e = expected.detach().flatten().toFloatArray();
        float[] a = actual.detach().flatten().toFloatArray();
        for (int i = 0; i < e.length; i++) {
            assertEquals(Float.floatToRawIntBits(e[i]), Float.floatToRawIntBits(a[i]), "element " + i);
        }
    }

    /** Records the operators that run, and returns their result. */
    private static Tensor recorded(List<String> ops, Supplier<Tensor> body) {
        try (OpRecorder recorder = OpRecorder.start(ran -> ops.add(ran.operator()))) {
            return body.get();
        }
    }

    private static void assertSameWithGradientsAndWithout(Module<?, ?> module, Supplier<Tensor> body) {
        List<String> with = new ArrayList<>();
        List<String> without = new ArrayList<>();
        List<String> frozen = new ArrayList<>();
        Tensor expected = recorded(with, body);
        assertTrue(expected.requiresGrad());
        assertSameBits(expected, Autograd.noGrad(() -> recorded(without, body)));
        module.requiresGrad_(false);
        assertSameBits(expected, recorded(frozen, body));
        assertEquals(with, without);
        assertEquals(with, frozen);
    }

    @Test
    void aLayerRunsTheSameOperatorsWithGradientsAndWithout() {
        Tensor causal = CAUSAL.to(DType.BOOL);
        for (boolean normFirst : new boolean[] {false, true}) {
            for (String activation : List.of("relu", "gelu")) {
                for (Tensor mask : new @Nullable Tensor[] {null, causal}) {
                    for (Tensor padding : new @Nullable Tensor[] {null, PADDING}) {
                        TransformerEncoderLayer layer =
                                layer(o -> o.normFirst(normFirst).activation(activation));
                        assertSameWithGradientsAndWithout(layer, () -> layer.call(X, mask, padding));
                    }
                }
            }
        }
    }

    @Test
    void attentionRunsTheSameOperatorsWithGradientsAndWithout() {
        Tensor causal = CAUSAL.to(DType.BOOL);
        for (boolean weights : new boolean[] {false, true}) {
            for (Tensor mask : new @Nullable Tensor[] {null, causal, CAUSAL}) {
                MultiheadAttention m = new MultiheadAttention(8, 2, o -> o.batchFirst(true));
                m.eval();
                assertSameWithGradientsAndWithout(
                        m, () -> m.call(X, X, X, PADDING, weights, mask).attnOutput());
            }
        }
    }

    @Test
    void hooksSeeTheirModulesAndChangeNothing() {
        TransformerEncoderLayer layer = layer(o -> {});
        List<Tensor> seen = new ArrayList<>();
        try (GradMode mode = Autograd.noGrad()) {
            List<String> alone = new ArrayList<>();
            Tensor expected = recorded(alone, () -> layer.call(X));
            try (RemovableHandle handle = layer.linear1.registerForwardHook((m, in, out) -> {
                seen.add(out);
                return null;
            })) {
                List<String> hooked = new ArrayList<>();
                assertSameBits(expected, recorded(hooked, () -> layer.call(X)));
                assertEquals(alone, hooked);
            }
        }
        assertEquals(1, seen.size());
    }

    /** PyTorch's kernel for eval mode without gradients returns NaN here; its operators do not. */
    @Test
    void aPositionWhoseKeysAreAllMaskedIsFinite() {
        TransformerEncoderLayer layer = layer(o -> {});
        Tensor nobody = Torch.zeros(4, 4).to(DType.BOOL);
        nobody.select(0, 1).fill_(1);
        Tensor y = Autograd.noGrad(() -> layer.call(X, nobody, null));
        assertEquals(64L, y.isfinite().sum().itemLong());
    }

    /** Only the values at the padding differ; the others are equal bit for bit. */
    @Test
    void paddingGivesZerosInEvalModeWithoutGradients() {
        TransformerEncoder encoder = new TransformerEncoder(layer(o -> {}), 2);
        encoder.eval();
        assertTrue(encoder.useNestedTensor());
        Tensor expected = encoder.call(X, null, PADDING).detach();
        assertFalse(expected.select(0, 1).select(0, 3).equal(Torch.zeros(8)));
        Tensor before = PADDING.flip(1);
        try (GradMode mode = Autograd.noGrad()) {
            Tensor given = encoder.call(X, null, PADDING);
            assertSameBits(expected.select(0, 0), given.select(0, 0));
            assertSameBits(
                    expected.select(0, 1).slice(0, null, 2), given.select(0, 1).slice(0, null, 2));
            assertTrue(given.select(0, 1).slice(0, 2, null).equal(Torch.zeros(2, 8)));
            assertFalse(encoder.call(X, null, before).select(0, 1).select(0, 0).equal(Torch.zeros(8)), "checked");
            TransformerEncoder plain = new TransformerEncoder(layer(o -> {}), 2, o -> o.enableNestedTensor(false));
            plain.loadStateDict(encoder.stateDict());
            plain.eval();
            assertSameBits(expected, plain.call(X, null, PADDING));
            TransformerEncoder unchecked = new TransformerEncoder(layer(o -> {}), 2, o -> o.maskCheck(false));
            unchecked.eval();
            assertTrue(unchecked
                    .call(X, null, before)
                    .select(0, 1)
                    .slice(0, null, 2)
                    .equal(Torch.zeros(2, 8)));
        }
        assertFalse(new TransformerEncoder(layer(o -> o.normFirst(true)), 1).useNestedTensor());
        assertFalse(new TransformerEncoder(layer(o -> {}), 1, o -> o.enableNestedTensor(false)).useNestedTensor());
    }

    @Test
    void theCausalMask() {
        float inf = Float.NEGATIVE_INFINITY;
        assertArrayEquals(
                new float[] {0, inf, inf, 0, 0, inf, 0, 0, 0},
                Transformer.generateSquareSubsequentMask(3).flatten().toFloatArray());
        assertEquals(
                DType.FLOAT64,
                Transformer.generateSquareSubsequentMask(2, null, DType.FLOAT64).dtype());
    }

    /** A causal mask is recognized by its values. The hint only changes the kernel. */
    @Test
    void hintsGiveWhatTheMaskGives() {
        TransformerDecoder decoder =
                new TransformerDecoder(new TransformerDecoderLayer(8, 2, o -> o.batchFirst(true)), 2);
        decoder.eval();
        Tensor memory = Torch.randn(2, 3, 8);
        Tensor found = decoder.call(X, memory, CAUSAL, null);
        Tensor hinted = decoder.call(new TransformerDecoder.Input(X, memory, CAUSAL, null, null, null, true, false));
        Tensor plain = decoder.call(new TransformerDecoder.Input(X, memory, CAUSAL, null, null, null, false, false));
        assertClose(plain, found);
        assertClose(plain, hinted);
        Tensor shorter = decoder.call(X.slice(1, null, 2), memory);
        Tensor open = decoder.call(X, memory);
        assertFalse(open.slice(1, null, 2).allclose(shorter));
        assertClose(
                decoder.call(
                        X.slice(1, null, 2), memory, CAUSAL.slice(0, null, 2).slice(1, null, 2), null),
                found.slice(1, null, 2));
    }

    @Test
    void layersAreCopiesThatGoTheirOwnWays() {
        TransformerEncoderLayer first = layer(o -> o.activation(new GELU()));
        TransformerEncoder encoder = new TransformerEncoder(first, 2);
        TransformerEncoderLayer a = encoder.layers.get(0);
        TransformerEncoderLayer b = encoder.layers.get(1);
        assertTrue(a.linear1.weight.equal(b.linear1.weight));
        assertFalse(a.linear1.weight.isAliasOf(b.linear1.weight));
        assertFalse(a.linear1.weight.isAliasOf(first.linear1.weight));
        assertNotSame(a.activation, b.activation);
        assertTrue(encoder.toString().contains("(activation): GELU(approximate='none')"), encoder::toString);
        Module<?, ?> copy = Module.deepCopy(encoder);
        assertEquals(encoder.toString(), copy.toString());
    }

    @Test
    void withoutABatchOneSequenceIsABatchOfOne() {
        for (boolean batchFirst : new boolean[] {false, true}) {
            Transformer t = new Transformer(o -> o.dModel(8)
                    .nhead(2)
                    .numEncoderLayers(1)
                    .numDecoderLayers(1)
                    .dimFeedforward(16)
                    .dropout(0.0)
                    .batchFirst(batchFirst));
            int batchDim = batchFirst ? 0 : 1;
            Tensor src = Torch.randn(5, 8);
            Tensor tgt = Torch.randn(3, 8);
            assertClose(t.call(src.unsqueeze(batchDim), tgt.unsqueeze(batchDim)).squeeze(batchDim), t.call(src, tgt));
        }
    }
}
