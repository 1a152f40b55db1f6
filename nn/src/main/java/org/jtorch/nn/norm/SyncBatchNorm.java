package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;

/**
 * {@link BatchNorm Batch normalization} of {@code (N, C, *)} to the same shape, over the batches of all processes. In a single
 * process, it is ordinary batch normalization.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.SyncBatchNorm.html">torch.nn.SyncBatchNorm</a>
 */
public class SyncBatchNorm extends BatchNorm {

    /** Creates a layer with the default options. */
    public SyncBatchNorm(long numFeatures) {
        this(numFeatures, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param numFeatures the number of channels C
     * @param options sets the optional arguments
     */
    public SyncBatchNorm(long numFeatures, Consumer<Options> options) {
        super(numFeatures, options);
    }

    /**
     * Replaces each {@link BatchNorm} of {@code module} by a SyncBatchNorm with the same parameters and buffers, which are not
     * copied: PyTorch's {@code convert_sync_batchnorm}. A field that holds one must be of type {@link BatchNorm} or a
     * supertype.
     *
     * @param module the module, which is changed
     * @return {@code module}, or its replacement if it is itself a batch normalization
     * @throws IllegalArgumentException if a field cannot hold a SyncBatchNorm
     */
    public static Module<?, ?> convertSyncBatchnorm(Module<?, ?> module) {
        if (module instanceof BatchNorm norm) {
            return of(norm);
        }
        for (Named<Module<?, ?>> child : module.namedChildren()) {
            Module<?, ?> converted = convertSyncBatchnorm(child.value());
            if (converted != child.value()) {
                module.setSubmodule(child.name(), converted);
            }
        }
        return module;
    }

    private static SyncBatchNorm of(BatchNorm norm) {
        SyncBatchNorm sync = new SyncBatchNorm(norm.numFeatures, o -> o.eps(norm.eps)
                .momentum(norm.momentum)
                .affine(norm.affine)
                .trackRunningStats(norm.trackRunningStats));
        sync.weight = norm.weight;
        sync.bias = norm.bias;
        sync.runningMean = norm.runningMean;
        sync.runningVar = norm.runningVar;
        sync.numBatchesTracked = norm.numBatchesTracked;
        sync.train(norm.isTraining());
        return sync;
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
