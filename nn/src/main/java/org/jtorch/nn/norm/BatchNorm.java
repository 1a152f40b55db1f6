package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.internal.World;

/**
 * Batch normalization: {@code (x - mean) / sqrt(var + eps) * weight + bias} for each channel, {@code (N, C, *)} to the same
 * shape.
 *
 * <p>In training, mean and variance are those of the batch, and the running statistics move towards them:
 * {@code running = (1 - momentum) * running + momentum * batch}. If the momentum is null, they are plain averages over all
 * batches. In eval mode, the running statistics are used, or those of the batch if none are tracked.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Batch normalization, Ioffe and Szegedy 2015</a>
 */
public abstract class BatchNorm extends NormBase {

    /** Whether the batches of several processes are normalized together in training. */
    private boolean synchronizing;

    /** The processes; null stands for all processes that are connected. */
    private @Nullable BatchGroup group;

    BatchNorm(long numFeatures, Consumer<Options> options) {
        super(numFeatures, true, true, options);
    }

    /** Returns the numbers of dimensions that an input may have, for the message: {@code 4D}. */
    abstract String expectedDims();

    /** Returns whether an input may have {@code dim} dimensions. */
    abstract boolean accepts(int dim);

    /**
     * Makes this layer one that normalizes the batches of several processes together.
     *
     * @param newGroup the processes; null for all that are connected
     */
    final void synchronize(@Nullable BatchGroup newGroup) {
        synchronizing = true;
        group = newGroup;
    }

    /** Returns the processes that {@link #synchronize} was called with. */
    final @Nullable BatchGroup synchronizedWith() {
        return group;
    }

    /** Returns the other processes with this one, or null if the batch of this process is the only one. */
    private @Nullable BatchGroup processes() {
        BatchGroup all = group == null ? World.group(BatchGroup.class) : group;
        return synchronizing && all != null && all.size() > 1 ? all : null;
    }

    @Override
    protected Tensor forward(Tensor x) {
        if (!accepts(x.dim())) {
            throw new TorchException("expected " + expectedDims() + " input (got " + x.dim() + "D input)");
        }
        boolean training = isTraining();
        double factor = momentum == null ? 0.0 : momentum;
        if (training && trackRunningStats && numBatchesTracked != null) {
            numBatchesTracked.add_(1);
            if (momentum == null) {
                factor = 1.0 / numBatchesTracked.itemLong();
            }
        }
        boolean byBatch = training || (runningMean == null && runningVar == null);
        boolean byRunning = !training || trackRunningStats;
        Tensor mean = byRunning ? runningMean : null;
        Tensor var = byRunning ? runningVar : null;
        BatchGroup processes = training ? processes() : null;
        if (processes != null) {
            checkChannels(x);
            return SyncBatchNormFunction.apply(processes, x, weight, bias, mean, var, factor, eps);
        }
        return F.batchNorm(x, mean, var, weight, bias, byBatch, factor, eps);
    }

    /** Checks the channels before they are exchanged, since the other processes would wait for this one in vain. */
    private void checkChannels(Tensor x) {
        if (x.size(1) != numFeatures || numFeatures == 0) {
            throw new TorchException("the input has " + x.size(1) + " channels, but the layer was made for "
                    + numFeatures
                    + (numFeatures == 0 ? ", and SyncBatchNorm number of input channels should be non-zero" : ""));
        }
    }

    /** Returns the name of this class, or of the class that PyTorch would replace it by to normalize over several processes. */
    @Override
    public String className() {
        return synchronizing ? SyncBatchNorm.class.getSimpleName() : super.className();
    }
}
