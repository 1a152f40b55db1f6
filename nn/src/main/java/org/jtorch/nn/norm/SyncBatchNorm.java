package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.LazyModuleMixin;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;

/**
 * {@link BatchNorm Batch normalization} of {@code (N, C, *)} to the same shape, over the batches of all processes, which may be of
 * different sizes. In eval mode, or in a single process, it is ordinary batch normalization.
 *
 * <p>In training, all processes must call the layer, and the backward pass, equally often and in the same order, since each of
 * them waits for the others. A process without data passes an empty batch. The gradients of weight and bias are those of the
 * process's own batch, which {@code DistributedDataParallel} averages as it does all gradients. All processes have the same
 * running statistics. The gradient cannot be differentiated again. In contrast to PyTorch's, the layer works on the CPU too.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.SyncBatchNorm.html">torch.nn.SyncBatchNorm</a>
 */
public class SyncBatchNorm extends BatchNorm {

    /** Creates a layer with the default options, over all processes. */
    public SyncBatchNorm(long numFeatures) {
        this(numFeatures, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets, over all processes.
     *
     * @param numFeatures the number of channels C
     * @param options sets the optional arguments
     */
    public SyncBatchNorm(long numFeatures, Consumer<Options> options) {
        this(numFeatures, null, options);
    }

    /**
     * Creates a layer with the options that {@code options} sets, over some processes.
     *
     * @param numFeatures the number of channels C
     * @param processGroup the processes; null stands for all that {@code Distributed.init()} connected
     * @param options sets the optional arguments
     */
    public SyncBatchNorm(long numFeatures, @Nullable BatchGroup processGroup, Consumer<Options> options) {
        super(numFeatures, options);
        synchronize(processGroup);
    }

    /** Returns the processes; null stands for all that are connected. */
    public final @Nullable BatchGroup processGroup() {
        return synchronizedWith();
    }

    /** {@link #convertSyncBatchnorm(Module, BatchGroup)} over all processes. */
    public static Module<?, ?> convertSyncBatchnorm(Module<?, ?> module) {
        return convertSyncBatchnorm(module, null);
    }

    /**
     * Replaces each {@link BatchNorm} of {@code module} by a SyncBatchNorm with the same parameters and buffers, which are not
     * copied: PyTorch's {@code convert_sync_batchnorm}. A field whose type cannot hold a SyncBatchNorm, such as
     * {@code BatchNorm2d}, keeps its layer, which from then on does the same as a SyncBatchNorm.
     *
     * @param module the module, which is changed
     * @param processGroup the processes; null stands for all that {@code Distributed.init()} connected
     * @return {@code module}, or its replacement if it is itself a batch normalization
     * @throws IllegalArgumentException if a lazy batch normalization has not been called yet
     */
    public static Module<?, ?> convertSyncBatchnorm(Module<?, ?> module, @Nullable BatchGroup processGroup) {
        if (module instanceof BatchNorm norm) {
            return of(norm, processGroup);
        }
        for (Named<Module<?, ?>> child : module.namedChildren()) {
            Module<?, ?> converted = convertSyncBatchnorm(child.value(), processGroup);
            if (converted != child.value() && !replaced(module, child.name(), converted)) {
                ((BatchNorm) child.value()).synchronize(processGroup);
            }
        }
        return module;
    }

    private static boolean replaced(Module<?, ?> parent, String name, Module<?, ?> converted) {
        try {
            parent.setSubmodule(name, converted);
            return true;
        } catch (IllegalArgumentException | IllegalStateException e) {
            return false; // the field is of another type, or final
        }
    }

    private static SyncBatchNorm of(BatchNorm norm, @Nullable BatchGroup processGroup) {
        if (norm instanceof LazyModuleMixin<?> lazy && lazy.hasUninitializedParams()) {
            throw new IllegalArgumentException("a " + norm.className()
                    + " has no channels yet: call the model once with an input before it is converted");
        }
        SyncBatchNorm sync = new SyncBatchNorm(norm.numFeatures, processGroup, o -> o.eps(norm.shownEps())
                .momentum(norm.shownMomentum())
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
