package org.jtorch.nn.norm;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Layer;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.LazyModuleMixin;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.UninitializedBuffer;
import org.jtorch.nn.UninitializedParameter;
import org.jtorch.nn.UninitializedTensor;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.state.StateDictLoad;

/**
 * The base class of batch and instance normalization: their arguments, parameters and running statistics.
 *
 * <p>Parameters: {@code weight} (C), ones; {@code bias} (C), zeros. Buffers: {@code running_mean} (C), zeros;
 * {@code running_var} (C), ones; {@code num_batches_tracked} (), int64.
 */
public abstract class NormBase extends Layer implements Resettable {

    /** The optional arguments of batch and instance normalization. {@link #toString} of the layer shows numbers as given. */
    public static final class Options extends LayerOptions<Options> {
        private Number eps = 1e-5;
        private @Nullable Number momentum = 0.1;
        private boolean affine;
        private boolean trackRunningStats;
        private boolean bias = true;

        private Options(boolean affine, boolean trackRunningStats) {
            this.affine = affine;
            this.trackRunningStats = trackRunningStats;
        }

        /** Sets the number added to the variance; the default is 1e-5. */
        public Options eps(Number newEps) {
            eps = newEps;
            return this;
        }

        /**
         * Sets the weight of the batch in the running statistics; the default is 0.1. If it is null, they are averages over all
         * batches.
         */
        public Options momentum(@Nullable Number newMomentum) {
            momentum = newMomentum;
            return this;
        }

        /**
         * Sets whether there are a weight and a bias; the default is {@code true}, for instance normalization {@code false}.
         */
        public Options affine(boolean newAffine) {
            affine = newAffine;
            return this;
        }

        /** Sets whether there are running statistics; the default is {@code true}, for instance normalization {@code false}. */
        public Options trackRunningStats(boolean newTrackRunningStats) {
            trackRunningStats = newTrackRunningStats;
            return this;
        }

        /** Sets whether there is a bias in addition to the weight; the default is {@code true}. */
        public Options bias(boolean newBias) {
            bias = newBias;
            return this;
        }
    }

    long numFeatures;

    double eps;

    @Nullable
    Double momentum;

    final boolean affine;
    boolean trackRunningStats;
    private Number shownEps;
    private @Nullable Number shownMomentum;

    /** One value for each channel, (C), or null. */
    public @Nullable Parameter weight;

    /** One value for each channel, (C), or null. */
    public @Nullable Parameter bias;

    /** One value for each channel, (C), or null. */
    public @Nullable Buffer runningMean;

    /** One value for each channel, (C), or null. */
    public @Nullable Buffer runningVar;

    /** The number of batches that the running statistics cover, (), int64; or null. */
    public @Nullable Buffer numBatchesTracked;

    /** Creates a normalization with the given defaults of {@code affine} and {@code track_running_stats}. */
    NormBase(long numFeatures, boolean affineByDefault, boolean trackedByDefault, Consumer<Options> options) {
        Options o = Customized.of(new Options(affineByDefault, trackedByDefault), options);
        this.numFeatures = numFeatures;
        eps = o.eps.doubleValue();
        momentum = o.momentum == null ? null : o.momentum.doubleValue();
        shownEps = o.eps;
        shownMomentum = o.momentum;
        affine = o.affine;
        trackRunningStats = o.trackRunningStats;
        TensorOptions made = o.tensorOptions();
        boolean lazy = this instanceof LazyModuleMixin;
        long[] shape = {numFeatures};
        if (affine) {
            weight = lazy ? new UninitializedParameter(made) : new Parameter(Torch.empty(shape, made));
            if (o.bias) {
                bias = lazy ? new UninitializedParameter(made) : new Parameter(Torch.empty(shape, made));
            }
        }
        if (trackRunningStats) {
            runningMean = lazy ? new UninitializedBuffer(made) : new Buffer(Torch.empty(shape, made));
            runningVar = lazy ? new UninitializedBuffer(made) : new Buffer(Torch.empty(shape, made));
            numBatchesTracked = new Buffer(Torch.zeros(new long[0], made.dtype(DType.INT64)));
        }
        resetParameters();
    }

