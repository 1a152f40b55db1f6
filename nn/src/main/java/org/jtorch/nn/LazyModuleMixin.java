package org.jtorch.nn;

import org.jspecify.annotations.Nullable;

/**
 * A {@link Module} whose parameters receive their shapes from the first input, or from a state dict loaded before. Until then
 * they are {@link UninitializedParameter}s, which can only be moved and converted.
 *
 * <pre>{@code
 * Sequential model = new Sequential(new LazyLinear(10), new ReLU(), new LazyLinear(1));
 * model.to(DType.FLOAT64);                                   // before the first call, as in PyTorch
 * model.call(Torch.ones(new long[] {10, 4}, TensorOptions.of(DType.FLOAT64)));
 * }</pre>
 *
 * <p>A lazy class extends the class that it becomes. The first call runs {@link #initializeParameters}, and from then on the
 * module is shown as {@link #clsToBecome}. The module and parameter objects stay the same, so an optimizer may be created
 * before that call. A lazy layer draws its initial values at that call, later than layers that draw them on creation, so the
 * order of random numbers differs from that of the same model without lazy layers.
 *
 * @param <I> the type of the module's input
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.modules.lazy.LazyModuleMixin.html">
 *     torch.nn.modules.lazy.LazyModuleMixin</a>
 */
public interface LazyModuleMixin<I extends @Nullable Object> {

    /**
     * Gives every uninitialized parameter and buffer its shape and initial values. It is called before the first forward, with
     * autograd off. Parameters that a loaded state dict has already initialized keep their values.
     *
     * @param input the input with which the module was called
     */
    void initializeParameters(I input);

    /** Returns the class as which the module is shown after its first call. */
    Class<?> clsToBecome();

    /** Returns whether a parameter or buffer of this module itself has no shape yet. */
    default boolean hasUninitializedParams() {
        boolean[] found = {false};
        Registry registry = ((Module<?, ?>) this).registry();
        registry.forEachParameter((key, parameter) -> found[0] |= parameter.isUninitialized());
        registry.forEachBuffer((key, buffer) -> found[0] |= buffer.isUninitialized());
        return found[0];
    }
}
