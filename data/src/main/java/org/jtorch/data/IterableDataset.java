package org.jtorch.data;

import java.util.Iterator;

/**
 * A stream of examples: PyTorch's iterable-style dataset. Each epoch of a loader asks for a new iterator.
 *
 * <p>With workers, each worker asks for an iterator of its own, on its own thread. So that the workers do not read the same
 * examples, the iterator of a worker must only return the worker's part:
 *
 * <pre>{@code
 * public Iterator<Tensor> iterator() {
 *     int id = WorkerInfo.current().map(WorkerInfo::id).orElse(0);
 *     int workers = WorkerInfo.current().map(WorkerInfo::numWorkers).orElse(1);
 *     return IntStream.range(0, lines.size()).filter(i -> i % workers == id).mapToObj(this::read).iterator();
 * }
 * }</pre>
 *
 * <p>An iterator that is {@link AutoCloseable} is closed when it ends or the iteration of the loader ends. The rules for memory
 * and random numbers are those of {@link Dataset}; a tensor that an iterator keeps from one example to the next needs {@link
 * org.jtorch.Tensor#unscoped()}.
 *
 * @param <T> the type of an example
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset">torch.utils.data.IterableDataset</a>
 */
@FunctionalInterface
public interface IterableDataset<T> extends Iterable<T> {

    /** Returns a new iterator over the examples; in a worker, over the worker's part of them. */
    @Override
    Iterator<T> iterator();

    /**
     * Returns the number of examples of all workers together.
     *
     * @throws UnsupportedOperationException if it is not known, which is the default
     */
    default int size() {
        throw new UnsupportedOperationException(
                DataLoaderException.name(this) + " does not know its size: override size() if it is known");
    }
}
