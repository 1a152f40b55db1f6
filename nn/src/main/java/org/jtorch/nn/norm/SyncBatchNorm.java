package org.jtorch.nn.norm;

import java.util.function.Consumer;

/**
 * {@link BatchNorm Batch normalisation} of {@code (N, C, *)} to the same, over the batches of all processes. In a single
 * process it is plain batch normalisation.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.SyncBatchNorm.html">torch.nn.SyncBatchNorm</a>
 */
public class SyncBatchNorm extends BatchNorm {

    /** With the default options. */
    public SyncBatchNorm(long numFeatures) {
        this(numFeatures, o -> {});
    }

    /**
     * As {@code options} say.
     *
     * @param numFeatures the number of channels C
     * @param options sets the optional arguments
     */
    public SyncBatchNorm(long numFeatures, Consumer<Options> options) {
        super(numFeatures, options);
    }

    @Override
    final String expectedDims() {
        return "at least 2D";
    }

    @Override
    final boolean accepts(int dim) {
        return dim >= 2;
    }
}
