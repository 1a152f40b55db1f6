package org.jtorch.optim.amp;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Cuda;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.TrustedOperators;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.Warnings;
import org.jtorch.nn.TensorTree;
import org.jtorch.nn.state.Stateful;
import org.jtorch.optim.Optimizer;

/**
 * Scales losses so that small gradients do not become zero in {@code float16}: PyTorch's {@code torch.amp.GradScaler}. A
 * step is skipped if a gradient is infinite or NaN. The scale is then made smaller; after many steps without, it is made
 * greater. {@code bfloat16} needs no scaling.
 *
 * <pre>{@code
 * GradScaler scaler = new GradScaler(Device.CPU);
 * for (Batch batch : loader) {
 *     optimizer.zeroGrad();
 *     Tensor loss;
 *     try (var autocast = new Autocast(Device.CPU, o -> o.dtype(DType.FLOAT16))) {
 *         loss = criterion.call(model.call(batch.x()), batch.y());
 *     }
 *     scaler.scale(loss).backward();
 *     scaler.unscale_(optimizer);                       // only to look at the gradients, or to clip them
 *     Gradients.clipGradNorm_(model.parameters(), 1.0);
 *     scaler.step(optimizer);
 *     scaler.update();
 * }
 * }</pre>
 *
 * <p>Several optimizers may be unscaled and stepped before {@link #update}, each once. An instance must be used by one
 * thread at a time.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/amp.html#gradient-scaling">PyTorch: Gradient Scaling</a>
 */
public final class GradScaler implements Stateful {

    private static final Operator UPDATE = TrustedOperators.find("aten::_amp_update_scale_", "");

    /** The optional arguments of {@link GradScaler}. */
    public static final class Options {
        private double initScale = 65536;
        private double growthFactor = 2;
        private double backoffFactor = 0.5;
        private long growthInterval = 2000;
        private boolean enabled = true;

        private Options() {}

        /** Sets the first scale; the default is 65536. */
        public Options initScale(double initScale) {
            this.initScale = initScale;
            return this;
        }

        /** Sets the factor by which the scale grows, which must be greater than 1; the default is 2. */
        public Options growthFactor(double growthFactor) {
            this.growthFactor = growthFactor;
            return this;
        }

        /** Sets the factor of the scale after a skipped step, which must be less than 1; the default is 0.5. */
        public Options backoffFactor(double backoffFactor) {
            this.backoffFactor = backoffFactor;
            return this;
        }

        /** Sets after how many updates without a skipped step the scale grows; the default is 2000. */
        public Options growthInterval(long growthInterval) {
            this.growthInterval = growthInterval;
            return this;
        }

        /** Sets whether gradients are scaled; the default is true. Otherwise {@link #step} only steps. */
        public Options enabled(boolean enabled) {
            this.enabled = enabled;
            return this;
        }
    }

    private enum Stage {
        READY,
        UNSCALED,
        STEPPED
    }

    /** What is known of an optimizer since the last update. */
    private static final class Progress {
        Stage stage = Stage.READY;
        Map<Device, Tensor> foundInf = Map.of();
    }

    private final Device device;
    private final boolean enabled;
    private double initScale;
    private double growthFactor;
    private double backoffFactor;
    private long growthInterval;
    private long initGrowthTracker;
    private @Nullable Tensor scale;
    private @Nullable Tensor growthTracker;
    private final Map<Object, Progress> optimizers = new IdentityHashMap<>();

    /** Creates a scaler with the defaults. */
    public GradScaler(Device device) {
        this(device, o -> {});
    }

    /**
     * Creates a scaler. If the device is CUDA and there is none, it is disabled and a warning is logged.
     *
     * @param device a device of the kind on which the scale may be set by {@link #update(Tensor)}
     * @param customizer sets optional arguments
     * @throws IllegalArgumentException if a factor is out of range
     */
    public GradScaler(Device device, Consumer<? super Options> customizer) {
        Options options = Customized.of(new Options(), customizer);
        this.device = Objects.requireNonNull(device, "device");
        boolean on = options.enabled;
        if (on && device.type().equals("cuda") && !Cuda.isAvailable()) {
            Warnings.once(
                    GradScaler.class, "torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.");
            on = false;
        }
        if (on && !(options.growthFactor > 1)) {
            throw new IllegalArgumentException("The growth factor must be > 1.0. It is " + options.growthFactor);
        }
        if (on && !(options.backoffFactor < 1)) {
            throw new IllegalArgumentException("The backoff factor must be < 1.0. It is " + options.backoffFactor);
        }
        enabled = on;
        initScale = options.initScale;
        growthFactor = options.growthFactor;
        backoffFactor = options.backoffFactor;
        growthInterval = options.growthInterval;
    }

