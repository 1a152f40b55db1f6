package org.jtorch.data;

import java.util.Iterator;
import java.util.Map;

/**
 * The order in which a {@link DataLoader} reads the examples of a dataset. A {@code Sampler<Integer>} gives indices, and a
 * {@code Sampler<int[]>} gives the indices of whole batches.
 *
 * <p>A sampler of your own has an {@code iterator()}, which is called at the beginning of each epoch, and a {@code size()}. The
 * loader iterates on the thread that takes the batches. If an iterator is a {@link java.util.PrimitiveIterator.OfInt}, its
 * indices are not boxed.
 *
 * @param <I> {@code Integer}, or {@code int[]} for batches
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.Sampler">torch.utils.data.Sampler</a>
 */
public interface Sampler<I> extends Iterable<I> {

    /** Returns the order of an epoch. */
    @Override
    Iterator<I> iterator();

    /** Returns the number of elements that {@link #iterator} returns. */
    int size();

    /**
     * Returns what determines the next {@link #iterator}, for a loader that is saved: numbers, strings, tensors, lists and
     * maps. A sampler with a generator of its own returns the generator's state. The default is an empty map, for a sampler
     * whose order is always the same or comes from the loader's generator.
     */
    default Map<String, Object> stateDict() {
        return Map.of();
    }

    /** Restores what {@link #stateDict} returned. The default ignores it. */
    default void loadStateDict(Map<?, ?> state) {}
}
