package org.jtorch.data;

import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jtorch.Generator;
import org.jtorch.internal.options.Customized;

/**
 * The part of a dataset that one of several processes reads. All processes shuffle in the same order, by the seed and the
 * epoch, and take every {@code numReplicas}-th index.
 *
 * <p>Call {@link #setEpoch} before each epoch. Otherwise every epoch has the same order.
 *
 * @see <a
 *     href="https://pytorch.org/docs/stable/data.html#torch.utils.data.distributed.DistributedSampler">torch.utils.data.distributed.DistributedSampler</a>
 */
public final class DistributedSampler implements Sampler<Integer> {

    private static final String EPOCH = "epoch";

    /** The optional arguments of {@link DistributedSampler}. */
    public static final class Options {
        private boolean shuffle = true;
        private long seed;
        private boolean dropLast;

        private Options() {}

        /** Sets whether the order is random; the default is true. */
        public Options shuffle(boolean newShuffle) {
            shuffle = newShuffle;
            return this;
        }

        /** Sets the seed of the order, which must be the same in all processes; the default is 0. */
        public Options seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        /**
         * Sets what happens if the dataset cannot be divided evenly: if true, examples at the end are left out; if false, the
         * first ones are added again. The default is false.
         */
        public Options dropLast(boolean newDropLast) {
            dropLast = newDropLast;
            return this;
        }
    }

    private final Dataset<?> dataset;
    private final int numReplicas;
    private final int rank;
    private final Options options;
    private final int numSamples;
    private volatile long epoch;

    /** Creates a sampler that shuffles with seed 0, as {@link #DistributedSampler(Dataset, int, int, Consumer)}. */
    public DistributedSampler(Dataset<?> dataset, int numReplicas, int rank) {
        this(dataset, numReplicas, rank, o -> {});
    }

    /**
     * Creates a sampler for one process.
     *
     * @param dataset a dataset whose size does not change
     * @param numReplicas the number of processes
     * @param rank the number of this process, from 0 to {@code numReplicas - 1}
     * @throws IllegalArgumentException if there is no such rank
     */
    public DistributedSampler(Dataset<?> dataset, int numReplicas, int rank, Consumer<Options> customizer) {
        this.dataset = dataset;
        this.numReplicas = numReplicas;
        this.rank = rank;
        options = Customized.of(new Options(), customizer);
        if (rank >= numReplicas || rank < 0) {
            throw new IllegalArgumentException(
                    "Invalid rank " + rank + ", rank should be in the interval [0, " + (numReplicas - 1) + "]");
        }
        int size = dataset.size();
        numSamples = size / numReplicas + (size % numReplicas == 0 || options.dropLast ? 0 : 1);
    }

    /** Sets the number of the epoch, which changes the order. */
    public void setEpoch(long newEpoch) {
        epoch = newEpoch;
    }

    @Override
    public int size() {
        return numSamples;
    }

    @Override
    public PrimitiveIterator.OfInt iterator() {
        int size = dataset.size();
        int[] order = options.shuffle
                ? Draws.permutation(size, new Generator().manualSeed(options.seed + epoch))
                : IntStream.range(0, size).toArray();
        // Beyond the end, the indices begin again.
        return IntStream.range(0, numSamples)
                .map(i -> order[(int) ((rank + (long) i * numReplicas) % size)])
                .iterator();
    }

    @Override
    public Map<String, Object> stateDict() {
        return Map.of(EPOCH, epoch);
    }

    @Override
    public void loadStateDict(Map<?, ?> state) {
        if (!(state.get(EPOCH) instanceof Number saved)) {
            throw new IllegalArgumentException("the state has no number \"epoch\"; it has " + state.keySet());
        }
        epoch = saved.longValue();
    }
}
