package org.jtorch.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Datasets one after the other.
 *
 * @param <T> the type of an example
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.ConcatDataset">torch.utils.data.ConcatDataset</a>
 */
public final class ConcatDataset<T> implements Dataset<T> {

    private final List<Dataset<? extends T>> datasets;
    private final int[] cumulativeSizes;

    /** Creates a dataset of {@code datasets} in their order, as {@link #ConcatDataset(List)}. */
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of only reads the array.
    public ConcatDataset(Dataset<? extends T>... datasets) {
        this(List.of(datasets));
    }

    /**
     * Creates a dataset of {@code datasets} in their order.
     *
     * @param datasets at least one dataset; their sizes must not change
     * @throws IllegalArgumentException if there is no dataset
     * @throws ArithmeticException if there are more examples than an int can count
     */
    public ConcatDataset(List<? extends Dataset<? extends T>> datasets) {
        this.datasets = List.copyOf(datasets);
        if (this.datasets.isEmpty()) {
            throw new IllegalArgumentException("datasets should not be an empty iterable");
        }
        cumulativeSizes = new int[this.datasets.size()];
        int sum = 0;
        for (int i = 0; i < cumulativeSizes.length; i++) {
            sum = Math.addExact(sum, this.datasets.get(i).size());
            cumulativeSizes[i] = sum;
        }
    }

    /** Returns the datasets. */
    public List<Dataset<? extends T>> datasets() {
        return datasets;
    }

    /** Returns, for each dataset, the number of examples of it and of those before it. */
    public int[] cumulativeSizes() {
        return cumulativeSizes.clone();
    }

    @Override
    public int size() {
        return cumulativeSizes[cumulativeSizes.length - 1];
    }

    @Override
    public T get(int index) throws Exception {
        Objects.checkIndex(index, size());
        int found = Arrays.binarySearch(cumulativeSizes, index);
        int at = found < 0 ? -found - 1 : found + 1;
        while (cumulativeSizes[at] <= index) { // an empty dataset has the same sum as the one before it
            at++;
        }
        return ExampleException.get(datasets.get(at), at == 0 ? index : index - cumulativeSizes[at - 1]);
    }
}
