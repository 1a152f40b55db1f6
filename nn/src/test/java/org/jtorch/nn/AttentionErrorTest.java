package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.MultiHeadAttentionOptions;
import org.jtorch.nn.transformer.Transformer;
import org.jtorch.nn.transformer.TransformerEncoder;
import org.jtorch.nn.transformer.TransformerEncoderLayer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Wrong arguments of attention and transformers: the message contains PyTorch's words. */
class AttentionErrorTest {

    private static final Map<String, Executable> CALLS = new LinkedHashMap<>();

    static {
        CALLS.put("nn.MultiheadAttention(0, 1)", () -> new MultiheadAttention(0, 1));
        CALLS.put("nn.MultiheadAttention(4, 0)", () -> new MultiheadAttention(4, 0));
        CALLS.put("nn.MultiheadAttention(4, 3)", () -> new MultiheadAttention(4, 3));
        CALLS.put("nn.MultiheadAttention(4, 2)(z(4), z(4), z(4))", attention(z(4), z(4), null, null));
        CALLS.put(
                "nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 4), z(3, 4))",
                attention(z(3, 1, 4), z(3, 4), null, null));
        CALLS.put(
                "nn.MultiheadAttention(4, 2)(z(3, 4), z(3, 1, 4), z(3, 1, 4))",
                attention(z(3, 4), z(3, 1, 4), null, null));
        batched("key_padding_mask=z(3)", z(3), null);
        unbatched("key_padding_mask=z(1, 3)", z(1, 3), null);
        batched("attn_mask=z(3)", null, z(3));
        unbatched("attn_mask=z(1, 3, 3)", null, z(1, 3, 3));
        batched("attn_mask=z(2, 3)", null, z(2, 3));
        batched("attn_mask=z(1, 3, 3)", null, z(1, 3, 3));
        batched("key_padding_mask=z(2, 3)", z(2, 3), null);
        batched("key_padding_mask=z(1, 2)", z(1, 2), null);
        batched("attn_mask=z(3, 3).long()", null, z(3, 3).to(DType.INT64));
        CALLS.put(
                "nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), is_causal=True)",
                () -> new MultiheadAttention(4, 2)
                        .call(new MultiheadAttention.Input(
                                z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), null, true, null, true, true)));
        CALLS.put(
                "nn.MultiheadAttention(4, 2)(z(3, 1, 6), z(3, 1, 6), z(3, 1, 6))",
                attention(z(3, 1, 6), z(3, 1, 6), null, null));
        CALLS.put("nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(2, 1, 4))", () -> new MultiheadAttention(4, 2)
                .call(z(3, 1, 4), z(3, 1, 4), z(2, 1, 4)));
        CALLS.put(
                "nn.MultiheadAttention(4, 2, kdim=3)(z(3, 1, 4), z(3, 1, 3), z(2, 1, 4))",
                () -> new MultiheadAttention(4, 2, o -> o.kdim(3)).call(z(3, 1, 4), z(3, 1, 3), z(2, 1, 4)));
        CALLS.put(
                "nn.MultiheadAttention(4, 2, kdim=3)(z(3, 1, 4), z(3, 1, 5), z(3, 1, 4))",
                () -> new MultiheadAttention(4, 2, o -> o.kdim(3)).call(z(3, 1, 4), z(3, 1, 5), z(3, 1, 4)));
        function("4, 2, None, None, None, None, False, 0.0, z(4, 4), None", 2, null, null, o -> {});
        function("4, 3, z(12, 4), None, None, None, False, 0.0, z(4, 4), None", 3, z(12, 4), null, o -> {});
        function("4, 2, z(12, 4), None, z(1, 1, 4), None, False, 0.0, z(4, 4), None", 2, z(12, 4), z(1, 1, 4), o -> {});
        function(
                "4, 2, z(12, 4), None, None, None, False, 0.0, z(4, 4), None, static_k=z(3, 3, 2)",
                2,
                z(12, 4),
                null,
                o -> o.staticK(z(3, 3, 2)));
        CALLS.put(
                "nn.TransformerEncoderLayer(4, 2, activation='tanh')",
                () -> new TransformerEncoderLayer(4, 2, o -> o.activation("tanh")));
        CALLS.put("nn.Transformer(4, 2, 1, 1, 4)(z(3, 1, 4), z(3, 2, 4))", () -> transformer()
                .call(z(3, 1, 4), z(3, 2, 4)));
        CALLS.put("nn.Transformer(4, 2, 1, 1, 4)(z(3, 1, 6), z(3, 1, 4))", () -> transformer()
                .call(z(3, 1, 6), z(3, 1, 4)));
    }

    private static Tensor z(long... shape) {
        return Torch.zeros(shape);
    }

    private static Executable attention(
            Tensor query, Tensor other, @Nullable Tensor keyPaddingMask, @Nullable Tensor attnMask) {
        return () -> new MultiheadAttention(4, 2).call(query, other, other, keyPaddingMask, true, attnMask);
    }

    private static void batched(String mask, @Nullable Tensor keyPaddingMask, @Nullable Tensor attnMask) {
        CALLS.put(
                "nn.MultiheadAttention(4, 2)(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), " + mask + ")",
                attention(z(3, 1, 4), z(3, 1, 4), keyPaddingMask, attnMask));
    }

    private static void unbatched(String mask, @Nullable Tensor keyPaddingMask, @Nullable Tensor attnMask) {
        CALLS.put(
                "nn.MultiheadAttention(4, 2)(z(3, 4), z(3, 4), z(3, 4), " + mask + ")",
                attention(z(3, 4), z(3, 4), keyPaddingMask, attnMask));
    }

    private static void function(
            String args,
            long heads,
            @Nullable Tensor inProjWeight,
            @Nullable Tensor biasK,
            Consumer<MultiHeadAttentionOptions> options) {
        Tensor x = z(3, 1, 4);
        CALLS.put(
                "F.multi_head_attention_forward(z(3, 1, 4), z(3, 1, 4), z(3, 1, 4), " + args + ")",
                () -> F.multiHeadAttentionForward(
                        x, x, x, 4, heads, inProjWeight, null, biasK, null, false, 0.0, z(4, 4), null, options));
    }

    private static Transformer transformer() {
        return new Transformer(o ->
                o.dModel(4).nhead(2).numEncoderLayers(1).numDecoderLayers(1).dimFeedforward(4));
    }

    @Test
    void everyRecordedErrorIsTried() {
        assertEquals(Recording.read("attention_errors.txt").keySet(), CALLS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> theMessageHasPyTorchsWords() {
        return Recording.read("attention_errors.txt").entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    RuntimeException error = assertThrows(RuntimeException.class, CALLS.get(e.getKey()));
                    assertTrue(
                            error.getMessage().contains(e.getValue()), error.getMessage() + " lacks " + e.getValue());
                }));
    }

    @Test
    void anEncoderWithoutLayersSaysSo() {
        TransformerEncoder empty = new TransformerEncoder(new TransformerEncoderLayer(4, 2), 0);
        TorchException error = assertThrows(TorchException.class, () -> empty.call(z(3, 1, 4)));
        assertTrue(error.getMessage().endsWith("give num_layers of 1 or more"), error.getMessage());
    }
}
