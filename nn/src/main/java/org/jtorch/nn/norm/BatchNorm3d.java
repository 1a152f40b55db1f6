package org.jtorch.nn.norm;

import java.util.function.Consumer;

/**
 * {@link BatchNorm Batch normalization} of {@code (N, C, D, H, W)} to the same shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm3d.html">torch.nn.BatchNorm3d</a>
 */
public class BatchNorm3d extends BatchNorm {

    /** Creates a layer with the default options. */
    public BatchNorm3d(long numFeatures) {
        this(numFeatures, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param numFeatures the number of channels C
     * @param options sets the optional arguments
     */
    public BatchNorm3d(long numFeatures, Consumer<Options> options) {
        super(numFeatures, options);
    }

    @Override
    final String expectedDims() {
        return "5D";
    }

    @Override
    final boolean accepts(int dim) {
        return dim == 5;
    }
}
