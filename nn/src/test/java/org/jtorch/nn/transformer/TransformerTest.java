package org.jtorch.nn.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.autograd.RemovableHandle;
import org.jtorch.nn.Module;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.activation.Tanh;
import org.junit.jupiter.api.Test;

/** When the fused kernels run, that they agree with the plain path, masks, hints and copies. */
class TransformerTest {

    private static final String LAYER = "aten::_transformer_encoder_layer_fwd";
    private static final String ATTENTION = "aten::_native_multi_head_attention";
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

    /** How often an op runs, without derivatives. */
    private static long runs(String op, Runnable body) {
        List<String> ops = new ArrayList<>();
        try (GradMode mode = Autograd.noGrad();
                OpRecorder recorder = OpRecorder.start(ran -> ops.add(ran.operator()))) {
            body.run();
        }
        return ops.stream().filter(op::equals).count();
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        assertTrue(expected.allclose(actual, 1e-5, 1e-6), () -> expected + " but " + actual);
    }

    /** Where the linear maps are large, the kernel is taken apart; a mask, or padding left out, needs the kernel. */
    @Test
    void aLargeLayerInSeparateOpsIsTheLayer() {
        Tensor x = Torch.randn(4, 32, 64);
        Tensor padding = Torch.zeros(4, 32).to(DType.BOOL);
        padding.select(0, 1).narrow(0, 20, 12).fill_(1);
        for (boolean normFirst : new boolean[] {false, true}) {
            for (String activation : List.of("relu", "gelu")) {
                TransformerEncoderLayer layer = new TransformerEncoderLayer(64, 2, o -> o.dimFeedforward(512)
                        .batchFirst(true)
                        .normFirst(normFirst)
                        .activation(activation));
                layer.eval();
                Tensor recorded = layer.call(x);
                assertTrue(recorded.requiresGrad());
                assertEquals(0, runs(LAYER, () -> assertClose(recorded, layer.call(x))));
                Tensor kernel = Autograd.noGrad(
                        () -> FusedEncoderLayer.kernel(layer, new TransformerEncoderLayer.Input(x, null, null, false)));
                assertClose(recorded, kernel);
                Tensor masked = layer.call(x, null, padding);
                assertEquals(1, runs(LAYER, () -> assertClose(masked, layer.call(x, null, padding))));
                TransformerEncoder stack = new TransformerEncoder(layer, 2);
                stack.eval();
                assertEquals(2, runs(LAYER, () -> stack.call(x, null, padding)));
            }
        }
    }

    @Test
    void aLayerInOneKernelIsTheLayer() {
        Tensor causal = CAUSAL.to(DType.BOOL);
        for (boolean normFirst : new boolean[] {false, true}) {
            for (String activation : List.of("relu", "gelu")) {
                TransformerEncoderLayer layer =
                        layer(o -> o.normFirst(normFirst).activation(activation));
                assertEquals(1, runs(LAYER, () -> assertClose(plainWithGrad(layer, null, null), layer.call(X))));
                assertEquals(
                        1,
                        runs(
                                LAYER,
                                () -> assertClose(plainWithGrad(layer, causal, null), layer.call(X, causal, null))));
                assertEquals(
                        1,
                        runs(
                                LAYER,
                                () -> assertClose(plainWithGrad(layer, null, PADDING), layer.call(X, null, PADDING))));
                assertEquals(
                        1,
                        runs(
                                LAYER,
                                () -> assertClose(
                                        plainWithGrad(layer, causal, PADDING), layer.call(X, causal, PADDING))));
            }
        }
    }

    private static Tensor plainWithGrad(
            TransformerEncoderLayer layer, @Nullable Tensor mask, @Nullable Tensor padding) {
        // a derivative may be asked for, which keeps the layer from the fused kernel
        try (GradMode mode = Autograd.enableGrad()) {
            return layer.call(X, mask, padding).detach();
        }
    }

