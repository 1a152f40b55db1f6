package org.jtorch.data;

/**
 * Examples by index: PyTorch's map-style dataset.
 *
 * <p>A loader with workers calls {@link #get} from several threads at the same time. A dataset whose {@code get} only reads
 * needs nothing for that.
 *
 * @param <T> the type of an example: a tensor, or a record, list or map of tensors and of values that are collated
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.Dataset">torch.utils.data.Dataset</a>
 */
public interface Dataset<T> {

    /**
     * Returns the example at {@code index}.
     *
     * @param index from 0 to {@code size() - 1}
     * @throws IndexOutOfBoundsException if there is no such example
     * @throws Exception if the example cannot be read
     */
    T get(int index) throws Exception;

    /** Returns the number of examples. */
    int size();
}
