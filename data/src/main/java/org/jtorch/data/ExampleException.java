package org.jtorch.data;

import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.nn.TensorTree;

/** Carries the index of the example whose {@code get} failed from {@link Dataset#getAll} to the loader. */
final class ExampleException extends Exception {

    private static final long serialVersionUID = 1L;

    final String dataset;
    final int index;

    private ExampleException(String dataset, int index, Exception cause) {
        super(null, cause, false, false);
        this.dataset = dataset;
        this.index = index;
    }

    /** Returns {@code dataset.get(index)}, and adds the index to what it throws. */
    static <T> T get(Dataset<T> dataset, int index) throws Exception {
        try {
            return dataset.get(index);
        } catch (ExampleException e) {
            throw e;
        } catch (Exception e) {
            throw new ExampleException(DataLoaderException.name(dataset), index, e);
        }
    }

    /**
     * Returns {@code dataset.get(index)}, and frees what was made for it. A batch of examples would otherwise need the memory for
     * the intermediate results of all of them.
     */
    static <T> T getAlone(Dataset<T> dataset, int index) throws Exception {
        try (TensorScope scope = new TensorScope()) {
            T example = get(dataset, index);
            try {
                TensorTree.forEach(example, scope::keep);
            } catch (TorchException e) {
                scope.keepAll(); // an object that only the user's collation can look into
            }
            return example;
        }
    }
}
