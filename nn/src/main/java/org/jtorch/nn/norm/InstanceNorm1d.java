package org.jtorch.nn.norm;

import java.util.function.Consumer;

/**
 * {@link InstanceNorm Instance normalization} of {@code (N, C, L)} or {@code (C, L)} to the same shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm1d.html">torch.nn.InstanceNorm1d</a>
 */
public class InstanceNorm1d extends InstanceNorm {

    /** Creates the layer with the default options: no weight, no bias, no running statistics. */
    public InstanceNorm1d(long numFeatures) {
        this(numFeatures, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param numFeatures the number of channels C
     * @param options sets the optional arguments
     */
    public InstanceNorm1d(long numFeatures, Consumer<Options> options) {
        super(1, numFeatures, options);
    }
}
