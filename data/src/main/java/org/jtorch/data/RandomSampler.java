package org.jtorch.data;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;
import org.jtorch.internal.options.Customized;

/**
 * Indices of a dataset in a random order, with or without replacement. The order is PyTorch's: without a generator, each epoch
 * draws a seed from the default generator.
 *
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.RandomSampler">torch.utils.data.RandomSampler</a>
 */
public final class RandomSampler implements Sampler<Integer> {

    /** The number of indices that are drawn at once with replacement. */
    private static final int CHUNK = 32;

    /** The optional arguments of {@link RandomSampler}. */
    public static final class Options {
        private boolean replacement;
        private @Nullable Integer numSamples;
        private @Nullable Generator generator;

        private Options() {}

        /** Sets whether an index may be drawn several times; the default is false. */
        public Options replacement(boolean newReplacement) {
            replacement = newReplacement;
            return this;
        }

        /**
         * Sets the number of indices of an epoch; the default is the size of the dataset. If it is greater and there is no
         * replacement, the whole dataset is taken several times.
         */
        public Options numSamples(int newNumSamples) {
            numSamples = newNumSamples;
            return this;
        }

        /** Sets the source of the order; the default is a new generator for each epoch. */
        public Options generator(Generator newGenerator) {
            generator = newGenerator;
            return this;
        }
    }

    private final Dataset<?> dataset;
    private final Options options;

    /**
     * Creates a sampler that takes each index of {@code dataset} once.
     *
     * @throws IllegalArgumentException if the dataset is empty
     */
    public RandomSampler(Dataset<?> dataset) {
        this(dataset, o -> {});
    }

    /**
     * Creates a sampler of the indices of {@code dataset}.
     *
     * @throws IllegalArgumentException if the number of samples is not positive: it is the size of the dataset if it is not set
     */
    public RandomSampler(Dataset<?> dataset, Consumer<Options> customizer) {
        this.dataset = dataset;
        options = Customized.of(new Options(), customizer);
        checkPositive(size());
        if (dataset.size() == 0) {
            throw new IllegalArgumentException("the dataset is empty: there is no index to draw");
        }
    }

    static void checkPositive(int numSamples) {
        if (numSamples <= 0) {
            throw new IllegalArgumentException(
                    "num_samples should be a positive integer value, but got num_samples=" + numSamples);
        }
    }

    @Override
    public int size() {
        return options.numSamples == null ? dataset.size() : options.numSamples;
    }

    /** Returns the indices of an epoch. They are drawn when they are asked for, as in PyTorch. */
    @Override
    public PrimitiveIterator.OfInt iterator() {
        return new Drawn(dataset.size(), size());
    }

    @Override
    public Map<String, Object> stateDict() {
        return Draws.state(options.generator);
    }

    @Override
    public void loadStateDict(Map<?, ?> state) {
        Draws.restore(options.generator, state);
    }

    private final class Drawn implements PrimitiveIterator.OfInt {
        private final int high;

        /** The number of indices of later chunks. */
        private int remaining;

        private boolean last;
        private @Nullable Generator generator;
        private int[] chunk = {};
        private int next;
        private int end;

        Drawn(int high, int count) {
            this.high = high;
            remaining = count;
        }

        @Override
        public boolean hasNext() {
            while (next == end && !last) {
                draw();
            }
            return next < end;
        }

        /** Draws the next chunk. The last one may be empty; PyTorch draws it nevertheless. */
        private void draw() {
            Generator source = generator;
            if (source == null) {
                source = options.generator == null ? new Generator().manualSeed(Draws.seed(null)) : options.generator;
                generator = source;
            }
            if (high == 0) {
                throw new IllegalStateException("the dataset has become empty: there is no index to draw");
            }
            int full = options.replacement ? CHUNK : high;
            last = remaining < full;
            int count = last ? remaining : full;
            chunk = options.replacement ? Draws.integers(high, count, source) : Draws.permutation(high, source);
            next = 0;
            end = count;
            remaining -= count;
        }

        @Override
        public int nextInt() {
            if (!hasNext()) {
                throw new NoSuchElementException("all indices of the epoch were taken");
            }
            return chunk[next++];
        }
    }
}