    /** Sets the channels of a lazy normalization from its first input. Loaded tensors keep their shapes. */
    final void initialize(Tensor x) {
        numFeatures = x.size(1);
        boolean made = false;
        for (Tensor tensor : Arrays.asList(weight, bias, runningMean, runningVar)) {
            if (tensor instanceof UninitializedTensor lazy && tensor.isUninitialized()) {
                lazy.materialize(numFeatures);
                made = true;
            }
        }
        if (made) {
            resetParameters();
        }
    }

    /** Resets the running statistics to their initial values. */
    public final void resetRunningStats() {
        if (runningMean != null && !runningMean.isUninitialized()) {
            Init.zeros_(runningMean);
        }
        if (runningVar != null && !runningVar.isUninitialized()) {
            Init.ones_(runningVar);
        }
        if (numBatchesTracked != null) {
            Init.zeros_(numBatchesTracked);
        }
    }

    /** Resets the running statistics to their initial values, the weight to ones and the bias to zeros. */
    @Override
    public final void resetParameters() {
        resetRunningStats();
        if (weight != null && !weight.isUninitialized()) {
            Init.ones_(weight);
        }
        if (bias != null && !bias.isUninitialized()) {
            Init.zeros_(bias);
        }
    }

    /** Returns the number of channels, or 0 for a lazy normalization before its first call. */
    public final long numFeatures() {
        return numFeatures;
    }

    /**
     * Sets {@link #numFeatures()}, for parameters and buffers that are replaced by ones of another size. They are not changed.
     */
    public final void numFeatures(long newNumFeatures) {
        numFeatures = newNumFeatures;
    }

    /** Returns the number added to the variance. */
    public final double eps() {
        return eps;
    }

    /** Sets {@link #eps()}; {@link #toString} shows it as given. */
    public final void eps(Number newEps) {
        eps = newEps.doubleValue();
        shownEps = newEps;
    }

    /** Returns {@link #eps()} as it was given. */
    final Number shownEps() {
        return shownEps;
    }

    /** Returns {@link #momentum()} as it was given. */
    final @Nullable Number shownMomentum() {
        return shownMomentum;
    }

    /** Returns the weight of the batch in the running statistics, or null if they are averages over all batches. */
    public final @Nullable Double momentum() {
        return momentum;
    }

    /** Sets {@link #momentum()}; {@link #toString} shows it as given. */
    public final void momentum(@Nullable Number newMomentum) {
        momentum = newMomentum == null ? null : newMomentum.doubleValue();
        shownMomentum = newMomentum;
    }

    /** Returns whether the layer was created with a weight and a bias. */
    public final boolean affine() {
        return affine;
    }

    /** Returns whether running statistics are kept. */
    public final boolean trackRunningStats() {
        return trackRunningStats;
    }

    /**
     * Sets {@link #trackRunningStats()}. The buffers are not changed. As in PyTorch, batch normalization in eval mode still
     * uses running statistics that are present; set them to null to use those of the batch.
     */
    public final void trackRunningStats(boolean newTrackRunningStats) {
        trackRunningStats = newTrackRunningStats;
    }

    /** Returns 2: since version 2 there is {@code num_batches_tracked}. */
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
                Tensor batches = numBatchesTracked;
                load.stateDict()
                        .put(
                                key,
                                batches != null && !batches.isMeta()
                                        ? batches
                                        : Torch.zeros(new long[0], TensorOptions.of(DType.INT64)));
            }
        }
        super.loadFrom(load);
    }

    @Override
    protected String extraRepr() {
        return numFeatures + ", eps=" + PythonText.number(shownEps) + ", momentum=" + PythonText.number(shownMomentum)
                + ", affine="
                + PythonText.of(affine) + ", bias=" + PythonText.of(bias != null) + ", track_running_stats="
                + PythonText.of(trackRunningStats);
    }
}
