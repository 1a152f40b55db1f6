package org.jtorch.data;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Streams one after the other. The iterator of a stream is made when the one before has ended.
 *
 * @param <T> the type of an example
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.ChainDataset">torch.utils.data.ChainDataset</a>
 */
public final class ChainDataset<T> implements IterableDataset<T> {

    private final List<IterableDataset<? extends T>> datasets;

    /** Creates a dataset of {@code datasets} in their order. */
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of only reads the array.
    public ChainDataset(IterableDataset<? extends T>... datasets) {
        this(List.of(datasets));
    }

    /** Creates a dataset of {@code datasets} in their order. */
    public ChainDataset(List<? extends IterableDataset<? extends T>> datasets) {
        this.datasets = List.copyOf(datasets);
    }

    /** Returns the datasets. */
    public List<IterableDataset<? extends T>> datasets() {
        return datasets;
    }

    /**
     * Returns the sum of the sizes of the datasets.
     *
     * @throws UnsupportedOperationException if one of them does not know its size
     */
    @Override
    public int size() {
        int sum = 0;
        for (IterableDataset<? extends T> dataset : datasets) {
            sum = Math.addExact(sum, dataset.size());
        }
        return sum;
    }

    @Override
    public CloseableIterator<T> iterator() {
        return new Chain();
    }

    private final class Chain implements CloseableIterator<T> {
        private int next;
        private @Nullable Iterator<? extends T> current;

        @Override
        public boolean hasNext() {
            while (current == null || !current.hasNext()) {
                close();
                if (next >= datasets.size()) {
                    return false;
                }
                current = datasets.get(next++).iterator();
            }
            return true;
        }

        @Override
        public T next() {
            if (!hasNext() || current == null) {
                throw new NoSuchElementException("there is no further example");
            }
            return current.next();
        }

        @Override
        public void close() {
            Streams.close(current);
            current = null;
        }
    }
}
