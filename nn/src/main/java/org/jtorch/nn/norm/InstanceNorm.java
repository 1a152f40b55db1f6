package org.jtorch.nn.norm;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.state.StateDictLoad;

/**
 * Instance normalization: {@code (x - mean) / sqrt(var + eps) * weight + bias} for each sample and channel, {@code (N, C, *)}
 * or {@code (C, *)} to the same shape.
 *
 * <p>Mean and variance are those of each sample. If running statistics are tracked, they are used in eval mode instead.
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

    /**
     * {@inheritDoc} It is an error if a file from before PyTorch 0.4 has running statistics and this layer does not track them.
     */
    @Override
    protected void loadFrom(StateDictLoad load) {
        if (load.version() == null && !trackRunningStats) {
            List<String> found = Stream.of("running_mean", "running_var")
                    .map(name -> load.prefix() + name)
                    .filter(load.stateDict()::containsKey)
                    .toList();
            if (!found.isEmpty()) {
                String names = found.stream().map(key -> '"' + key + '"').collect(Collectors.joining(" and "));
                load.errorMsgs()
                        .add("Unexpected running stats buffer(s) " + names + " for " + className()
                                + " with track_running_stats=False. If state_dict is a checkpoint saved before 0.4.0, this "
                                + "may be expected because " + className()
                                + " does not track running stats by default since 0.4.0. Please remove these keys from "
                                + "state_dict. If the running stats are actually needed, instead set "
                                + "track_running_stats=True in " + className()
                                + " to enable them. See the documentation of " + className() + " for details.");
                load.stateDict().keySet().removeAll(found);
            }
        }
        super.loadFrom(load);
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
