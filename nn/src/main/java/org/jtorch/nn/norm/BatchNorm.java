package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.nn.functional.F;

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

    BatchNorm(long numFeatures, Consumer<Options> options) {
        super(numFeatures, true, true, options);
    }

    /** Returns the numbers of dimensions that an input may have, for the message: {@code 4D}. */
    abstract String expectedDims();

    /** Returns whether an input may have {@code dim} dimensions. */
    abstract boolean accepts(int dim);

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
        return F.batchNorm(
                x, byRunning ? runningMean : null, byRunning ? runningVar : null, weight, bias, byBatch, factor, eps);
    }
}
