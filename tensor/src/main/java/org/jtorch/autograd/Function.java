package org.jtorch.autograd;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.StandIn;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.amp.CustomCast;
import org.jtorch.internal.engine.EngineErrors;

/**
 * An operation with a custom backward pass: PyTorch's {@code torch.autograd.Function}. An instance holds the arguments that
 * are not tensors, and may be applied many times. What one application keeps for its backward pass is in its {@link
 * Context}.
 *
 * <pre>{@code
 * final class Exp extends Function {
 *     @Override protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
 *         Tensor result = inputs.get(0).exp();
 *         ctx.saveForBackward(result);
 *         return List.of(result);
 *     }
 *
 *     @Override protected List<Tensor> backward(Context ctx, List<? extends Tensor> gradOutputs) {
 *         return List.of(gradOutputs.get(0).mul(ctx.savedTensors().get(0)));
 *     }
 * }
 *
 * Tensor y = new Exp().apply(x);
 * }</pre>
 *
 * <p>Each of the two methods runs in its own {@link TensorScope}, which frees the tensors that it does not return or save.
 * If nothing requires grad, applying the function only runs {@code forward}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/autograd.html#function">PyTorch: Function</a>
 */
public abstract class Function {

    /** Creates a function. */
    protected Function() {}

    /**
     * Computes the outputs. Operations in this method are not recorded.
     *
     * @param ctx keeps what {@link #backward} needs
     * @param inputs the inputs of the function; must not be changed in place unless {@link Context#markDirty} is called for
     *     them
     * @return the outputs, one or more. An input among them becomes a view of it
     */
    protected abstract List<Tensor> forward(Context ctx, List<Tensor> inputs);

    /**
     * Computes the gradients of the inputs from those of the outputs. Operations in this method are recorded if the
     * gradients are to be differentiated again.
     *
     * @param ctx the context of the application
     * @param gradOutputs a gradient for each output. If an output has none: zeros, or null after {@link
     *     Context#setMaterializeGrads} with false
     * @return a gradient for each input, in its shape; null for none. See {@link #gradients}
     */
    protected abstract List<? extends @Nullable Tensor> backward(
            Context ctx, List<? extends @Nullable Tensor> gradOutputs);

    /** Returns a list of {@code gradients}, which may be null. For the result of {@link #backward}. */
    protected static List<@Nullable Tensor> gradients(@Nullable Tensor... gradients) {
        return Arrays.asList(gradients);
    }

    /**
     * Returns what this function does under autocast. The default is null: the forward pass runs with the settings of the
     * thread that applies the function, and the backward pass with those of the thread that calls it.
     *
     * <pre>{@code
     * @Override protected CustomCast autocast() {
     *     return CustomCast.inputs(Device.CPU, DType.FLOAT32);     // forward always computes in float32
     * }
     * }</pre>
     */
    protected @Nullable CustomCast autocast() {
        return null;
    }

    /** Returns the name in messages; the default is the name of the class. */
    protected String name() {
        String simple = getClass().getSimpleName();
        return simple.isEmpty() ? "Function" : simple;
    }

    /**
     * Applies a function with one output.
     *
     * @throws TorchException if {@link #forward} returned more or fewer
     */
    public final Tensor apply(Tensor... inputs) {
        List<Tensor> outputs = applyAll(inputs);
        if (outputs.size() != 1) {
            throw new TorchException(
                    name() + " has " + outputs.size() + " outputs, but apply expects one: use applyAll");
        }
        return outputs.get(0);
    }

    /**
     * Applies the function.
     *
     * @return the outputs, recorded if an input requires grad
     */
    public final List<Tensor> applyAll(Tensor... inputs) {
        return applyAll(List.of(inputs));
    }

    /** Applies the function, as {@link #applyAll(Tensor...)}. */
    public final List<Tensor> applyAll(List<? extends Tensor> inputs) {
        // a stand-in may return another tensor for each use: resolve it once
        List<Tensor> current = inputs.stream().map(StandIn::resolve).toList();
        try {
            return new Context(this, current).apply(current);
        } catch (RuntimeException e) {
            throw EngineErrors.translate(name(), e);
        }
    }
}
