package org.jtorch.benchmarks.peer;

import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.data.DataLoader;
import org.jtorch.data.Dataset;
import org.jtorch.data.TensorDataset;

/** Epochs of loaders: a set of tensors in a random order, and examples that take work to make, with workers and without. */
final class DataCases {

    private static final int BATCH = 32;

    private DataCases() {}

    private record Item(Tensor values, int label) {}

    private record Batch(Tensor values, Tensor label) {}

    /** Examples that take some array work, as decoding or tokenizing does. */
    private static final class Items implements Dataset<Item> {

        @Override
        public Item get(int index) {
            Tensor x = Torch.full(new long[] {64, 64}, (double) index);
            return new Item(x.cos().add(x.sin()).sum(0), index % 10);
        }

        @Override
        public int size() {
            return 2000;
        }
    }

    static void run(Bench bench) {
        if (!bench.wanted("data/")) {
            return;
        }
        TensorDataset data = new TensorDataset(Torch.randn(20000, 64), Torch.randint(0, 10, 20000));
        bench.measure(
                "data/tensors_b32_shuffled",
                1,
                7,
                625,
                () -> drain(new DataLoader<>(data, o -> o.batchSize(BATCH).shuffle(true))));
        for (int workers : new int[] {0, 2}) {
            DataLoader<Batch> loader = DataLoader.of(new Items(), Batch.class, o -> o.batchSize(BATCH)
                    .numWorkers(workers)
                    .persistentWorkers(workers > 0));
            bench.measure("data/items_b32_workers" + workers, 1, 5, 63, () -> drain(loader));
        }
    }

    private static void drain(DataLoader<?> loader) {
        int batches = 0;
        for (Object batch : loader) {
            batches += batch == null ? 0 : 1;
        }
        if (batches != loader.size()) {
            throw new IllegalStateException("the loader gave " + batches + " batches of " + loader.size());
        }
    }
}
