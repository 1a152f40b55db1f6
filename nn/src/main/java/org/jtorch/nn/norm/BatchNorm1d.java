package org.jtorch.nn.norm;

import java.util.function.Consumer;

/**
 * {@link BatchNorm Batch normalization} of {@code (N, C)} or {@code (N, C, L)} to the same shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html">torch.nn.BatchNorm1d</a>
 */
public class BatchNorm1d extends BatchNorm {

    /** Creates a layer with the default options. */
    public BatchNorm1d(long numFeatures) {
        this(numFeatures, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param numFeatures the number of channels C
     * @param options sets the optional arguments
     */
    public BatchNorm1d(long numFeatures, Consumer<Options> options) {
        super(numFeatures, options);
    }

    @Override
    final String expectedDims() {
        return "2D or 3D";
    }

    @Override
    final boolean accepts(int dim) {
        return dim == 2 || dim == 3;
    }
}
