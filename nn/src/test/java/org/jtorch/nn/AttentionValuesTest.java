package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.functional.AttentionOutput;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.transformer.Transformer;
import org.jtorch.nn.transformer.TransformerEncoder;
import org.jtorch.nn.transformer.TransformerEncoderLayer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Attention without gradients, and its functions: the values of parity/record/attention.py. */
class AttentionValuesTest {

    private static final Tensor BEHIND = mask(new long[][] {{0, 0, 0, 0, 0}, {0, 0, 0, 1, 1}});
    private static final Tensor BEFORE = mask(new long[][] {{0, 0, 0, 0, 0}, {1, 0, 0, 0, 1}});
    private static final Tensor CAUSAL = Torch.ones(5, 5).triu(1).to(DType.BOOL);

    private static final Map<String, Supplier<List<Tensor>>> CASES = new LinkedHashMap<>();

    static {
        put("encoder", () -> encoder(o -> {}).call(src()));
        put("encoder, padding behind", () -> encoder(o -> {}).call(src(), null, BEHIND));
        put("encoder, padding before", () -> encoder(o -> {}).call(src(), null, BEFORE));
        put("encoder, causal", () -> encoder(o -> {}).call(src(), CAUSAL, null));
        put("encoder, causal and padding", () -> encoder(o -> {}).call(src(), CAUSAL, BEHIND));
        put("encoder, padding behind, no nested tensors", () -> encoder(o -> o.enableNestedTensor(false))
                .call(src(), null, BEHIND));
        put(
                "encoder layer, gelu, norm first",
                () -> eval(layer(o -> o.activation("gelu").normFirst(true))).call(src()));
        put("encoder layer, bool masks", () -> eval(layer(o -> {})).call(src(), CAUSAL, BEHIND));
        put("encoder layer in training", () -> layer(o -> {}).call(src()));
        CASES.put("attention", () -> toItself(eval(attention(2, 0)), null, null, true));
        CASES.put("attention, weights of each head", () -> toItself(eval(attention(2, 0)), null, CAUSAL, false));
        CASES.put("attention, padding", () -> toItself(eval(attention(2, 0)), BEHIND, null, true));
        CASES.put("attention, both masks", () -> toItself(eval(attention(4, 0)), BEHIND, CAUSAL.repeat(8, 1, 1), true));
        CASES.put("attention, dropout", () -> toItself(attention(2, 0.5), null, null, true));
        CASES.put("attention, static keys and values", AttentionValuesTest::fixed);
        put(
                "scaled dot product",
                () -> F.scaledDotProductAttention(
                        Torch.randn(2, 4, 3, 8), Torch.randn(2, 4, 5, 8), Torch.randn(2, 4, 5, 6)));
        put(
                "scaled dot product, bool mask",
                () -> F.scaledDotProductAttention(
                        Torch.randn(2, 5, 8), Torch.randn(2, 5, 8), Torch.randn(2, 5, 8), CAUSAL.logicalNot()));
        put("scaled dot product, causal, scaled", () -> dotProduct(0.0, true, 0.3));
        put(
                "scaled dot product, groups",
                () -> F.scaledDotProductAttention(
                        Torch.randn(1, 4, 3, 8),
                        Torch.randn(1, 2, 3, 8),
                        Torch.randn(1, 2, 3, 8),
                        null,
                        0.0,
                        false,
                        null,
                        true));
        put("scaled dot product, dropout", () -> dotProduct(0.5, false, null));
        put("transformer, causal", () -> eval(new Transformer(o -> o.dModel(8)
                        .nhead(2)
                        .numEncoderLayers(1)
                        .numDecoderLayers(1)
                        .dimFeedforward(16)
                        .batchFirst(true)))
                .call(src(), src(), null, Transformer.generateSquareSubsequentMask(5)));
    }

    private static void put(String name, Supplier<Tensor> tensor) {
        CASES.put(name, () -> List.of(tensor.get()));
    }

    private static Tensor mask(long[][] rows) {
        return Torch.tensor(Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray())
                .view(rows.length, -1)
                .to(DType.BOOL);
    }

    private static <M extends Module<?, ?>> M eval(M module) {
        module.eval();
        return module;
    }

    private static TransformerEncoderLayer layer(Consumer<TransformerEncoderLayer.Options> options) {
        return new TransformerEncoderLayer(
                8, 2, o -> options.accept(o.dimFeedforward(16).batchFirst(true)));
    }

    private static TransformerEncoder encoder(Consumer<TransformerEncoder.Options> options) {
        return eval(new TransformerEncoder(layer(o -> {}), 2, o -> options.accept(o.norm(new LayerNorm(8)))));
    }

    private static Tensor src() {
        return Torch.randn(2, 5, 8);
    }

    private static MultiheadAttention attention(long heads, double dropout) {
        return new MultiheadAttention(8, heads, o -> o.dropout(dropout).batchFirst(true));
    }

    private static List<Tensor> toItself(
            MultiheadAttention m, @Nullable Tensor padding, @Nullable Tensor attnMask, boolean average) {
        Tensor x = src();
        MultiheadAttention.Output out =
                m.call(new MultiheadAttention.Input(x, x, x, padding, true, attnMask, average, false));
        Tensor weights = out.attnOutputWeights();
        assertNotNull(weights);
        return List.of(out.attnOutput(), weights);
    }

    private static List<Tensor> fixed() {
        Tensor x = Torch.randn(3, 2, 4);
        Tensor w = Torch.randn(12, 4);
        Tensor out = Torch.randn(4, 4);
        Tensor k = Torch.randn(4, 5, 2);
        Tensor v = Torch.randn(4, 5, 2);
        AttentionOutput result =
                F.multiHeadAttentionForward(x, x, x, 4, 2, w, null, null, null, true, 0.0, out, null, o -> o.staticK(k)
                        .staticV(v));
        Tensor weights = result.attnOutputWeights();
        assertNotNull(weights);
        return List.of(result.attnOutput(), weights);
    }

    private static Tensor dotProduct(double dropout, boolean causal, @Nullable Double scale) {
        return F.scaledDotProductAttention(
                Torch.randn(2, 5, 8), Torch.randn(2, 5, 8), Torch.randn(2, 5, 8), null, dropout, causal, scale, false);
    }

    @Test
    void everyRecordedValueIsTried() {
        assertEquals(Recording.read("attention_values.txt").keySet(), CASES.keySet());
    }

    @TestFactory
    Stream<DynamicTest> valuesArePyTorchs() {
        return Recording.read("attention_values.txt").entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> check(e.getKey(), e.getValue())));
    }

    private static void check(String name, String recorded) {
        String[] expected = recorded.split("\n");
        try (TensorScope scope = new TensorScope();
                GradMode mode = Autograd.noGrad()) {
            Torch.manualSeed(3);
            List<Tensor> results = CASES.get(name).get();
            assertEquals(expected.length, results.size());
            for (int i = 0; i < expected.length; i++) {
                Recording.assertClose(expected[i], results.get(i));
            }
        }
    }
}
