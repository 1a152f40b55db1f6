package org.jtorch.optim.swa;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.text.PythonNumbers;
import org.jtorch.nn.Module;
import org.jtorch.nn.internal.Foreach;
import org.jtorch.nn.norm.BatchNorm;

/**
 * The averaging functions of {@link AveragedModel}, and the update of batch normalization.
 *
 * @see <a href="https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema">torch.optim.swa_utils</a>
 */
public final class SwaUtils {

    private static final double DECAY = 0.999;

    private SwaUtils() {}

    // --- averaging functions -----------------------------------------------------------------------------------

    /** Returns {@link #getEmaAvgFn(double)} with decay 0.999. */
    public static AvgFn getEmaAvgFn() {
        return getEmaAvgFn(DECAY);
    }

    /**
     * Returns a function for exponential moving averages, {@code decay * averaged + (1 - decay) * current}.
     *
     * @param decay how much of the average remains, from 0 to 1
     * @throws IllegalArgumentException if the decay is not from 0 to 1
     */
    public static AvgFn getEmaAvgFn(double decay) {
        checkDecay(decay);
        return (averaged, current, n) -> averaged.mul(decay).add(current.mul(1 - decay));
    }

    /** Returns {@link #getEmaMultiAvgFn(double)} with decay 0.999. */
    public static MultiAvgFn getEmaMultiAvgFn() {
        return getEmaMultiAvgFn(DECAY);
    }

    /**
     * Returns a function for exponential moving averages of many tensors at once, which is the fastest way.
     *
     * @param decay how much of the average remains, from 0 to 1
     * @throws IllegalArgumentException if the decay is not from 0 to 1
     */
    public static MultiAvgFn getEmaMultiAvgFn(double decay) {
        checkDecay(decay);
        AvgFn each = getEmaAvgFn(decay);
        return (averaged, current, n) -> {
            if (canLerp(averaged.get(0))) {
                Foreach.lerp_(averaged, current, 1 - decay);
            } else {
                copyEach(averaged, current, n, each);
            }
        };
    }

    /** Returns a function for equal averages, {@code averaged + (current - averaged) / (n + 1)}. */
    public static AvgFn getSwaAvgFn() {
        return (averaged, current, n) -> averaged.add(current.sub(averaged).div(n + 1));
    }

    /**
     * Returns a function for equal averages of many tensors at once. As in PyTorch, the weight {@code 1 / (n + 1)} is rounded to
     * float32; the default of {@link AveragedModel} does not round it.
     */
    public static MultiAvgFn getSwaMultiAvgFn() {
        return (averaged, current, n) -> {
            if (canLerp(averaged.get(0))) {
                Foreach.lerp_(averaged, current, 1f / (n + 1));
            } else {
                copyEach(averaged, current, n, getSwaAvgFn());
            }
        };
    }

    /** Returns equal averages of many tensors at once, with the values of {@link #getSwaAvgFn}. */
    static MultiAvgFn equal() {
        AvgFn each = getSwaAvgFn();
        return (averaged, current, n) -> {
            if (canLerp(averaged.get(0)) && Foreach.supports(averaged.get(0))) {
                Foreach.approach_(averaged, current, n + 1);
            } else {
                copyEach(averaged, current, n, each);
            }
        };
    }

    private static boolean canLerp(Tensor tensor) {
        return tensor.isFloatingPoint() || tensor.isComplex();
    }

    /** Sets each average to the result of a function, which is rounded towards zero if the average has whole numbers. */
    static void copyEach(List<Tensor> averaged, List<Tensor> current, long n, AvgFn function) {
        for (int i = 0; i < averaged.size(); i++) {
            averaged.get(i).copy_(function.apply(averaged.get(i), current.get(i), n));
        }
    }

    private static void checkDecay(double decay) {
        if (!(decay >= 0 && decay <= 1)) {
            throw new IllegalArgumentException("Invalid decay value " + PythonNumbers.repr(decay)
                    + " provided. Please provide a value in [0,1] range.");
        }
    }

    // --- batch normalization -----------------------------------------------------------------------------------

    /**
     * Computes the running statistics of batch normalization anew, as averages over the inputs: PyTorch's {@code update_bn}. It is
     * used after the weights of a model were averaged, since the statistics of the averaged model are others. The model is called in
     * training mode; the mode of each module and its momentum are restored. A model without batch normalization is not called.
     *
     * @param inputs the inputs of the model
     * @param model the model
     * @param <I> the type of the inputs
     */
    public static <I extends @Nullable Object> void updateBatchNorm(Iterable<? extends I> inputs, Module<I, ?> model) {
        updateBatchNorm(inputs, input -> input, model);
    }

    /**
     * Computes the running statistics of batch normalization anew; see {@link #updateBatchNorm(Iterable, Module)}.
     *
     * <pre>{@code
     * SwaUtils.updateBatchNorm(loader, batch -> batch.images().to(device), averaged);
     * }</pre>
     *
     * @param batches the batches of a loader
     * @param input returns the input of the model in a batch; the tensors that it makes are freed
     * @param model the model
     * @param <B> the type of the batches
     * @param <I> the type of the inputs
     */
    public static <B extends @Nullable Object, I extends @Nullable Object> void updateBatchNorm(
            Iterable<? extends B> batches, Function<? super B, ? extends I> input, Module<I, ?> model) {
        Map<BatchNorm, @Nullable Double> momenta = new LinkedHashMap<>();
        for (Module<?, ?> module : model.modules()) {
            if (module instanceof BatchNorm norm) {
                momenta.put(norm, norm.momentum());
            }
        }
        if (momenta.isEmpty()) {
            return;
        }
        List<Module<?, ?>> evaluating = new ArrayList<>(
                model.modules().stream().filter(module -> !module.isTraining()).toList());
        try (GradMode mode = Autograd.noGrad()) {
            model.train();
            momenta.keySet().forEach(norm -> {
                norm.resetRunningStats();
                norm.momentum(null);
            });
            for (B batch : batches) {
                try (TensorScope scope = new TensorScope()) {
                    model.call(input.apply(batch));
                }
            }
        } finally {
            momenta.forEach(BatchNorm::momentum);
            restore(model, evaluating);
        }
    }

    /** Restores the modes of the modules after all were set to training mode. */
    private static void restore(Module<?, ?> model, List<Module<?, ?>> evaluating) {
        List<Module<?, ?>> all = model.modules();
        for (Module<?, ?> module : all) { // parents first, since train() sets all modules below
            boolean training = evaluating.stream().noneMatch(other -> other == module);
            if (module.isTraining() != training) {
                module.train(training);
            }
        }
    }
}
