package org.jtorch.data;

import static org.jtorch.data.DataLoaderTest.dataset;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.junit.jupiter.api.Test;

/** Datasets that are made of others. */
class DatasetsTest {

    record Captioned(Tensor image, int text) {}

    private static <T> List<T> all(Dataset<T> dataset) throws Exception {
        List<T> examples = new ArrayList<>();
        for (int i = 0; i < dataset.size(); i++) {
            examples.add(dataset.get(i));
        }
        return examples;
    }

    @Test
    void concatenated() throws Exception {
        ConcatDataset<Integer> joined = new ConcatDataset<>(
                new Numbers(0), new Numbers(2), new Numbers(0), new Numbers(0), new Numbers(3), new Numbers(0));
        assertEquals(List.of(0, 1, 0, 1, 2), all(joined));
        assertEquals(List.of(2, 1), joined.getAll(new int[] {4, 1}));
        assertArrayEquals(new int[] {0, 2, 2, 2, 5, 5}, joined.cumulativeSizes());
        assertThrows(IndexOutOfBoundsException.class, () -> joined.get(5));
        assertThrows(IndexOutOfBoundsException.class, () -> joined.get(-1));
        assertThrows(
                ArithmeticException.class, () -> new ConcatDataset<>(new Numbers(Integer.MAX_VALUE), new Numbers(1)));
    }

    @Test
    void chained() {
        IterableDataset<Integer> two = () -> IntStream.range(0, 2).iterator();
        IterableDataset<Integer> none = () -> IntStream.range(0, 0).iterator();
        ChainDataset<Integer> chain = new ChainDataset<>(none, two, none, two);
        assertEquals(List.of(0, 1, 0, 1), Numbers.drain(chain));
        assertThrows(UnsupportedOperationException.class, chain::size);
    }

    @Test
    void stacked() throws Exception {
        Dataset<Tensor> images = dataset(3, i -> Torch.full(new long[] {2}, (double) i));
        StackDataset<Captioned> records = StackDataset.of(Captioned.class, images, new Numbers(3));
        assertEquals(2, records.get(2).text());
        assertEquals(
                1, records.getAll(new int[] {2, 1}).get(1).image().select(0, 0).item());
        Map<String, Numbers> named = new LinkedHashMap<>();
        named.put("a", new Numbers(3));
        named.put("b", new Numbers(3));
        assertEquals(Map.of("a", 1, "b", 1), StackDataset.of(named).get(1));
        assertEquals(
                List.of("a", "b"), List.copyOf(StackDataset.of(named).get(1).keySet()));
        assertEquals(
                List.of(1, 1),
                StackDataset.<Integer>of(new Numbers(3), new Numbers(3)).get(1));
        assertThrows(IllegalArgumentException.class, () -> StackDataset.of(Captioned.class, images));
    }

    @Test
    void subsets() throws Exception {
        int[] indices = {3, 1};
        Subset<Integer> subset = new Subset<>(new Numbers(4), indices);
        indices[0] = 0;
        assertEquals(List.of(3, 1), all(subset));
        assertEquals(List.of(1, 3), subset.getAll(new int[] {1, 0}));
        assertThrows(IndexOutOfBoundsException.class, () -> new Subset<>(new Numbers(4), 4));
        Subset<List<Tensor>> rows = new Subset<>(new TensorDataset(Torch.arange(0, 5)), 4, 3, 2);
        List<List<Tensor>> batches = Numbers.drain(new DataLoader<>(rows, o -> o.batchSize(2)));
        assertArrayEquals(new long[] {4, 3}, batches.get(0).get(0).toLongArray());
        Subset<Tensor> plain = new Subset<>(dataset(3, i -> Torch.tensor(i)), 2, 0);
        assertArrayEquals(
                new long[] {2, 0},
                Numbers.drain(new DataLoader<>(plain, o -> o.batchSize(2)))
                        .get(0)
                        .toLongArray());
    }

    @Test
    void theIndexOfAFailureIsThatOfTheDatasetThatFailed() {
        Dataset<Integer> broken = dataset(3, i -> 1 / (i - 1));
        DataLoader<Integer> loader =
                DataLoader.of(new Subset<>(new ConcatDataset<>(new Numbers(2), broken), 3), l -> l.get(0), o -> {});
        DataLoaderException thrown =
                assertThrows(DataLoaderException.class, () -> loader.iterator().next());
        assertEquals(1, thrown.index());
        assertTrue(thrown.getMessage().contains(".get(1) failed"), thrown.getMessage());
        assertTrue(thrown.getCause() instanceof ArithmeticException);
    }

    @Test
    void fractionsThatDoNotAddUp() {
        assertThrows(IllegalArgumentException.class, () -> Datasets.randomSplit(new Numbers(10), 0.5, 0.4));
        assertThrows(IllegalArgumentException.class, () -> Datasets.randomSplit(new Numbers(10), 0.5, 0.6));
        assertThrows(IllegalArgumentException.class, () -> Datasets.randomSplit(new Numbers(10), 0.5, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Datasets.randomSplit(new Numbers(10), 11, -1));
        assertEquals(0, Datasets.randomSplit(new Numbers(1), 0.5, 0.5).get(1).size());
    }

    @Test
    void weightsThatCannotBeDrawn() {
        assertThrows(IllegalArgumentException.class, () -> new WeightedRandomSampler(new double[] {1, -1}, 1));
        assertThrows(IllegalArgumentException.class, () -> new WeightedRandomSampler(new double[] {0, 0}, 1));
        assertThrows(IllegalArgumentException.class, () -> new WeightedRandomSampler(new double[] {}, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new WeightedRandomSampler(new double[] {1, 0, 1}, 3, o -> o.replacement(false)));
    }

    @Test
    void aBatchMayBeGreaterThanTheData() {
        TensorDataset data = new TensorDataset(Torch.arange(10_000));
        var whole = new DataLoader<>(data, o -> o.batchSize(Integer.MAX_VALUE)).iterator();
        assertTrue(Torch.equal(Torch.arange(10_000), whole.next().get(0)));
        assertFalse(whole.hasNext());
        assertFalse(new DataLoader<>(data, o -> o.batchSize(Integer.MAX_VALUE).dropLast(true))
                .iterator()
                .hasNext());
        var halves = new BatchSampler(new SequentialSampler(data), 6_000, false).iterator();
        assertArrayEquals(IntStream.range(0, 6_000).toArray(), halves.next());
        assertArrayEquals(IntStream.range(6_000, 10_000).toArray(), halves.next());
        assertFalse(halves.hasNext());
    }
}
