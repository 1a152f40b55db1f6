package org.jtorch.models.decoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.Pretrained;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Caches of windows and caches that grow, compared with the scores of whole texts. */
class KeyValueCacheTest {

    private static final long WINDOW = 3; // of the recorded models

    private final TensorScope scope = new TensorScope();

    @BeforeEach
    void begin() {
        Torch.manualSeed(0);
    }

    @AfterEach
    void end() {
        scope.close();
    }

    private static CausalModel<?> model(String name) {
        return (CausalModel<?>) Pretrained.load(Path.of("src/test/resources/families", name));
    }

    private static Tensor ids(long texts, long tokens) {
        return Torch.randint(4, 60, new long[] {texts, tokens}, TensorOptions.of(DType.INT64));
    }

    /** Returns the scores of texts of which a number of tokens is given at a time. */
    private static Tensor inSteps(
            CausalModel<?> model, Tensor ids, @Nullable Tensor mask, KeyValueCache cache, long... lengths) {
        List<Tensor> scores = new ArrayList<>();
        long from = 0;
        for (int i = 0; from < ids.size(1); i++) {
            long length = Math.min(lengths[i % lengths.length], ids.size(1) - from);
            Tensor known = mask == null ? null : mask.narrow(1, 0, from + length);
            scores.add(model.call(new DecoderInput(ids.narrow(1, from, length), known, null, cache, 0)));
            from += length;
            assertEquals(from, cache.length());
        }
        return Torch.cat(scores, 1);
    }

