package org.jtorch.models.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.Pretrained;
import org.jtorch.models.decoder.CausalModel;
import org.jtorch.models.decoder.DecoderInput;
import org.jtorch.models.decoder.GenerativeModel;
import org.jtorch.models.decoder.KeyValueCache;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares generated tokens with those that {@code parity/record/generation.py} recorded of transformers. */
class GenerationTest {

    private static final Path RESOURCES = Path.of("src/test/resources");

    private static JsonNode recorded() throws IOException {
        return new ObjectMapper().readTree(RESOURCES.resolve("generation.json").toFile());
    }

    private static GenerativeModel<?, ?, ?> model(String name) {
        return (GenerativeModel<?, ?, ?>)
                Pretrained.load(RESOURCES.resolve("families").resolve(name));
    }

    @TestFactory
    List<DynamicTest> tokensAreThoseOfPython() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode run : recorded().get("runs")) {
            tests.add(DynamicTest.dynamicTest(run.get("model").asText() + " " + run.get("options"), () -> replay(run)));
        }
        assertEquals(246, tests.size());
        return tests;
    }

    private static void replay(JsonNode run) {
        try (TensorScope scope = new TensorScope()) {
            Tensor ids = matrix(run.get("ids"));
            Tensor made = Generation.generate(
                    model(run.get("model").asText()), ids, matrix(run.get("mask")), o -> options(run, o));
            assertArrayEquals(matrix(run.get("tokens")).shape(), made.shape());
            assertArrayEquals(matrix(run.get("tokens")).toLongArray(), made.toLongArray());
        }
    }

    private static void options(JsonNode run, GenerationOptions o) {
        long[] eos = new long[run.get("eos").size()];
        for (int i = 0; i < eos.length; i++) {
            eos[i] = run.get("eos").get(i).longValue();
        }
        o.eosTokenIds(eos).padTokenId(0);
        run.get("options").fields().forEachRemaining(option -> {
            JsonNode value = option.getValue();
            switch (option.getKey()) {
                case "max_new_tokens" -> o.maxNewTokens(value.longValue());
                case "min_new_tokens" -> o.minNewTokens(value.longValue());
                case "repetition_penalty" -> o.repetitionPenalty(value.doubleValue());
                case "num_beams" -> o.numBeams(value.intValue());
                case "length_penalty" -> o.lengthPenalty(value.doubleValue());
                case "early_stopping" -> o.earlyStopping(value.booleanValue());
                case "decoder_start_token_id" -> o.decoderStartTokenId(value.longValue());
                default -> throw new AssertionError(option.getKey());
            }
        });
    }

    private static Tensor matrix(JsonNode rows) {
        long[][] values = new long[rows.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = new long[rows.get(i).size()];
            for (int j = 0; j < values[i].length; j++) {
                values[i][j] = rows.get(i).get(j).longValue();
            }
        }
        return Torch.stack(java.util.Arrays.stream(values).map(Torch::tensor).toList());
    }

    @TestFactory
    List<DynamicTest> filtersMakeWhatThoseOfPythonMake() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode each : recorded().get("filters")) {
            double value = each.get("value").doubleValue();
            LogitsFilter filter =
                    switch (each.get("name").asText()) {
                        case "temperature" -> LogitsFilters.temperature(value);
                        case "topK" -> LogitsFilters.topK((long) value);
                        case "topP" -> LogitsFilters.topP(value);
                        case "minP" -> LogitsFilters.minP(value);
                        default -> LogitsFilters.repetitionPenalty(value);
                    };
            tests.add(DynamicTest.dynamicTest(each.get("name").asText() + " " + value, () -> filtered(each, filter)));
        }
        assertEquals(8, tests.size());
        return tests;
    }

    private static void filtered(JsonNode recorded, LogitsFilter filter) {
        try (TensorScope scope = new TensorScope()) {
            float[] scores = new float[80];
            float[] expected = new float[80];
            long[] ids = new long[24];
            for (int i = 0; i < 80; i++) {
                scores[i] = recorded.get("scores").get(i).floatValue();
                JsonNode value = recorded.get("result").get(i);
                expected[i] = value.isNull() ? Float.NEGATIVE_INFINITY : value.floatValue();
            }
            for (int i = 0; i < 24; i++) {
                ids[i] = recorded.get("ids").get(i).longValue();
            }
            Tensor result = filter.apply(
                    Torch.tensor(ids).view(4, 6), Torch.tensor(scores).view(4, 20));
            assertArrayEquals(expected, result.toFloatArray(), 1e-5f);
        }
    }

    @Test
    void theCacheGivesTheScoresOfTheWholeText() {
        try (TensorScope scope = new TensorScope()) {
            for (String name : List.of("gpt2", "llama", "qwen2_sliding", "qwen3", "mistral", "gemma")) {
                CausalModel<?> model = (CausalModel<?>) model(name);
                Tensor ids = Torch.tensor(new long[] {5, 9, 33, 12, 7, 40, 8}).unsqueeze(0);
                Tensor whole = model.call(ids);
                try (KeyValueCache cache = model.newCache(7)) {
                    Tensor first = model.call(new DecoderInput(ids.narrow(1, 0, 3), null, null, cache, 0));
                    Tensor second = model.call(new DecoderInput(ids.narrow(1, 3, 2), null, null, cache, 0));
                    Tensor third = model.call(new DecoderInput(ids.narrow(1, 5, 1), null, null, cache, 0));
                    Tensor fourth = model.call(new DecoderInput(ids.narrow(1, 6, 1), null, null, cache, 0));
                    Tensor steps = Torch.cat(List.of(first, second, third, fourth), 1);
                    assertTrue(steps.allclose(whole, 1e-4, 1e-5), name);
                    assertThrows(
                            IllegalStateException.class,
                            () -> model.call(new DecoderInput(ids.narrow(1, 0, 1), null, null, cache, 0)));
                }
            }
        }
    }

    @Test
    void drawnTokensDependOnTheSeedAndFollowTheFilters() {
        try (TensorScope scope = new TensorScope()) {
            for (String name : List.of("llama", "t5")) {
                GenerativeModel<?, ?, ?> model = model(name);
                Tensor prompt = Torch.tensor(new long[] {5, 9, 33}).unsqueeze(0);
                Tensor one = draw(model, prompt, 1, 0);
                assertArrayEquals(one.toLongArray(), draw(model, prompt, 1, 0).toLongArray());
                assertTrue(!one.equal(draw(model, prompt, 2, 0)));
                Tensor greedy = Generation.generate(model, prompt, o -> o.maxNewTokens(15));
                assertArrayEquals(
                        greedy.toLongArray(), draw(model, prompt, 3, 1).toLongArray());
            }
        }
    }

    private static Tensor draw(GenerativeModel<?, ?, ?> model, Tensor prompt, long seed, long topK) {
        Generator generator = new Generator();
        generator.manualSeed(seed);
        return Generation.generate(
                model, prompt, o -> o.maxNewTokens(15).doSample(true).topK(topK).generator(generator));
    }

    @Test
    void conditionsEndTextsAndListenersGetEachToken() {
        try (TensorScope scope = new TensorScope()) {
            GenerativeModel<?, ?, ?> model = model("gpt2");
            Tensor prompt = Torch.tensor(new long[] {5, 9, 33}).unsqueeze(0);
            List<Long> heard = new ArrayList<>();
            Tensor made = Generation.generate(model, prompt, o -> o.maxNewTokens(15)
                    .stopWhen(tokens -> tokens.length == 4)
                    .onTokens(tokens -> heard.add(tokens[0])));
            assertArrayEquals(new long[] {1, 7}, made.shape());
            assertArrayEquals(
                    made.narrow(1, 3, 4).toLongArray(),
                    heard.stream().mapToLong(Long::longValue).toArray());
        }
    }

    @Test
    void badInputIsRefused() {
        try (TensorScope scope = new TensorScope()) {
            GenerativeModel<?, ?, ?> model = model("gpt2");
            Tensor prompt = Torch.tensor(new long[] {5, 9, 33}).unsqueeze(0);
            assertRefused("the prompts are of shape [3]", () -> Generation.generate(model, prompt.squeeze(0), o -> {}));
            assertRefused(
                    "the prompts are of shape [1, 0]",
                    () -> Generation.generate(model, prompt.narrow(1, 0, 0), o -> {}));
            assertRefused(
                    "pad on the left",
                    () -> Generation.generate(
                            model, prompt, Torch.tensor(new long[] {1, 1, 0}).unsqueeze(0), o -> {}));
            assertRefused("temperature is 0.0", () -> Generation.generate(model, prompt, o -> o.temperature(0)));
            assertRefused(
                    "does not draw",
                    () -> Generation.generate(model, prompt, o -> o.numBeams(2).doSample(true)));
            model.train();
            assertThrows(IllegalStateException.class, () -> Generation.generate(model, prompt, o -> {}));
        }
    }

    private static void assertRefused(String part, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
