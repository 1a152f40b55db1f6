package org.jtorch.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jtorch.Cuda;
import org.jtorch.DType;
import org.jtorch.Generator;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches, their types and their memory, with workers and without. */
class DataLoaderTest {

    record Item(Tensor values, int label) {}

    record Batch(Tensor values, Tensor label) {}

    /** Returns a dataset of a function. */
    static <T> Dataset<T> dataset(int size, IntFunction<T> get) {
        return new Dataset<>() {
            @Override
            public T get(int index) {
                return get.apply(index);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void rowsOfTensors(int workers) {
        Tensor x = Torch.arange(0, 21).view(7, 3);
        Tensor y = Torch.arange(0, 7).to(DType.FLOAT64);
        DataLoader<List<Tensor>> loader =
                new DataLoader<>(new TensorDataset(x, y), o -> o.batchSize(3).numWorkers(workers));
        List<List<Tensor>> batches = Numbers.drain(loader);
        assertEquals(3, loader.size());
        assertEquals(3, batches.size());
        assertArrayEquals(
                new long[] {9, 10, 11, 12, 13, 14, 15, 16, 17},
                batches.get(1).get(0).flatten().toLongArray());
        assertArrayEquals(new double[] {6}, batches.get(2).get(1).toDoubleArray());
        assertEquals(DType.FLOAT64, batches.get(2).get(1).dtype());
    }

    @Test
    void aWholeBatchIsThatOfItsRows() throws Exception {
        Tensor grad = Torch.randn(5, 2, 3).requiresGrad_();
        Tensor transposed = Torch.randn(4, 5).t();
        TensorDataset data = new TensorDataset(
                grad, transposed, Torch.arange(0, 5), Torch.randn(5, 2).to(DType.BFLOAT16), Torch.zeros(5, 0));
        Dataset<List<Tensor>> half = new Subset<>(data, 4, 2, 0);
        for (int[] indices : new int[][] {{0, 2, 1}, {1}, {2, 2, 2, 0}}) {
            for (Dataset<List<Tensor>> of : List.of(data, half)) {
                List<Tensor> whole = ((BatchedDataset<List<Tensor>>) of).getBatch(indices);
                List<Tensor> rows = Collate.defaultCollate(of.getAll(indices));
                assertEquals(rows.size(), whole.size());
                for (int i = 0; i < rows.size(); i++) {
                    assertTrue(Torch.equal(rows.get(i), whole.get(i)));
                    assertEquals(rows.get(i).dtype(), whole.get(i).dtype());
                    assertArrayEquals(rows.get(i).strides(), whole.get(i).strides());
                    assertEquals(rows.get(i).requiresGrad(), whole.get(i).requiresGrad());
                }
                whole.get(0).sum().backward();
                Tensor expected = grad.grad().clone();
                grad.setGrad(null);
                rows.get(0).sum().backward();
                assertTrue(Torch.equal(expected, grad.grad()));
                grad.setGrad(null);
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> data.getBatch(new int[] {5}));
        assertThrows(IndexOutOfBoundsException.class, () -> data.getBatch(new int[] {-1}));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void recordsOfTheSameAndOfAnotherClass(int workers) {
        Dataset<Batch> tensors = dataset(5, i -> new Batch(Torch.full(new long[] {2}, (double) i), Torch.tensor(i)));
        for (Batch batch : new DataLoader<>(tensors, o -> o.batchSize(5).numWorkers(workers))) {
            assertArrayEquals(new long[] {5, 2}, batch.values().shape());
            assertArrayEquals(new long[] {0, 1, 2, 3, 4}, batch.label().toLongArray());
        }
        Dataset<Item> items = dataset(5, i -> new Item(Torch.full(new long[] {2}, (double) i), i));
        for (Batch batch : DataLoader.of(items, Batch.class, o -> o.batchSize(5).numWorkers(workers))) {
            assertArrayEquals(new long[] {0, 1, 2, 3, 4}, batch.label().toLongArray());
        }
        TensorDataset rows = new TensorDataset(Torch.randn(4, 2), Torch.arange(0, 4));
        for (Batch batch : DataLoader.of(rows, Batch.class, o -> o.batchSize(4).numWorkers(workers))) {
            assertArrayEquals(new long[] {0, 1, 2, 3}, batch.label().toLongArray());
        }
        for (Tensor batch :
                DataLoader.of(new Numbers(4), Tensor.class, o -> o.batchSize(4).numWorkers(workers))) {
            assertArrayEquals(new long[] {0, 1, 2, 3}, batch.toLongArray());
        }
    }

    @Test
    void aBatchOfAnotherTypeNeedsItsName() {
        String record = failure(new DataLoader<>(dataset(2, i -> new Item(Torch.zeros(1), i)), o -> o.batchSize(2)));
        assertTrue(
                record.contains("component label of the record Item has type int, but its batch has type Tensor"),
                record);
        String number = failure(new DataLoader<>(new Numbers(2), o -> o.batchSize(2)));
        assertTrue(number.contains("DataLoader.of(dataset, Tensor.class"), number);
    }

    static String failure(DataLoader<?> loader) {
        return assertThrows(DataLoaderException.class, () -> loader.iterator().next())
                .getMessage();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void withoutBatchesExamplesAreUnchanged(int workers) {
        DataLoader<Integer> loader =
                new DataLoader<>(new Numbers(5), o -> o.batchSize(null).numWorkers(workers));
        assertEquals(List.of(0, 1, 2, 3, 4), Numbers.drain(loader));
        assertEquals(5, loader.size());
    }

    @Test
    void pinnedMemoryNeedsAGpu() {
        Tensor x = Torch.arange(0, 4);
        for (List<Tensor> batch :
                new DataLoader<>(new TensorDataset(x), o -> o.batchSize(4).pinMemory(true))) {
            assertTrue(Torch.equal(x, batch.get(0)));
            Object pinned = Operator.find("aten::is_pinned", "")
                    .call(batch.get(0), null)
                    .get(0);
            assertEquals(Cuda.isAvailable(), pinned);
        }
        assertEquals(
                "aten::pin_memory",
                Operator.find("aten::pin_memory", "").toString().split("\\(")[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void theIteratorIsStandard(int workers) {
        DataLoader<Integer> loader =
                new DataLoader<>(new Numbers(2), o -> o.batchSize(null).numWorkers(workers));
        Iterator<Integer> iterator = loader.iterator();
        assertEquals(0, iterator.next());
        assertTrue(iterator.hasNext());
        assertTrue(iterator.hasNext());
        assertEquals(1, iterator.next());
        assertFalse(iterator.hasNext());
        assertThrows(NoSuchElementException.class, iterator::next);
        CloseableIterator<Integer> closed = loader.iterator();
        closed.close();
        closed.close();
        assertFalse(closed.hasNext());
        assertThrows(NoSuchElementException.class, closed::next);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void severalIteratorsAtTheSameTime(int workers) {
        DataLoader<Integer> loader =
                new DataLoader<>(new Numbers(4), o -> o.batchSize(null).numWorkers(workers));
        Iterator<Integer> first = loader.iterator();
        Iterator<Integer> second = loader.iterator();
        for (int i = 0; i < 4; i++) {
            assertEquals(i, first.next());
            assertEquals(i, second.next());
        }
    }

    // --- memory ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aBatchOutlivesTheScopesAroundIt(int workers) {
        List<Tensor> made = java.util.Collections.synchronizedList(new ArrayList<>());
        Dataset<Tensor> data = dataset(6, i -> {
            Tensor base = Torch.full(new long[] {2}, (double) i);
            made.add(base);
            return base.add(1);
        });
        List<Tensor> batches = new ArrayList<>();
        try (TensorScope around = new TensorScope()) {
            for (Tensor batch : new DataLoader<>(data, o -> o.batchSize(2).numWorkers(workers))) {
                try (TensorScope body = new TensorScope()) {
                    assertFalse(body.owns(batch));
                    batch.add(1);
                }
                assertFalse(around.owns(batch));
                batches.add(batch);
            }
        }
        assertArrayEquals(new float[] {5, 5, 6, 6}, batches.get(2).flatten().toFloatArray());
        assertEquals(6, made.size());
        assertTrue(made.stream().allMatch(Tensor::isClosed), "intermediate results are freed");
        batches.get(0).close();
        assertTrue(batches.get(0).isClosed());
    }

    @Test
    void whatADatasetKeepsHasToBeMovedOut() {
        Tensor[] kept = new Tensor[2];
        Dataset<Tensor> data = dataset(4, i -> {
            if (kept[0] == null) {
                kept[0] = Torch.ones(2);
                kept[1] = Torch.ones(2).unscoped();
            }
            return kept[1].mul(i);
        });
        assertEquals(4, Numbers.drain(new DataLoader<>(data)).size());
        assertTrue(kept[0].isClosed());
        assertFalse(kept[1].isClosed());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aTensorOfTheDatasetIsPassedOnAsItIs(int workers) {
        Tensor own = Torch.ones(2);
        DataLoader<Tensor> loader =
                new DataLoader<>(dataset(3, i -> own), o -> o.batchSize(null).numWorkers(workers));
        for (Tensor example : loader) {
            assertSame(own, example);
        }
        DataLoader<Tensor> batches = DataLoader.of(dataset(3, i -> own), l -> l.get(0), o -> o.numWorkers(workers));
        for (Tensor batch : batches) {
            assertSame(own, batch);
        }
        assertFalse(own.isClosed());
    }

    @Test
    void workersRecordGradientsWhateverTheCallersMode() {
        Tensor weight = Torch.ones(1).requiresGrad_();
        DataLoader<Tensor> loader = new DataLoader<>(
                dataset(2, i -> weight.mul(i)), o -> o.batchSize(2).numWorkers(1));
        try (var mode = Autograd.inferenceMode()) {
            Tensor batch = loader.iterator().next();
            assertFalse(batch.isInference());
            assertTrue(batch.requiresGrad());
        }
    }

    // --- random numbers ----------------------------------------------------------------------------------------

    @Test
    void randomNumbersDependNeitherOnWorkersNorOnTiming() {
        Dataset<Tensor> noise = dataset(40, i -> {
            if (i % 7 == 0) {
                LockSupport.parkNanos(1000);
            }
            return Torch.rand(new long[] {3}, WorkerInfo.currentGenerator());
        });
        List<float[]> expected = null;
        for (int workers : new int[] {0, 1, 2, 4}) {
            Torch.manualSeed(3);
            DataLoader<Tensor> loader =
                    new DataLoader<>(noise, o -> o.batchSize(3).shuffle(true).numWorkers(workers));
            List<float[]> seen = new ArrayList<>();
            for (int epoch = 0; epoch < 2; epoch++) {
                loader.forEach(batch -> seen.add(batch.flatten().toFloatArray()));
            }
            if (expected == null) {
                expected = seen;
            }
            assertTrue(Arrays.deepEquals(expected.toArray(), seen.toArray()), "with " + workers + " workers");
            assertFalse(Arrays.equals(seen.get(0), seen.get(1)));
            assertFalse(Arrays.equals(seen.get(0), seen.get(14)), "each epoch has other numbers");
        }
    }

    @Test
    void persistentWorkersHaveOtherNumbersInEachEpoch() {
        Dataset<Long> draws = dataset(2, i -> Torch.randint(0, 1L << 40, new long[] {1}, WorkerInfo.currentGenerator())
                .itemLong());
        DataLoader<Long> loader =
                new DataLoader<>(draws, o -> o.batchSize(null).numWorkers(2).persistentWorkers(true));
        List<Long> first = Numbers.drain(loader);
        List<Long> second = Numbers.drain(loader);
        assertEquals(2, first.size());
        assertTrue(first.stream().noneMatch(second::contains), first + " and " + second);
    }

    @Test
    void outsideOfALoaderTheGeneratorIsTheDefault() {
        Torch.manualSeed(4);
        Tensor expected = Torch.rand(3);
        Torch.manualSeed(4);
        assertTrue(Torch.equal(expected, Torch.rand(new long[] {3}, WorkerInfo.currentGenerator())));
        assertTrue(WorkerInfo.current().isEmpty());
        assertNotSame(new Generator(), Generator.defaultGenerator());
    }
}