    private static void assertSame(Tensor expected, Tensor actual) {
        double difference = expected.sub(actual).abs().max().item();
        assertTrue(difference < 1e-5, () -> "differs by " + difference);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistral", "qwen2_sliding", "llama", "gpt2", "qwen3"})
    void theScoresAreThoseOfTheWholeText(String name) {
        CausalModel<?> model = model(name);
        Tensor ids = ids(2, 30);
        Tensor whole = model.call(ids);
        for (long[] lengths : new long[][] {{1}, {2}, {5, 1, 1, 7, 2, 1, 1, 1}, {11, 3}, {30}, {1, 9}}) {
            try (KeyValueCache fixed = model.newCache(30);
                    KeyValueCache growing = model.newCache()) {
                assertSame(whole, inSteps(model, ids, null, fixed, lengths));
                assertSame(whole, inSteps(model, ids, null, growing, lengths));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistral", "qwen2_sliding", "llama"})
    void paddingIsNotSeen(String name) {
        CausalModel<?> model = model(name);
        Tensor ids = ids(2, 20);
        Tensor mask = Torch.ones(new long[] {2, 20}, TensorOptions.of(DType.INT64));
        mask.narrow(0, 1, 1).narrow(1, 0, 2).fill_(0);
        Tensor whole = model.call(ids, mask).narrow(1, 2, 18);
        for (long[] lengths : new long[][] {{3, 1}, {4, 5, 1, 1, 1}}) {
            try (KeyValueCache cache = model.newCache()) {
                assertSame(whole, inSteps(model, ids, mask, cache, lengths).narrow(1, 2, 18));
            }
        }
        try (KeyValueCache cache = model.newCache()) {
            Exception e = assertThrows(
                    Exception.class, () -> model.call(new DecoderInput(ids, mask.narrow(1, 0, 7), null, cache, 0)));
            assertTrue(String.valueOf(e.getMessage()).contains("the attention mask is for 7 tokens"), e.toString());
        }
    }

    @Test
    void aWindowHasMemoryForItsTokensOnly() {
        CausalModel<?> model = model("mistral");
        DecoderConfig config = (DecoderConfig) model.config();
        long token = 2 * 4 * config.numKeyValueHeads * config.headDim; // bytes of a key and a value of float32
        try (KeyValueCache cache = model.newCache()) {
            assertEquals(0, cache.bytes());
            inSteps(model, ids(1, 200), null, cache, 40, 1);
            assertEquals(200, cache.length());
            assertEquals(WINDOW - 1, cache.kept(0));
            assertEquals(config.numHiddenLayers * (WINDOW + WINDOW / 4) * token, cache.bytes());
        }
        try (KeyValueCache cache = model.newCache(2)) {
            inSteps(model, ids(1, 2), null, cache, 1);
            assertEquals(config.numHiddenLayers * 2 * token, cache.bytes());
        }
    }

    /** Adds numbered tokens to one layer, and looks at what is there after each step. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 8, 13, 100})
    void theLastTokensAreKept(long window) {
        try (KeyValueCache cache = new KeyValueCache(new long[] {window}, KeyValueCache.UNLIMITED)) {
            long seen = 0;
            for (int i = 0; i < 300; i++) {
                long added = i % 50 == 20 ? 40 : i % 7 == 3 ? 5 : 1;
                Tensor tokens = Torch.arange(seen, seen + added, 1, TensorOptions.of(DType.FLOAT32))
                        .view(1, 1, added, 1);
                long kept = window == 0 ? seen : Math.min(seen, window - 1);
                assertEquals(kept, cache.kept(0));
                KeyValueCache.Entry entry = cache.add(0, tokens, tokens.neg());
                seen += added;
                Tensor expected = Torch.arange(seen - added - kept, seen, 1, TensorOptions.of(DType.FLOAT32));
                assertArrayEquals(
                        expected.toFloatArray(),
                        entry.keys().contiguous().flatten().toFloatArray());
                assertTrue(entry.values().flatten().equal(expected.neg()));
                assertTrue(window == 0 || cache.bytes() <= 8 * (window + window / 4));
            }
            assertTrue(window > 0 || (cache.bytes() >= 8 * seen && cache.bytes() <= 16 * seen), "doubled");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistral", "qwen2_sliding", "llama"})
    void textsAreReordered(String name) {
        CausalModel<?> model = model(name);
        Tensor ids = ids(3, 12);
        Tensor order = Torch.tensor(new long[] {2, 0, 0});
        Tensor mixed = Torch.cat(List.of(ids.narrow(1, 0, 9).indexSelect(0, order), ids.narrow(1, 9, 3)), 1);
        Tensor expected = model.call(mixed).narrow(1, 9, 3);
        for (KeyValueCache cache : List.of(model.newCache(), model.newCache(12))) {
            inSteps(model, ids.narrow(1, 0, 9), null, cache, 4, 1);
            cache.reorder(order);
            List<Tensor> scores = new ArrayList<>();
            for (int i = 9; i < 12; i++) {
                scores.add(model.call(new DecoderInput(ids.narrow(1, i, 1), null, null, cache, 0)));
            }
            assertSame(expected, Torch.cat(scores, 1));
            cache.close();
        }
    }

    @Test
    void aClosedCacheIsEmpty() {
        CausalModel<?> model = model("mistral");
        Tensor ids = ids(1, 9);
        Tensor whole = model.call(ids);
        try (KeyValueCache cache = model.newCache()) {
            inSteps(model, ids, null, cache, 1);
            cache.close();
            assertEquals(0, cache.bytes());
            assertEquals(0, cache.length());
            assertSame(whole, inSteps(model, ids, null, cache, 2, 1));
        }
    }

    @Test
    void badSizesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new KeyValueCache(2, 0));
        assertThrows(IllegalArgumentException.class, () -> new KeyValueCache(0, 5));
        assertThrows(IllegalArgumentException.class, () -> new KeyValueCache(new long[] {0, -1}, 5));
        CausalModel<?> model = model("mistral");
        try (KeyValueCache cache = model.newCache(5)) {
            Exception e = assertThrows(Exception.class, () -> inSteps(model, ids(1, 6), null, cache, 1));
            assertTrue(String.valueOf(e.getMessage()).contains("room for 5 tokens, and 5"), e.toString());
        }
    }
}
