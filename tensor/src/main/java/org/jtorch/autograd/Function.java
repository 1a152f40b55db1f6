package org.jtorch.autograd;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.StandIn;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.internal.engine.EngineErrors;

/**
 * An operation with a backward of its own: PyTorch's {@code torch.autograd.Function}. An instance holds arguments that are no
 * tensors and may be applied many times; what one application keeps for its backward is in its {@link Context}.
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
 * <p>Both methods run in a {@link TensorScope} of their own, which frees what they do not return or save. Where nothing
 * requires grad, applying is running {@code forward}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/autograd.html#function">PyTorch: Function</a>
 */
public abstract class Function {

    /** For subclasses. */
    protected Function() {}

    /**
     * Computes the outputs. Nothing in it is recorded.
     *
     * @param ctx keeps what {@link #backward} needs
     * @param inputs what the function was applied to; not to be changed in place unless {@link Context#markDirty} says so
     * @return the outputs, one or more. An input among them becomes a view of it
     */
    protected abstract List<Tensor> forward(Context ctx, List<Tensor> inputs);

    /**
     * Computes the inputs' gradients from the outputs'. It is recorded where the gradients are to be differentiated again.
     *
     * @param ctx that of the application
     * @param gradOutputs one for each output. Where none came: zeros, or null after {@link Context#setMaterializeGrads}
     * @return one for each input, shaped as it; null for none. See {@link #gradients}
     */
    protected abstract List<? extends @Nullable Tensor> backward(
            Context ctx, List<? extends @Nullable Tensor> gradOutputs);

    /** The list of {@code gradients}, nulls allowed; to be returned from {@link #backward}. */
    protected static List<@Nullable Tensor> gradients(@Nullable Tensor... gradients) {
        return Arrays.asList(gradients);
    }

    /** The name in messages; the class's own by default. */
    protected String name() {
        String simple = getClass().getSimpleName();
        return simple.isEmpty() ? "Function" : simple;
    }

    /**
     * Applies a function of one output.
     *
     * @throws TorchException if {@link #forward} returned more or fewer
     */
    public final Tensor apply(Tensor... inputs) {
        List<Tensor> outputs = applyAll(inputs);
        if (outputs.size() != 1) {
            throw new TorchException(
                    name() + " has " + outputs.size() + " outputs where one is expected: use applyAll");
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

    /** As {@link #applyAll(Tensor...)}. */
    public final List<Tensor> applyAll(List<? extends Tensor> inputs) {
        // what a stand-in gives may differ from use to use: ask once
        List<Tensor> current = inputs.stream().map(StandIn::resolve).toList();
        try {
            return new Context(this, current).apply(current);
        } catch (RuntimeException e) {
            throw EngineErrors.translate(name(), e);
        }
    }
}
