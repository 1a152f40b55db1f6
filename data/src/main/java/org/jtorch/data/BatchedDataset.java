package org.jtorch.data;

/**
 * A dataset that makes a whole batch in less time than its examples. A {@link DataLoader} without a collation of its own calls
 * {@link #getBatch} instead of {@link #get} or {@link #getAll}.
 *
 * @param <T> the type of an example, and of a batch
 */
public interface BatchedDataset<T> extends Dataset<T> {

    /**
     * Returns the batch of the examples at {@code indices}: exactly what {@link Collate#defaultCollate} makes of them.
     *
     * @param indices at least one index; an index may be there several times; not to be changed
     * @return a batch that shares no memory with the dataset
     * @throws IndexOutOfBoundsException if there is no such example
     * @throws Exception if an example cannot be read
     */
    T getBatch(int[] indices) throws Exception;
}
