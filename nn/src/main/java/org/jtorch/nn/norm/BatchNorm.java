package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.F;
import org.jtorch.nn.Layer;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.StateDictLoad;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.internal.PythonText;

/**
 * Batch normalisation: {@code (x - mean) / sqrt(var + eps) * weight + bias} for each channel, {@code (N, C, *)} to the same.
 *
 * <p>In training, mean and variance are the batch's, and the running ones move towards them:
 * {@code running = (1 - momentum) * running + momentum * batch}, or their plain average where momentum is null. In eval mode
 * they are the running ones, or the batch's where none are tracked.
 *
 * <p>Parameters: {@code weight} (C), ones; {@code bias} (C), zeros. Buffers: {@code running_mean} (C), zeros;
 * {@code running_var} (C), ones; {@code num_batches_tracked} (), int64.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Batch normalization, Ioffe and Szegedy 2015</a>
 */
public abstract class BatchNorm extends Layer {

    /** The optional arguments of batch normalisation. */
    public static final class Options extends LayerOptions<Options> {
        private double eps = 1e-5;
        private @Nullable Double momentum = 0.1;
        private boolean affine = true;
        private boolean trackRunningStats = true;
        private boolean bias = true;

        /** What is added to the variance; default 1e-5. */
        public Options eps(double newEps) {
            eps = newEps;
            return this;
        }

        /** The batch's share in the running statistics; null: they are averages over all batches. Default 0.1. */
        public Options momentum(@Nullable Double newMomentum) {
            momentum = newMomentum;
            return this;
        }

        /** Whether there are a weight and a bias; default true. */
        public Options affine(boolean newAffine) {
            affine = newAffine;
            return this;
        }

        /** Whether there are running statistics; default true. */
        public Options trackRunningStats(boolean newTrackRunningStats) {
            trackRunningStats = newTrackRunningStats;
            return this;
        }

        /** Whether there is a bias beside the weight; default true. */
        public Options bias(boolean newBias) {
            bias = newBias;
            return this;
        }

        @Override
        protected Options self() {
            return this;
        }
    }

    /** The number of channels. */
    public final long numFeatures;

    /** What is added to the variance. */
    public final double eps;

    /** The batch's share in the running statistics, or null for averages. */
    public final @Nullable Double momentum;

    private final boolean affine;
    private final boolean trackRunningStats;

    /** (C), or null. */
    public @Nullable Parameter weight;

    /** (C), or null. */
    public @Nullable Parameter bias;

    /** (C), or null. */
    @Buffer
    public @Nullable Tensor runningMean;

    /** (C), or null. */
    @Buffer
    public @Nullable Tensor runningVar;

    /** How many batches the running statistics are of: (), int64; or null. */
    @Buffer
    public @Nullable Tensor numBatchesTracked;

    BatchNorm(long numFeatures, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        this.numFeatures = numFeatures;
        eps = o.eps;
        momentum = o.momentum;
        affine = o.affine;
        trackRunningStats = o.trackRunningStats;
        TensorOptions made = o.tensorOptions();
        long[] shape = {numFeatures};
        if (affine) {
            weight = new Parameter(Torch.empty(shape, made));
            bias = o.bias ? new Parameter(Torch.empty(shape, made)) : null;
        }
        if (trackRunningStats) {
            runningMean = Torch.zeros(shape, made).unscoped();
            runningVar = Torch.ones(shape, made).unscoped();
            numBatchesTracked =
                    Torch.zeros(new long[0], made.dtype(DType.INT64)).unscoped();
        }
        resetParameters();
    }

    /** Begins the running statistics anew. */
    public final void resetRunningStats() {
        if (runningMean != null) {
            Init.zeros_(runningMean);
        }
        if (runningVar != null) {
            Init.ones_(runningVar);
        }
        if (numBatchesTracked != null) {
            Init.zeros_(numBatchesTracked);
        }
    }

    /** Begins the running statistics anew, and sets the weight to ones and the bias to zeros. */
    public final void resetParameters() {
        resetRunningStats();
        if (weight != null) {
            Init.ones_(weight);
        }
        if (bias != null) {
            Init.zeros_(bias);
        }
    }

    /** What {@code dim} an input may have, for the message: {@code 4D}. */
    abstract String expectedDims();

    /** Whether an input may have {@code dim} dimensions. */
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

    /** Version 2 has {@code num_batches_tracked}. */
    @Override
    protected long stateVersion() {
        return 2;
    }

    @Override
    protected void loadFrom(StateDictLoad load) {
        Long version = load.version();
        if ((version == null || version < 2) && trackRunningStats) {
            String key = load.prefix() + "num_batches_tracked";
            if (!load.stateDict().containsKey(key)) {
                load.stateDict()
                        .put(
                                key,
                                numBatchesTracked != null && !numBatchesTracked.isMeta()
                                        ? numBatchesTracked
                                        : Torch.zeros(new long[0], TensorOptions.of(DType.INT64)));
            }
        }
        super.loadFrom(load);
    }

    @Override
    protected String extraRepr() {
        return numFeatures + ", eps=" + PythonText.of(eps) + ", momentum=" + PythonText.of(momentum) + ", affine="
                + PythonText.of(affine) + ", bias=" + PythonText.of(bias != null) + ", track_running_stats="
                + PythonText.of(trackRunningStats);
    }
}
