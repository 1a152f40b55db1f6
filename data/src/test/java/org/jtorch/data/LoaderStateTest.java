package org.jtorch.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jtorch.Generator;
import org.jtorch.Torch;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loader that is saved after any batch and loaded goes on as one that was never stopped. */
class LoaderStateTest {

    private static final int EPOCHS = 3;

    @TempDir
    Path folder;

    /** Examples of their index and a random number. */
    private record Noisy(int size) implements Dataset<List<Long>> {
        @Override
        public List<Long> get(int index) {
            return example(index);
        }
    }

    private static List<Long> example(int index) {
        return List.of(
                (long) index,
                Torch.randint(0, 1 << 30, new long[] {1}, WorkerInfo.currentGenerator())
                        .itemLong());
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Stream(int... sizes) implements IterableDataset<List<Long>> {
        @Override
        public Iterator<List<Long>> iterator() {
            int worker = WorkerInfo.current().map(WorkerInfo::id).orElse(0);
            return IntStream.range(0, sizes[worker])
                    .mapToObj(i -> example(100 * worker + i))
                    .iterator();
        }
    }

    private static DataLoader<List<List<Long>>> loader(Consumer<DataLoader.Options> options) {
        return DataLoader.of(new Noisy(11), examples -> examples, options);
    }

    /** Runs epochs, with draws of the default generator between the batches, as dropout makes them. */
    private static List<Object> run(DataLoader<?> loader, int epochs) {
        List<Object> seen = new ArrayList<>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (Object batch : loader) {
                seen.add(batch);
                seen.add(Torch.randint(0, 1000, 1).itemLong());
            }
        }
        return seen;
    }

    /** Compares a run that was never stopped with runs that were stopped after each batch of each epoch. */
    private void check(Supplier<DataLoader<?>> first, Supplier<DataLoader<?>> second) {
        check(first, second, false);
    }

    private void check(Supplier<DataLoader<?>> first, Supplier<DataLoader<?>> second, boolean restoresGenerator) {
        Torch.manualSeed(5);
        List<Object> whole = run(first.get(), EPOCHS);
        int batches = whole.size() / 2 / EPOCHS;
        for (int stop = 0; stop <= whole.size() / 2; stop++) {
            Torch.manualSeed(5);
            DataLoader<?> loader = first.get();
            List<Object> seen = new ArrayList<>();
            int epoch = 0;
            int left = stop;
            while (left >= batches && epoch < EPOCHS) {
                seen.addAll(run(loader, 1));
                left -= batches;
                epoch++;
            }
            if (left > 0) {
                CloseableIterator<?> iterator = loader.iterator();
                for (; left > 0; left--) {
                    seen.add(iterator.next());
                    seen.add(Torch.randint(0, 1000, 1).itemLong());
                }
            }
            Path file = folder.resolve("state.pt");
            Checkpoint.save(
                    file,
                    Map.of(
                            "loader",
                            loader.stateDict(),
                            "rng",
                            Generator.defaultGenerator().getState()));
            Torch.manualSeed(99); // another process
            DataLoader<?> resumed = second.get();
            Checkpoint saved = Checkpoint.load(file);
            Map<?, ?> state = saved.getMap("loader");
            if (stop % 2 == 0
                    || restoresGenerator) { // The state of a loader without a generator has that of the default one.
                Generator.defaultGenerator().setState(saved.getTensor("rng"));
            }
            resumed.loadStateDict(state);
            assertEquals(state.keySet(), resumed.stateDict().keySet());
            seen.addAll(run(resumed, EPOCHS - epoch));
            assertEquals(whole, seen, "stopped after " + stop + " batches");
        }
    }

    private void check(Consumer<DataLoader.Options> options) {
        check(() -> loader(options), () -> loader(options));
    }

    @Test
    void shuffledWithoutWorkers() {
        check(o -> o.batchSize(3).shuffle(true));
    }

    @Test
    void shuffledWithWorkers() {
        check(o -> o.batchSize(3).shuffle(true).numWorkers(2));
    }

    @Test
    void otherNumbersOfWorkers() {
        check(
                () -> loader(o -> o.batchSize(2).shuffle(true).numWorkers(2).prefetchFactor(3)),
                () -> loader(o -> o.batchSize(2).shuffle(true)));
        check(
                () -> loader(o -> o.batchSize(2).shuffle(true)),
                () -> loader(o -> o.batchSize(2).shuffle(true).numWorkers(2)));
    }

    @Test
    void generatorOfItsOwn() {
        check(
                () -> loader(o -> o.batchSize(3).shuffle(true).numWorkers(2).generator(new Generator().manualSeed(3))),
                () -> loader(o -> o.batchSize(3).shuffle(true).generator(new Generator().manualSeed(8))),
                true);
    }

    @Test
    void drawsDuringTheEpoch() {
        Supplier<DataLoader<?>> loader = () -> {
            Generator generator = new Generator().manualSeed(3);
            RandomSampler sampler = new RandomSampler(
                    new Numbers(11), o -> o.replacement(true).numSamples(70).generator(generator));
            return DataLoader.of(new Noisy(11), list -> list, o -> o.batchSize(9)
                    .sampler(sampler)
                    .numWorkers(2));
        };
        check(loader, loader);
    }

