package org.jtorch.models.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.t5.T5ForConditionalGeneration;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.sparse.Embedding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is special about generation with an encoder; {@link GenerationTest} compares the tokens with those of Python. */
class EncoderDecoderTest {

    private final Tensor ids = Torch.tensor(new long[][] {{5, 6, 7, 8}, {9, 10, 0, 0}});
    private final Tensor mask = Torch.tensor(new long[][] {{1, 1, 1, 1}, {1, 1, 0, 0}});
    private final T5ForConditionalGeneration model = model("t5");

    private static T5ForConditionalGeneration model(String name) {
        return T5ForConditionalGeneration.fromPretrained(Path.of("src/test/resources/families", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5", "t5_gated_untied", "t5_gated_silu"})
    void theCacheGivesTheTokensOfTheWholeText(String name) {
        try (TensorScope scope = new TensorScope()) {
            T5ForConditionalGeneration any = model(name);
            Tensor whole = Torch.zeros(new long[] {2, 1}, DType.INT64);
            for (int i = 0; i < 15; i++) {
                Tensor last = any.call(ids, mask, whole).logits().select(1, -1);
                whole = Torch.cat(List.of(whole, last.argmax(-1L, true)), 1);
            }
            Tensor made = Generation.generate(any, ids, mask, o -> o.maxNewTokens(15));
            assertArrayEquals(new long[] {2, 16}, made.shape());
            assertArrayEquals(whole.toLongArray(), made.toLongArray());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theEncoderReadsThePromptsOnce(int numBeams) {
        AtomicInteger read = new AtomicInteger();
        AtomicInteger keys = new AtomicInteger();
        List<Long> written = new ArrayList<>();
        model.getSubmodule("encoder.embed_tokens", Embedding.class).registerForwardPreHook((module, input) -> {
            assertArrayEquals(new long[] {2, 4}, input.shape());
            read.incrementAndGet();
            return null;
        });
        model.getSubmodule("decoder.block.1.layer.1.EncDecAttention.k", Linear.class)
                .registerForwardPreHook((module, input) -> {
                    keys.incrementAndGet();
                    return null;
                });
        model.getSubmodule("decoder.embed_tokens", Embedding.class).registerForwardPreHook((module, input) -> {
            assertEquals(2 * numBeams, input.size(0));
            written.add(input.size(1));
            return null;
        });
        Generation.generate(model, ids, mask, o -> o.maxNewTokens(6).numBeams(numBeams));
        assertEquals(1, read.get());
        assertEquals(1, keys.get());
        assertEquals(List.of(1L, 1L, 1L, 1L, 1L, 1L), written);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aBatchIsWrittenAsEachTextAlone(int numBeams) {
        try (TensorScope scope = new TensorScope()) {
            Tensor both = Generation.generate(model, ids, mask, o -> o.numBeams(numBeams));
            Tensor first = Generation.generate(model, ids.narrow(0, 0, 1), o -> o.numBeams(numBeams));
            Tensor second = Generation.generate(model, ids.narrow(0, 1, 1).narrow(1, 0, 2), o -> o.numBeams(numBeams));
            assertArrayEquals(both.select(0, 0).toLongArray(), first.toLongArray());
            assertArrayEquals(both.select(0, 1).toLongArray(), second.toLongArray());
            assertFalse(first.equal(second));
        }
    }

    @Test
    void onlyNewTokensAreGivenStepByStep() {
        try (TensorScope scope = new TensorScope()) {
            List<Long> heard = new ArrayList<>();
            List<Long> seen = new ArrayList<>();
            Tensor made = Generation.generate(model, ids.narrow(0, 0, 1), o -> o.maxNewTokens(15)
                    .decoderStartTokenId(9)
                    .stopWhen(tokens -> tokens.length == 4)
                    .filter((tokens, scores) -> {
                        seen.add(tokens.size(1));
                        return scores;
                    })
                    .onTokens(tokens -> heard.add(tokens[0])));
            assertArrayEquals(
                    made.toLongArray(),
                    LongStream.concat(LongStream.of(9), heard.stream().mapToLong(Long::longValue))
                            .toArray());
            assertEquals(List.of(1L, 2L, 3L, 4L), seen);
            try (GeneratedTokens tokens = Generation.iterate(
                    model, ids.narrow(0, 0, 1), null, o -> o.maxNewTokens(4).decoderStartTokenId(9))) {
                List<Long> steps = new ArrayList<>();
                tokens.forEachRemaining(step -> steps.add(step[0]));
                assertEquals(heard, steps);
            }
        }
    }

    /** {@code max_length} and {@code min_length} count the token that starts, but not the prompt. */
    @Test
    void aFolderSaysTheStartAndTheLength(@TempDir Path folder) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            Tensor prompt = ids.narrow(0, 0, 1);
            long[] plain = Generation.generate(
                            model, prompt, o -> o.maxNewTokens(3).decoderStartTokenId(9))
                    .toLongArray();
            Files.writeString(
                    folder.resolve("generation_config.json"), "{\"max_length\": 4, \"decoder_start_token_id\": 9}");
            assertArrayEquals(
                    plain,
                    Generation.generate(model, prompt, o -> o.fromPretrained(folder))
                            .toLongArray());
            String ends = "{\"max_length\": 9, \"decoder_start_token_id\": 9, \"eos_token_id\": " + plain[1] + "}";
            Files.writeString(folder.resolve("generation_config.json"), ends);
            assertArrayEquals(
                    Arrays.copyOf(plain, 2),
                    Generation.generate(model, prompt, o -> o.fromPretrained(folder))
                            .toLongArray());
            Files.writeString(
                    folder.resolve("generation_config.json"), ends.replaceFirst("\\{", "{\"min_length\": 3, "));
            long[] longer = Generation.generate(model, prompt, o -> o.fromPretrained(folder))
                    .toLongArray();
            assertTrue(longer.length >= 4, Arrays.toString(longer));
            assertTrue(longer[1] != plain[1] && longer[2] != plain[1], Arrays.toString(longer));
        }
    }

    @Test
    void badInputIsRefused() {
        Tensor none = Torch.tensor(new long[][] {{1, 1, 1, 1}, {0, 0, 0, 0}});
        Exception empty =
                assertThrows(IllegalArgumentException.class, () -> Generation.generate(model, ids, none, o -> {}));
        assertTrue(String.valueOf(empty.getMessage()).contains("a prompt is only padding"), empty.toString());
        Exception start = assertThrows(
                IllegalArgumentException.class, () -> Generation.generate(model, ids, o -> o.decoderStartTokenId(-1)));
        assertTrue(String.valueOf(start.getMessage()).contains("decoderStartTokenId is -1"), start.toString());
        model.train();
        assertThrows(IllegalStateException.class, () -> Generation.generate(model, ids, o -> {}));
    }
}