    /**
     * Returns the tensors of a tree, such as a loss or a list of losses, multiplied by the scale.
     *
     * @param outputs a tensor, or a list, array, map or record of tensors
     */
    public <T> T scale(T outputs) {
        return enabled ? TensorTree.map(outputs, this::scaled) : outputs;
    }

    private Tensor scaled(Tensor output) {
        Tensor current = scale;
        if (current == null) {
            current = full(initScale, DType.FLOAT32, output.device());
            growthTracker = full(initGrowthTracker, DType.INT32, output.device());
            scale = current;
        }
        return output.mul(current.to(output.device()));
    }

    private static Tensor full(double value, DType dtype, Device on) {
        return Autograd.noGrad(() ->
                        Torch.full(new long[0], value, TensorOptions.of(dtype).device(on)))
                .unscoped();
    }

    /**
     * Divides the gradients of an optimizer by the scale. Must be called only to use the gradients before {@link #step},
     * which otherwise does it.
     *
     * @throws IllegalStateException if it was called before since the last update, or after the step, or if nothing was
     *     scaled, or if a gradient is {@code float16} or complex, or cannot be changed in place since it is expanded or
     *     was made in inference mode; the gradients are then unchanged
     */
    public void unscale_(Optimizer<?> optimizer) {
        if (!enabled) {
            return;
        }
        Tensor by = required(scale, "unscale_", "_scale");
        Progress progress = progress(optimizer);
        if (progress.stage == Stage.UNSCALED) {
            throw new IllegalStateException(
                    "unscale_() has already been called on this optimizer since the last update().");
        }
        if (progress.stage == Stage.STEPPED) {
            throw new IllegalStateException("unscale_() is being called after step().");
        }
        progress.foundInf = Unscaling.unscale(parameters(optimizer), by);
        progress.stage = Stage.UNSCALED;
    }

    private static List<Tensor> parameters(Optimizer<?> optimizer) {
        List<Tensor> parameters = new ArrayList<>();
        optimizer.groups().forEach(group -> parameters.addAll(group.parameters()));
        return parameters;
    }

    private Progress progress(Object optimizer) {
        return optimizers.computeIfAbsent(optimizer, key -> new Progress());
    }

    /**
     * Unscales the gradients of an optimizer, unless {@link #unscale_} did, and makes its step if they are finite.
     *
     * @return whether the step was made
     * @throws IllegalStateException if the step was made before since the last update, if nothing was scaled, or if the
     *     optimizer has no gradients
     */
    public boolean step(Optimizer<?> optimizer) {
        if (!enabled) {
            optimizer.step();
            return true;
        }
        required(scale, "step", "_scale");
        Progress progress = progress(optimizer);
        if (progress.stage == Stage.STEPPED) {
            throw new IllegalStateException("step() has already been called since the last update().");
        }
        if (progress.stage == Stage.READY) {
            unscale_(optimizer);
        }
        if (progress.foundInf.isEmpty()) {
            throw new IllegalStateException("No inf checks were recorded for this optimizer.");
        }
        boolean finite = true;
        for (Tensor found : progress.foundInf.values()) {
            finite &= found.item() == 0;
        }
        if (finite) {
            optimizer.step();
        }
        progress.stage = Stage.STEPPED;
        return finite;
    }

