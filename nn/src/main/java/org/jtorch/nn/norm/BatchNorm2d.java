package org.jtorch.nn.norm;

import java.util.function.Consumer;

/**
 * {@link BatchNorm Batch normalization} of {@code (N, C, H, W)} to the same shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html">torch.nn.BatchNorm2d</a>
 */
public class BatchNorm2d extends BatchNorm {

    /** Creates a layer with the default options. */
    public BatchNorm2d(long numFeatures) {
        this(numFeatures, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param numFeatures the number of channels C
     * @param options sets the optional arguments
     */
    public BatchNorm2d(long numFeatures, Consumer<Options> options) {
        super(numFeatures, options);
    }

    @Override
    final String expectedDims() {
        return "4D";
    }

    @Override
    final boolean accepts(int dim) {
        return dim == 4;
    }
}
