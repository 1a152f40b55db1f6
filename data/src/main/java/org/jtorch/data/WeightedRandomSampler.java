package org.jtorch.data;

import java.util.Arrays;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.internal.options.Customized;

/**
 * Indices drawn with weights, for example so that rare classes are seen as often as frequent ones.
 *
 * @see <a
 *     href="https://pytorch.org/docs/stable/data.html#torch.utils.data.WeightedRandomSampler">torch.utils.data.WeightedRandomSampler</a>
 */
public final class WeightedRandomSampler implements Sampler<Integer> {

    /** The optional arguments of {@link WeightedRandomSampler}. */
    public static final class Options {
        private boolean replacement = true;
        private @Nullable Generator generator;

        private Options() {}

        /** Sets whether an index may be drawn several times; the default is true. */
        public Options replacement(boolean newReplacement) {
            replacement = newReplacement;
            return this;
        }

        /** Sets the source of the order; the default is the default generator. */
        public Options generator(Generator newGenerator) {
            generator = newGenerator;
            return this;
        }
    }

    private final double[] weights;
    private final int numSamples;
    private final Options options;

    /** Creates a sampler that draws with replacement, as {@link #WeightedRandomSampler(double[], int, Consumer)}. */
    public WeightedRandomSampler(double[] weights, int numSamples) {
        this(weights, numSamples, o -> {});
    }

    /**
     * Creates a sampler.
     *
     * @param weights the weight of each index; they need not add up to one; copied
     * @param numSamples the number of indices of an epoch; without replacement, at most the number of positive weights
     * @throws IllegalArgumentException if {@code numSamples} is not positive, a weight is negative or not finite, or there are
     *     too few positive weights
     */
    public WeightedRandomSampler(double[] weights, int numSamples, Consumer<Options> customizer) {
        this.weights = weights.clone();
        this.numSamples = numSamples;
        options = Customized.of(new Options(), customizer);
        RandomSampler.checkPositive(numSamples);
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0 && Double.isFinite(weights[i]))) {
                throw new IllegalArgumentException(
                        "weight " + i + " is " + weights[i] + ", but must be finite and not negative");
            }
        }
        long positive = Arrays.stream(weights).filter(w -> w > 0).count();
        if (positive < (options.replacement ? 1 : numSamples)) {
            throw new IllegalArgumentException(
                    "of " + weights.length + " weights, " + positive + " are positive: too few to draw " + numSamples
                            + (options.replacement ? " indices" : " indices without replacement"));
        }
    }

    @Override
    public int size() {
        return numSamples;
    }

    @Override
    public PrimitiveIterator.OfInt iterator() {
        return new LazyIndices(() -> {
            try (TensorScope scope = new TensorScope()) {
                Tensor drawn = Torch.tensor(weights, DType.FLOAT64)
                        .multinomial(numSamples, options.replacement, options.generator);
                return drawn.toIntArray();
            }
        });
    }

    @Override
    public Map<String, Object> stateDict() {
        return Draws.state(options.generator);
    }

    @Override
    public void loadStateDict(Map<?, ?> state) {
        Draws.restore(options.generator, state);
    }
}
