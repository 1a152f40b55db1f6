package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.nn.F;

/**
 * Instance normalisation: {@code (x - mean) / sqrt(var + eps) * weight + bias} for each sample and channel,
 * {@code (N, C, *)} or {@code (C, *)} to the same.
 *
 * <p>Mean and variance are each sample's own, unless running statistics are tracked: in eval mode these are then used.
 *
 * @see <a href="https://arxiv.org/abs/1607.08022">Instance normalization, Ulyanov et al. 2016</a>
 */
public abstract class InstanceNorm extends NormBase {

    private final int spatialDims;

    InstanceNorm(int spatialDims, long numFeatures, Consumer<Options> options) {
        super(numFeatures, false, false, options);
        this.spatialDims = spatialDims;
    }

    @Override
    protected Tensor forward(Tensor x) {
        int withoutBatch = spatialDims + 1;
        long dim = x.dim();
        if (dim != withoutBatch && dim != withoutBatch + 1) {
            throw new TorchException(
                    "expected " + withoutBatch + "D or " + (withoutBatch + 1) + "D input (got " + dim + "D input)");
        }
        long channels = x.size(dim - withoutBatch);
        if (affine && channels != numFeatures) {
            throw new TorchException("expected input's size at dim=" + (dim - withoutBatch) + " to match num_features ("
                    + numFeatures + "), but got: " + channels + ".");
        }
        return dim == withoutBatch ? normalize(x.unsqueeze(0)).squeeze(0) : normalize(x);
    }

    private Tensor normalize(Tensor x) {
        return F.instanceNorm(
                x,
                runningMean,
                runningVar,
                weight,
                bias,
                isTraining() || !trackRunningStats,
                momentum == null ? 0.0 : momentum,
                eps);
    }
}
