package org.jtorch.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Examples by index: PyTorch's map-style dataset.
 *
 * <p>A loader with workers calls {@link #get} from several threads at the same time. A dataset whose {@code get} only reads
 * needs nothing for that. Random numbers come from {@link WorkerInfo#currentGenerator()}.
 *
 * <p><b>Memory.</b> A loader frees the tensors that are made while it reads a batch, except those of the batch. A tensor that
 * the dataset keeps, for example in a cache, needs {@link org.jtorch.Tensor#unscoped()}.
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

    /**
     * Returns the examples at several indices, in their order. A loader calls this method for each batch, as PyTorch's calls
     * {@code __getitems__}. Override it if many examples can be read at once in less time than one by one.
     *
     * @param indices the indices, which may repeat; not to be changed
     * @return as many examples as indices
     * @throws IndexOutOfBoundsException if there is no such example
     * @throws Exception if an example cannot be read
     */
    default List<T> getAll(int[] indices) throws Exception {
        List<T> examples = new ArrayList<>(indices.length);
        for (int index : indices) {
            examples.add(ExampleException.getAlone(this, index));
        }
        return examples;
    }
}
