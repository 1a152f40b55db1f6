package org.jtorch.optim.swa;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.internal.Foreach;

/**
 * A copy of a model whose weights are averages over the training of the model: equal averages (stochastic weight averaging), or
 * exponential moving averages. It is called as the model itself.
 *
 * <pre>{@code
 * var averaged = new AveragedModel<>(model, o -> o.multiAvgFn(SwaUtils.getEmaMultiAvgFn(0.999)));
 * for (Tensor batch : batches) {
 *     // ... optimizer.step()
 *     averaged.updateParameters(model);
 * }
 * Tensor y = averaged.infer(x);
 * }</pre>
 *
 * <p>The first update copies the weights of the model, and each further one averages. Buffers, such as the running statistics of
 * batch normalization, are copied in each update unless {@code useBuffers} is true;
 * {@link SwaUtils#updateBatchNorm(Iterable, Module)} computes them for the averaged weights.
 *
 * <p>The keys of the state dict are {@code n_averaged} and those of the model with {@code module.} before them. The averaging
 * function is not saved.
 *
 * @param <I> the type of the input
 * @param <O> the type of the output
 * @see <a href="https://arxiv.org/abs/1803.05407">Averaging weights leads to wider optima and better generalization, Izmailov and
 *     others 2018</a>
 * @see <a href="https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema">AveragedModel</a>
 */
public final class AveragedModel<I extends @Nullable Object, O extends @Nullable Object> extends Module<I, O> {

    /** The optional arguments of {@link AveragedModel}. */
    public static final class Options {
        private @Nullable Device device;
        private @Nullable AvgFn avgFn;
        private @Nullable MultiAvgFn multiAvgFn;
        private boolean useBuffers;

        private Options() {}

        /** Sets the device of the averaged model; the default is where the model is. */
        public Options device(Device newDevice) {
            device = newDevice;
            return this;
        }

        /** Sets the function that averages each tensor; the default is an equal average. */
        public Options avgFn(AvgFn newAvgFn) {
            avgFn = newAvgFn;
            return this;
        }

        /** Sets the function that averages many tensors at once; the default is an equal average. */
        public Options multiAvgFn(MultiAvgFn newMultiAvgFn) {
            multiAvgFn = newMultiAvgFn;
            return this;
        }

        /** Sets whether buffers are averaged as parameters are, rather than copied; the default is false. */
        public Options useBuffers(boolean newUseBuffers) {
            useBuffers = newUseBuffers;
            return this;
        }
    }

    Buffer nAveraged;
    Module<I, O> module;

    private final @Nullable AvgFn avgFn;
    private final MultiAvgFn multiAvgFn;
    private final boolean useBuffers;

    /** Creates a copy of a model with equal averages. */
    public AveragedModel(Module<I, O> model) {
        this(model, o -> {});
    }

    /**
     * Creates a copy of a model.
     *
     * @param model the model, which is copied with its modes and hooks
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if both {@code avgFn} and {@code multiAvgFn} are set
     */
    public AveragedModel(Module<I, O> model, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        if (o.avgFn != null && o.multiAvgFn != null) {
            throw new IllegalArgumentException("Only one of avg_fn and multi_avg_fn should be provided");
        }
        module = Module.deepCopy(model);
        TensorOptions count = TensorOptions.of(DType.INT64);
        if (o.device != null) {
            module.to(o.device);
            count = count.device(o.device);
        }
        nAveraged = new Buffer(Torch.zeros(new long[0], count));
        avgFn = o.avgFn;
        multiAvgFn = o.multiAvgFn == null ? SwaUtils.equal() : o.multiAvgFn;
        useBuffers = o.useBuffers;
    }

    @Override
    protected O forward(I input) {
        return module.call(input);
    }

    /**
     * Returns the copy of the model whose weights are the averages. It is of the model's class, to which it may be cast. Its
     * {@code stateDict()} has the keys of the model.
     */
    public Module<I, O> module() {
        return module;
    }

    /** Returns the number of models in the average. */
    public long nAveraged() {
        return nAveraged.itemLong();
    }

    /**
     * Takes the weights of a model into the average.
     *
     * @param model a model with the same parameters and buffers as the one that was copied
     * @throws IllegalArgumentException if the parameters or buffers have other shapes, or another dtype in an average other than
     *     that by {@code avgFn}; nothing is changed then
     */
    public void updateParameters(Module<?, ?> model) {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            List<Tensor> buffers = new ArrayList<>(module.buffers());
            List<Tensor> modelBuffers = new ArrayList<>(model.buffers());
            List<Tensor> averaged = new ArrayList<>(module.parameters());
            List<Tensor> current = new ArrayList<>(model.parameters());
            long n = nAveraged();
            check("parameters", averaged, current, n > 0 && avgFn == null);
            check("buffers", buffers, modelBuffers, n > 0 && avgFn == null && useBuffers);
            if (useBuffers) {
                averaged.addAll(buffers);
                current.addAll(modelBuffers);
            }
            move(averaged, current);
            if (n == 0) {
                copy(averaged, current);
            } else if (avgFn != null) {
                SwaUtils.copyEach(averaged, current, n, avgFn);
            } else {
                averageTogether(averaged, current, n);
            }
            if (!useBuffers) {
                copy(buffers, modelBuffers);
            }
            nAveraged.add_(1);
        }
    }

    private void averageTogether(List<Tensor> averaged, List<Tensor> current, long n) {
        Collection<List<Tensor>> groups = Foreach.groups(averaged);
        if (groups.size() == 1) {
            multiAvgFn.apply(averaged, current, n);
            return;
        }
        Map<Tensor, Tensor> partners = new IdentityHashMap<>();
        for (int i = 0; i < averaged.size(); i++) {
            partners.put(averaged.get(i), current.get(i));
        }
        for (List<Tensor> group : groups) {
            List<Tensor> others = new ArrayList<>(group.size());
            group.forEach(tensor -> others.add(Objects.requireNonNull(partners.get(tensor))));
            multiAvgFn.apply(group, others, n);
        }
    }

    /** Moves the tensors of the model to the device of their averages. */
    private static void move(List<Tensor> averaged, List<Tensor> current) {
        for (int i = 0; i < averaged.size(); i++) {
            Device device = averaged.get(i).device();
            if (!current.get(i).device().equals(device)) {
                current.set(i, current.get(i).to(device));
            }
        }
    }

    private static void copy(List<Tensor> averaged, List<Tensor> current) {
        for (int i = 0; i < averaged.size(); i++) {
            averaged.get(i).copy_(current.get(i));
        }
    }

    private static void check(String what, List<Tensor> averaged, List<Tensor> current, boolean sameDtype) {
        if (averaged.size() != current.size()) {
            throw new IllegalArgumentException("the model has " + current.size() + " " + what
                    + ", but the averaged one has " + averaged.size() + ": give the model that was copied");
        }
        for (int i = 0; i < averaged.size(); i++) {
            Tensor ours = averaged.get(i);
            Tensor theirs = current.get(i);
            if (!Arrays.equals(ours.shape(), theirs.shape())) {
                throw new IllegalArgumentException("number " + i + " of the " + what + " has the shape "
                        + Arrays.toString(theirs.shape()) + ", but its average has " + Arrays.toString(ours.shape())
                        + ": give the model that was copied");
            }
            if (sameDtype && ours.dtype() != theirs.dtype()) {
                throw new IllegalArgumentException("number " + i + " of the " + what + " is of " + theirs.dtype()
                        + ", but its average of " + ours.dtype()
                        + ": convert one of both models, or set avgFn, which may convert");
            }
        }
    }
}
