package org.jtorch.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/**
 * The indices of another sampler in batches.
 *
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.BatchSampler">torch.utils.data.BatchSampler</a>
 */
public final class BatchSampler implements Sampler<int[]> {

    /** The most indices for which memory is allocated before they are there. The size of a batch may exceed that of the data. */
    private static final int FIRST = 1 << 12;

    private final Sampler<Integer> sampler;
    private final int batchSize;
    private final boolean dropLast;

    /**
     * Creates a sampler of batches.
     *
     * @param sampler the indices
     * @param batchSize the number of indices of a batch
     * @param dropLast whether a last batch with fewer indices is left out
     * @throws IllegalArgumentException if the size of a batch is not positive
     */
    public BatchSampler(Sampler<Integer> sampler, int batchSize, boolean dropLast) {
        if (batchSize <= 0) {
            throw new IllegalArgumentException(
                    "batch_size should be a positive integer value, but got batch_size=" + batchSize);
        }
        this.sampler = sampler;
        this.batchSize = batchSize;
        this.dropLast = dropLast;
    }

    /** Returns the sampler of the indices. */
    public Sampler<Integer> sampler() {
        return sampler;
    }

    @Override
    public int size() {
        int full = sampler.size() / batchSize;
        return dropLast || sampler.size() % batchSize == 0 ? full : full + 1;
    }

    @Override
    public Iterator<int[]> iterator() {
        return new Batches(primitive(sampler.iterator()));
    }

    @Override
    public Map<String, Object> stateDict() {
        return sampler.stateDict();
    }

    @Override
    public void loadStateDict(Map<?, ?> state) {
        sampler.loadStateDict(state);
    }

    /** Returns an iterator that does not box the indices that {@code indices} does not box. */
    private static PrimitiveIterator.OfInt primitive(Iterator<Integer> indices) {
        if (indices instanceof PrimitiveIterator.OfInt already) {
            return already;
        }
        return new PrimitiveIterator.OfInt() {
            @Override
            public boolean hasNext() {
                return indices.hasNext();
            }

            @Override
            public int nextInt() {
                return indices.next();
            }
        };
    }

    private final class Batches implements Iterator<int[]> {
        private final PrimitiveIterator.OfInt indices;
        private int[] batch = {};

        Batches(PrimitiveIterator.OfInt indices) {
            this.indices = indices;
        }

        @Override
        public boolean hasNext() {
            if (batch.length == 0) {
                int[] taken = new int[Math.min(batchSize, FIRST)];
                int count = 0;
                while (count < batchSize && indices.hasNext()) {
                    if (count == taken.length) {
                        taken = Arrays.copyOf(taken, (int) Math.min(batchSize, 2L * count));
                    }
                    taken[count++] = indices.nextInt();
                }
                if (count == batchSize || !dropLast) {
                    batch = count == taken.length ? taken : Arrays.copyOf(taken, count);
                }
            }
            return batch.length > 0;
        }

        @Override
        public int[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all batches of the epoch were taken");
            }
            int[] taken = batch;
            batch = new int[0];
            return taken;
        }
    }
}