    @Test
    void theKernelIsLeftAsideWherePyTorchLeavesItAside() {
        assertEquals(0, fused(layer(o -> o.bias(false))));
        assertEquals(0, fused(layer(o -> o.batchFirst(false))));
        assertEquals(0, fused(layer(o -> o.activation(Tensor::tanh))));
        assertEquals(0, fused(layer(o -> o.activation(new Tanh()))));
        assertEquals(0, fused(layer(o -> o.activation(new GELU(g -> g.approximate("tanh"))))));
        assertEquals(1, fused(layer(o -> o.activation(new GELU()))));
        TransformerEncoderLayer odd = new TransformerEncoderLayer(9, 3, o -> o.batchFirst(true));
        odd.eval();
        assertEquals(0, runs(LAYER, () -> odd.call(Torch.randn(2, 4, 9))));
        TransformerEncoderLayer training = layer(o -> {});
        training.train();
        assertEquals(0, fused(training));
        TransformerEncoderLayer frozen = layer(o -> {});
        List<String> ops = new ArrayList<>();
        frozen.requiresGrad_(false);
        try (OpRecorder recorder = OpRecorder.start(ran -> ops.add(ran.operator()))) {
            frozen.call(X);
        }
        assertTrue(ops.contains(LAYER), "nothing requires grad");
    }

    private static long fused(TransformerEncoderLayer layer) {
        return runs(LAYER, () -> layer.call(X));
    }

    @Test
    void hooksSeeTheirModules() {
        TransformerEncoderLayer layer = layer(o -> {});
        List<Tensor> seen = new ArrayList<>();
        RemovableHandle handle = layer.linear1.registerForwardHook((m, in, out) -> {
            seen.add(out);
            return null;
        });
        assertEquals(0, fused(layer));
        assertEquals(1, seen.size());
        handle.remove();
        assertEquals(1, fused(layer));
    }

    @Test
    void attentionInOneKernelIsAttention() {
        MultiheadAttention m = new MultiheadAttention(8, 2, o -> o.batchFirst(true));
        m.eval();
        MultiheadAttention.Output expected = m.call(X, X, X, PADDING, true, CAUSAL.to(DType.BOOL));
        assertEquals(1, runs(ATTENTION, () -> {
            MultiheadAttention.Output out = m.call(X, X, X, PADDING, true, CAUSAL.to(DType.BOOL));
            assertClose(expected.attnOutput(), out.attnOutput());
            assertClose(weights(expected), weights(out));
        }));
        assertEquals(1, runs(ATTENTION, () -> {
            MultiheadAttention.Output out = m.call(X, X, X, PADDING, false, CAUSAL.to(DType.BOOL));
            assertClose(expected.attnOutput(), out.attnOutput());
            assertNull(out.attnOutputWeights());
        }));
        assertEquals(0, runs(ATTENTION, () -> m.call(X, X, X, null, true, CAUSAL)), "a floating point mask");
        assertEquals(0, runs(ATTENTION, () -> m.call(X, X.clone(), X)), "another key");
    }

    private static Tensor weights(MultiheadAttention.Output output) {
        Tensor weights = output.attnOutputWeights();
        assertNotNull(weights);
        return weights;
    }

    @Test
    void paddingIsLeftOutAndGivesZeros() {
        TransformerEncoder encoder = new TransformerEncoder(layer(o -> {}), 2);
        encoder.eval();
        assertTrue(encoder.useNestedTensor());
        Tensor expected = encoder.call(X, null, PADDING).detach();
        assertFalse(expected.select(0, 1).select(0, 3).equal(Torch.zeros(8)));
        Tensor given;
        try (GradMode mode = Autograd.noGrad()) {
            given = encoder.call(X, null, PADDING);
        }
        assertClose(expected.select(0, 0), given.select(0, 0));
        assertClose(expected.select(0, 1).slice(0, null, 2), given.select(0, 1).slice(0, null, 2));
        assertTrue(given.select(0, 1).slice(0, 2, null).equal(Torch.zeros(2, 8)));
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

    /** A causal mask is known by its values, and the hint changes nothing but the kernel. */
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