    /**
     * Changes the scale by what the steps since the last update found. To be called once after the steps of all optimizers.
     *
     * @throws IllegalStateException if nothing was scaled, or no optimizer was unscaled
     */
    public void update() {
        if (!enabled) {
            return;
        }
        Tensor current = required(scale, "update", "_scale");
        Tensor tracker = required(growthTracker, "update", "_growth_tracker");
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            Tensor found = null;
            for (Progress progress : optimizers.values()) {
                for (Tensor one : progress.foundInf.values()) {
                    Tensor here = one.to(current.device());
                    found = found == null ? here : found.add(here);
                }
            }
            if (found == null) {
                throw new IllegalStateException("No inf checks were recorded prior to update.");
            }
            UPDATE.call(current, tracker, found, growthFactor, backoffFactor, growthInterval);
        }
        forget();
    }

    /**
     * Sets the scale.
     *
     * @throws IllegalStateException if nothing was scaled
     */
    public void update(double newScale) {
        if (!enabled) {
            return;
        }
        Tensor current = required(scale, "update", "_scale");
        Autograd.noGrad(() -> {
            current.fill_(newScale);
        });
        forget();
    }

    /**
     * Sets the scale to the value of a tensor with one element.
     *
     * @throws IllegalStateException if nothing was scaled
     * @throws IllegalArgumentException if the tensor is on another kind of device, has more elements, or requires grad
     */
    public void update(Tensor newScale) {
        if (!enabled) {
            return;
        }
        Tensor current = required(scale, "update", "_scale");
        if (!newScale.device().type().equals(device.type()) || newScale.numel() != 1 || newScale.requiresGrad()) {
            throw new IllegalArgumentException(
                    "new_scale should be a float or a 1-element torch.cuda.FloatTensor or torch.FloatTensor with requires_grad=False.");
        }
        Autograd.noGrad(() -> {
            current.copy_(newScale.reshape());
        });
        forget();
    }

    private void forget() {
        optimizers.values().forEach(progress -> progress.foundInf.values().forEach(Tensor::close));
        optimizers.clear();
    }

    private static Tensor required(@Nullable Tensor tensor, String method, String name) {
        if (tensor == null) {
            throw new IllegalStateException("Attempted " + method + " but " + name + " is None.  This may indicate your"
                    + " script did not use scaler.scale(loss or outputs) earlier in the iteration.");
        }
        return tensor;
    }

    /** Returns the scale; 1 if this scaler is disabled. */
    public double getScale() {
        Tensor current = scale;
        return !enabled ? 1 : current == null ? initScale : current.item();
    }

    /** Returns the factor by which the scale grows. */
    public double getGrowthFactor() {
        return growthFactor;
    }

    /** Sets the factor by which the scale grows. */
    public void setGrowthFactor(double newFactor) {
        growthFactor = newFactor;
    }

    /** Returns the factor of the scale after a skipped step. */
    public double getBackoffFactor() {
        return backoffFactor;
    }

    /** Sets the factor of the scale after a skipped step. */
    public void setBackoffFactor(double newFactor) {
        backoffFactor = newFactor;
    }

    /** Returns after how many updates without a skipped step the scale grows. */
    public long getGrowthInterval() {
        return growthInterval;
    }

    /** Sets after how many updates without a skipped step the scale grows. */
    public void setGrowthInterval(long newInterval) {
        growthInterval = newInterval;
    }

    /** Returns whether gradients are scaled. */
    public boolean isEnabled() {
        return enabled;
    }

    /** Returns the state in PyTorch's layout; empty if this scaler is disabled. To be called after {@link #update}. */
    @Override
    public Map<String, Object> stateDict() {
        Map<String, Object> state = new LinkedHashMap<>();
        if (enabled) {
            Tensor tracker = growthTracker;
            state.put("scale", getScale());
            state.put("growth_factor", growthFactor);
            state.put("backoff_factor", backoffFactor);
            state.put("growth_interval", growthInterval);
            state.put("_growth_tracker", tracker == null ? initGrowthTracker : (long) tracker.item());
        }
        return state;
    }

    /**
     * Restores a state. Has no effect if this scaler is disabled.
     *
     * @throws IllegalArgumentException if the state is empty, or if an entry is missing or is not a number; nothing is then
     *     changed
     */
    @Override
    public void loadStateDict(Map<?, ?> state) {
        if (!enabled) {
            return;
        }
        if (state.isEmpty()) {
            throw new IllegalArgumentException("The source state dict is empty, possibly because it was saved "
                    + "from a disabled instance of GradScaler.");
        }
        double newScale = number(state, "scale").doubleValue();
        double newGrowthFactor = number(state, "growth_factor").doubleValue();
        double newBackoffFactor = number(state, "backoff_factor").doubleValue();
        long newGrowthInterval = number(state, "growth_interval").longValue();
        long newGrowthTracker = number(state, "_growth_tracker").longValue();
        initScale = newScale;
        growthFactor = newGrowthFactor;
        backoffFactor = newBackoffFactor;
        growthInterval = newGrowthInterval;
        initGrowthTracker = newGrowthTracker;
        Tensor current = scale;
        Tensor tracker = growthTracker;
        if (current != null && tracker != null) {
            Autograd.noGrad(() -> {
                current.fill_(newScale);
                tracker.fill_(newGrowthTracker);
            });
        }
    }

    private static Number number(Map<?, ?> state, String key) {
        if (state.get(key) instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException("the state of a GradScaler has no number '" + key + "': it has "
                + state.keySet() + "; give what stateDict() returned");
    }
}
