package org.jtorch.data;

import java.util.PrimitiveIterator;
import java.util.stream.IntStream;

/**
 * All indices of a dataset, in ascending order.
 *
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.SequentialSampler">torch.utils.data.SequentialSampler</a>
 */
public final class SequentialSampler implements Sampler<Integer> {

    private final Dataset<?> dataset;

    /** Creates a sampler of the indices of {@code dataset}. */
    public SequentialSampler(Dataset<?> dataset) {
        this.dataset = dataset;
    }

    @Override
    public PrimitiveIterator.OfInt iterator() {
        return IntStream.range(0, dataset.size()).iterator();
    }

    @Override
    public int size() {
        return dataset.size();
    }
}
