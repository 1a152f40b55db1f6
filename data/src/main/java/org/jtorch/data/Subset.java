package org.jtorch.data;

import java.util.List;

/**
 * The examples of a dataset at chosen indices.
 *
 * @param <T> the type of an example
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.Subset">torch.utils.data.Subset</a>
 */
public final class Subset<T> implements BatchedDataset<T> {

    private final Dataset<T> dataset;
    private final int[] indices;

    /**
     * Creates a dataset of the examples of {@code dataset} at {@code indices}.
     *
     * @param indices the indices in {@code dataset}, in the order of this dataset; copied
     * @throws IndexOutOfBoundsException if {@code dataset} has no such example
     */
    public Subset(Dataset<T> dataset, int... indices) {
        this.dataset = dataset;
        this.indices = indices.clone();
        int size = dataset.size();
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= size) {
                throw new IndexOutOfBoundsException("index " + i + " of the subset is " + indices[i]
                        + ", but the dataset has " + size + " examples");
            }
        }
    }

    /** Returns the whole dataset. */
    public Dataset<T> dataset() {
        return dataset;
    }

    /** Returns the indices in the whole dataset. */
    public int[] indices() {
        return indices.clone();
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public T get(int index) throws Exception {
        return ExampleException.get(dataset, indices[index]);
    }

    @Override
    public List<T> getAll(int[] of) throws Exception {
        return dataset.getAll(inDataset(of));
    }

    @Override
    public T getBatch(int[] of) throws Exception {
        int[] mapped = inDataset(of);
        return dataset instanceof BatchedDataset<T> batched
                ? batched.getBatch(mapped)
                : Collate.defaultCollate(dataset.getAll(mapped));
    }

    private int[] inDataset(int[] of) {
        int[] mapped = new int[of.length];
        for (int i = 0; i < of.length; i++) {
            mapped[i] = indices[of[i]];
        }
        return mapped;
    }
}