    @Test
    void samplersOfTheDefaultGenerator() {
        check(o ->
                o.batchSize(3).sampler(new WeightedRandomSampler(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2}, 10)));
        check(o -> o.batchSampler(new BatchSampler(
                        new SubsetRandomSampler(IntStream.range(0, 11).toArray()), 4, true))
                .numWorkers(2)
                .generator(new Generator().manualSeed(1)));
    }

    @Test
    void persistentWorkers() {
        check(o -> o.batchSize(3).shuffle(true).numWorkers(2).persistentWorkers(true));
    }

    @Test
    void streams() {
        check(
                () -> DataLoader.of(new Stream(11), list -> list, o -> o.batchSize(3)),
                () -> DataLoader.of(new Stream(11), list -> list, o -> o.batchSize(3)));
        check(
                () -> DataLoader.of(
                        new Stream(9, 2, 5), list -> list, o -> o.batchSize(2).numWorkers(3)),
                () -> DataLoader.of(new Stream(9, 2, 5), list -> list, o -> o.batchSize(2)
                        .numWorkers(3)
                        .prefetchFactor(1)));
    }

    @Test
    void distributedEpochIsKept() {
        DistributedSampler sampler = new DistributedSampler(new Numbers(11), 2, 1);
        sampler.setEpoch(7);
        DataLoader<List<List<Long>>> loader = loader(o -> o.batchSize(2).sampler(sampler));
        CloseableIterator<?> iterator = loader.iterator();
        iterator.next();
        Map<String, Object> state = loader.stateDict();
        List<Object> rest = new ArrayList<>();
        iterator.forEachRemaining(rest::add);
        DistributedSampler again = new DistributedSampler(new Numbers(11), 2, 1);
        DataLoader<List<List<Long>>> resumed = loader(o -> o.batchSize(2).sampler(again));
        resumed.loadStateDict(state);
        assertEquals(rest, Numbers.drain(resumed));
    }

    @Test
    void outOfOrderNothingIsLostOrTwice() {
        DataLoader<List<Integer>> loader = DataLoader.of(
                new Numbers(40), list -> list, o -> o.batchSize(2).numWorkers(3).inOrder(false));
        CloseableIterator<List<Integer>> iterator = loader.iterator();
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            seen.addAll(iterator.next());
        }
        DataLoader<List<Integer>> resumed = DataLoader.of(
                new Numbers(40), list -> list, o -> o.batchSize(2).numWorkers(2).inOrder(false));
        resumed.loadStateDict(loader.stateDict());
        resumed.forEach(seen::addAll);
        seen.sort(null);
        assertEquals(IntStream.range(0, 40).boxed().toList(), seen);
    }

    @Test
    void aStateThatDoesNotFitIsRefused() {
        DataLoader<List<List<Long>>> loader = loader(o -> o.batchSize(3).shuffle(true));
        loader.iterator().next();
        Map<String, Object> state = loader.stateDict();
        DataLoader<?> stream = DataLoader.of(new Stream(9, 2), l -> l, o -> o.numWorkers(2));
        stream.iterator().next();
        Torch.manualSeed(1);
        byte[] before = Generator.defaultGenerator().getState().toByteArray();
        refused("batch_size is 3, not 4", state, loader(o -> o.batchSize(4)));
        refused("drop_last is false, not true", state, loader(o -> o.batchSize(3)
                .dropLast(true)));
        refused("dataset_size is 11, not 12", state, DataLoader.of(new Noisy(12), l -> l, o -> o.batchSize(3)));
        refused("dataset_size is null", Map.of(), loader(o -> o.batchSize(3)));
        Map<String, Object> broken = new HashMap<>(state);
        broken.put("random", Map.of("generator", Torch.zeros(3)));
        assertThrows(RuntimeException.class, () -> loader(o -> o.batchSize(3)).loadStateDict(broken));
        broken.put("random", 3);
        refused("\"random\"", broken, loader(o -> o.batchSize(3)));
        refused("same number", stream.stateDict(), DataLoader.of(new Stream(9), l -> l, o -> {}));
        assertArrayEquals(before, Generator.defaultGenerator().getState().toByteArray());
    }

    private static void refused(String part, Map<String, Object> state, DataLoader<?> loader) {
        String message = assertThrows(IllegalArgumentException.class, () -> loader.loadStateDict(state))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void betweenEpochsThereIsNoEpochInTheState() {
        DataLoader<List<List<Long>>> loader = loader(o -> o.batchSize(3));
        assertFalse(loader.stateDict().containsKey("epoch"));
        CloseableIterator<?> iterator = loader.iterator();
        assertTrue(loader.stateDict().containsKey("epoch"));
        while (iterator.hasNext()) {
            iterator.next();
        }
        assertFalse(loader.stateDict().containsKey("epoch"));
    }
}
