package org.jtorch.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jtorch.DType;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Samplers, splits, loaders and the collation do what PyTorch's do; {@code parity/record/data.py} recorded it. */
class ParityTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double[] WEIGHTS = {0.1, 0.9, 0.4, 0.7, 3.0, 0.6, 0.0, 1.5, 0.2, 0.3};
    private static final Numbers TEN = new Numbers(10);

    private static JsonNode recorded() throws IOException {
        try (InputStream in = ParityTest.class.getResourceAsStream("data.json")) {
            return JSON.readTree(Objects.requireNonNull(in));
        }
    }

    // --- orders ------------------------------------------------------------------------------------------------

    @TestFactory
    List<DynamicTest> ordersOfTwentySeeds() throws IOException {
        JsonNode seeds = recorded().get("seeds");
        assertEquals(20, seeds.size());
        List<DynamicTest> tests = new ArrayList<>();
        for (int seed = 0; seed < seeds.size(); seed++) {
            int of = seed;
            JsonNode cases = seeds.get(seed);
            assertTrue(cases.size() >= 32, "only " + cases.size() + " cases");
            tests.add(DynamicTest.dynamicTest("seed " + seed, () -> cases.properties()
                    .forEach(entry -> check(of, entry.getKey(), entry.getValue()))));
        }
        return tests;
    }

    private static void check(int seed, String name, JsonNode recorded) {
        Torch.manualSeed(seed);
        Object order = order(name, seed);
        assertEquals(recorded.get("order").toString(), JSON.valueToTree(order).toString(), name + " with seed " + seed);
        // The same numbers were drawn from the default generator.
        assertEquals(
                recorded.get("after").asLong(),
                Torch.randint(0, 1L << 62, 1).itemLong(),
                "after " + name + " with seed " + seed);
    }

    private static Object order(String name, int seed) {
        Supplier<Generator> g = () -> new Generator().manualSeed(seed);
        int[] subset = {7, 1, 9, 4, 4};
        return switch (name) {
            case "random" -> twice(new RandomSampler(TEN));
            case "random_generator" -> twice(new RandomSampler(TEN, o -> o.generator(g.get())));
            case "random_replacement" ->
                twice(new RandomSampler(TEN, o -> o.replacement(true).numSamples(75)));
            case "random_replacement_generator" ->
                twice(new RandomSampler(
                        TEN, o -> o.replacement(true).numSamples(64).generator(g.get())));
            case "random_fewer" -> twice(new RandomSampler(TEN, o -> o.numSamples(7)));
            case "random_more" ->
                twice(new RandomSampler(TEN, o -> o.numSamples(25).generator(g.get())));
            case "subset" -> twice(new SubsetRandomSampler(subset));
            case "subset_generator" -> twice(new SubsetRandomSampler(subset, g.get()));
            case "weighted" -> twice(new WeightedRandomSampler(WEIGHTS, 20));
            case "weighted_once" ->
                twice(new WeightedRandomSampler(
                        WEIGHTS, 6, o -> o.replacement(false).generator(g.get())));
            case "batches" -> twice(new BatchSampler(new RandomSampler(TEN), 3, false));
            case "batches_drop" -> twice(new BatchSampler(new RandomSampler(TEN), 3, true));
            case "split" -> parts(Datasets.randomSplit(TEN, 5, 2, 3));
            case "split_generator" -> parts(Datasets.randomSplit(TEN, new int[] {5, 5}, g.get()));
            case "split_fractions" -> parts(Datasets.randomSplit(new Numbers(19), 0.3, 0.3, 0.4));
            case "split_tenths" -> {
                double[] tenths = new double[10];
                Arrays.fill(tenths, 0.1);
                yield parts(Datasets.randomSplit(new Numbers(23), tenths));
            }
            case "loader_shuffle" -> epochs(10, 2, o -> o.batchSize(4).shuffle(true));
            case "loader_shuffle_drop" ->
                epochs(10, 2, o -> o.batchSize(4).shuffle(true).dropLast(true));
            case "loader_generator" ->
                epochs(10, 2, o -> o.batchSize(4).shuffle(true).generator(g.get()));
            case "loader_single" -> {
                DataLoader<Integer> loader =
                        new DataLoader<>(new Numbers(6), o -> o.batchSize(null).shuffle(true));
                yield List.of(Numbers.drain(loader), Numbers.drain(loader));
            }
            case "loader_replacement" ->
                epochs(10, 2, o -> o.batchSize(4)
                        .sampler(new RandomSampler(
                                TEN, r -> r.replacement(true).numSamples(40).generator(g.get()))));
            case "loader_weighted" ->
                epochs(10, 2, o -> o.batchSize(4).sampler(new WeightedRandomSampler(WEIGHTS, 10)));
            case "loader_batch_sampler" ->
                epochs(
                        10,
                        2,
                        o -> o.batchSampler(new BatchSampler(
                                new SubsetRandomSampler(IntStream.range(0, 10).toArray()), 3, false)));
            case "loader_workers" ->
                epochs(20, 2, o -> o.batchSize(3).shuffle(true).numWorkers(2));
            case "loader_workers_generator" ->
                epochs(20, 2, o -> o.batchSize(3).shuffle(true).numWorkers(2).generator(g.get()));
            case "loader_persistent" ->
                epochs(20, 3, o -> o.batchSize(3).shuffle(true).numWorkers(2).persistentWorkers(true));
            case "worker_seeds" -> {
                Dataset<List<Long>> seeds = new Dataset<>() {
                    @Override
                    public List<Long> get(int index) {
                        WorkerInfo info = WorkerInfo.current().orElseThrow();
                        return List.of((long) info.id(), (long) info.numWorkers(), info.seed());
                    }

                    @Override
                    public int size() {
                        return 3;
                    }
                };
                yield List.of(Numbers.drain(
                        new DataLoader<>(seeds, o -> o.batchSize(null).numWorkers(3))));
            }
            default -> distributed(name.split("_"), seed);
        };
    }

    private static Object distributed(String[] name, int seed) {
        assertEquals("distributed", name[0]);
        DistributedSampler sampler = new DistributedSampler(
                new Numbers(Integer.parseInt(name[1])), 3, Integer.parseInt(name[2]), o -> o.seed(seed)
                        .dropLast(Boolean.parseBoolean(name[3])));
        List<Object> result = new ArrayList<>();
        for (int epoch : new int[] {0, 5}) {
            sampler.setEpoch(epoch);
            result.add(Numbers.drain(sampler));
            assertEquals(Numbers.drain(sampler).size(), sampler.size());
        }
        return result;
    }

    private static <I> List<List<I>> twice(Sampler<I> sampler) {
        List<List<I>> epochs = List.of(Numbers.drain(sampler), Numbers.drain(sampler));
        assertEquals(epochs.get(0).size(), sampler.size());
        return epochs;
    }

    private static List<int[]> parts(List<? extends Subset<?>> subsets) {
        return subsets.stream().map(Subset::indices).toList();
    }

    private static List<List<List<Integer>>> epochs(int size, int count, Consumer<DataLoader.Options> options) {
        DataLoader<List<Integer>> loader = DataLoader.of(new Numbers(size), examples -> examples, options);
        List<List<List<Integer>>> epochs = new ArrayList<>();
        for (int epoch = 0; epoch < count; epoch++) {
            epochs.add(Numbers.drain(loader));
            assertEquals(epochs.get(epoch).size(), loader.size());
        }
        return epochs;
    }

    // --- streams -----------------------------------------------------------------------------------------------

    @Test
    void streams() throws IOException {
        JsonNode streams = recorded().get("streams");
        assertEquals(6, streams.size());
        streams.properties().forEach(entry -> {
            JsonNode test = entry.getValue();
            int[] sizes = JSON.convertValue(test.get("sizes"), int[].class);
            IterableDataset<Integer> stream = new IterableDataset<>() {
                @Override
                public java.util.Iterator<Integer> iterator() {
                    int worker = WorkerInfo.current().map(WorkerInfo::id).orElse(0);
                    return IntStream.range(100 * worker, 100 * worker + sizes[worker])
                            .iterator();
                }

                @Override
                public int size() {
                    return IntStream.of(sizes).sum();
                }
            };
            int workers = test.get("workers").asInt();
            boolean single = test.get("batch_size").isNull();
            Consumer<DataLoader.Options> options = o -> o.batchSize(single ? null : 3)
                    .dropLast(test.get("drop_last").asBoolean())
                    .numWorkers(workers);
            DataLoader<?> loader =
                    single ? new DataLoader<>(stream, options) : DataLoader.of(stream, list -> list, options);
            assertEquals(test.get("batches"), JSON.valueToTree(Numbers.drain(loader)), entry.getKey());
            assertEquals(test.get("len").asInt(), loader.size(), entry.getKey());
        });
    }

    // --- collation ---------------------------------------------------------------------------------------------

    @TestFactory
    List<DynamicTest> collations() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode test : recorded().get("collations")) {
            tests.add(DynamicTest.dynamicTest(test.get("name").asText(), () -> {
                List<Object> examples = new ArrayList<>();
                test.get("examples").forEach(spec -> examples.add(value(spec)));
                if (test.has("error")) {
                    Throwable thrown =
                            assertThrows(IllegalArgumentException.class, () -> Collate.into(Object.class, examples));
                    assertTrue(thrown.getMessage().startsWith(test.get("error").asText()), thrown.getMessage());
                } else {
                    compare(test.get("batch"), Collate.into(Object.class, examples));
                }
            }));
        }
        assertEquals(13, tests.size());
        return tests;
    }

    private static Object value(JsonNode spec) {
        switch (spec.get("kind").asText()) {
            case "tensor" -> {
                long[] shape = JSON.convertValue(spec.get("shape"), long[].class);
                long numel = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
                long from = spec.get("from").asLong();
                return Torch.arange(from, from + numel)
                        .to(DType.of(spec.get("dtype").asText()))
                        .reshape(shape);
            }
            case "list" -> {
                List<Object> parts = new ArrayList<>();
                spec.get("parts").forEach(part -> parts.add(value(part)));
                return parts;
            }
            case "map" -> {
                Map<String, Object> parts = new LinkedHashMap<>();
                spec.get("parts").properties().forEach(e -> parts.put(e.getKey(), value(e.getValue())));
                return parts;
            }
            case "int" -> {
                return spec.get("value").asInt();
            }
            case "float" -> {
                return spec.get("value").asDouble();
            }
            case "bool" -> {
                return spec.get("value").asBoolean();
            }
            default -> {
                return spec.get("value").asText();
            }
        }
    }

    private static void compare(JsonNode recorded, Object batch) {
        switch (recorded.get("kind").asText()) {
            case "tensor" -> {
                Tensor tensor = (Tensor) batch;
                assertEquals(
                        recorded.get("dtype").asText(),
                        tensor.dtype().toString().replace("torch.", ""));
                assertArrayEquals(JSON.convertValue(recorded.get("shape"), long[].class), tensor.shape());
                Tensor real = tensor.isComplex() ? Torch.real(tensor) : tensor;
                assertArrayEquals(
                        JSON.convertValue(recorded.get("values"), double[].class),
                        real.to(DType.FLOAT64).flatten().toDoubleArray());
            }
            case "map" -> {
                Map<?, ?> map = (Map<?, ?>) batch;
                List<String> names = new ArrayList<>();
                recorded.get("parts").fieldNames().forEachRemaining(names::add);
                assertEquals(names, List.copyOf(map.keySet()));
                names.forEach(name -> compare(recorded.get("parts").get(name), Objects.requireNonNull(map.get(name))));
            }
            case "strings" -> assertEquals(recorded.get("value"), JSON.valueToTree(batch));
            default -> {
                List<?> list = (List<?>) batch;
                assertEquals(recorded.get("parts").size(), list.size());
                for (int i = 0; i < list.size(); i++) {
                    compare(recorded.get("parts").get(i), Objects.requireNonNull(list.get(i)));
                }
            }
        }
    }

    // --- messages ----------------------------------------------------------------------------------------------

    @TestFactory
    List<DynamicTest> messages() throws IOException {
        IterableDataset<Integer> stream = () -> IntStream.range(0, 5).iterator();
        Map<String, Executable> cases = new LinkedHashMap<>();
        cases.put("workers", () -> new DataLoader<>(TEN, o -> o.numWorkers(-1)));
        cases.put("timeout", () -> new DataLoader<>(TEN, o -> o.timeout(Duration.ofSeconds(-1))));
        cases.put("prefetch", () -> new DataLoader<>(TEN, o -> o.prefetchFactor(2)));
        cases.put(
                "prefetch_negative",
                () -> new DataLoader<>(TEN, o -> o.numWorkers(1).prefetchFactor(-2)));
        cases.put("persistent", () -> new DataLoader<>(TEN, o -> o.persistentWorkers(true)));
        cases.put("stream_shuffle", () -> new DataLoader<>(stream, o -> o.shuffle(true)));
        cases.put(
                "sampler_shuffle",
                () -> new DataLoader<>(TEN, o -> o.shuffle(true).sampler(new SequentialSampler(TEN))));
        cases.put(
                "batch_sampler",
                () -> new DataLoader<>(
                        TEN, o -> o.batchSize(2).batchSampler(new BatchSampler(new SequentialSampler(TEN), 2, false))));
        cases.put(
                "batch_size_none",
                () -> new DataLoader<>(TEN, o -> o.batchSize(null).dropLast(true)));
        cases.put("batch_size", () -> new DataLoader<>(TEN, o -> o.batchSize(0)));
        cases.put("empty", () -> new DataLoader<>(new Numbers(0), o -> o.shuffle(true)));
        cases.put("num_samples", () -> new RandomSampler(TEN, o -> o.numSamples(0)));
        cases.put("weighted_samples", () -> new WeightedRandomSampler(new double[] {1}, 0));
        cases.put("rank", () -> new DistributedSampler(TEN, 2, 2));
        cases.put("tensors", () -> new TensorDataset(Torch.zeros(2), Torch.zeros(3)));
        cases.put("concat", () -> new ConcatDataset<Integer>());
        cases.put("stack", () -> StackDataset.<Integer>of(new Numbers(2), new Numbers(3)));
        cases.put("stack_empty", () -> StackDataset.<Integer>of());
        cases.put("split", () -> Datasets.randomSplit(TEN, 3, 3));
        cases.put("split_fraction", () -> Datasets.randomSplit(TEN, 1.5, -0.5));
        JsonNode recorded = recorded().get("errors");
        assertEquals(cases.size(), recorded.size());
        return cases.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    String message = assertThrows(IllegalArgumentException.class, entry.getValue())
                            .getMessage();
                    assertTrue(message.startsWith(recorded.get(entry.getKey()).asText()), message);
                }))
                .toList();
    }
}
