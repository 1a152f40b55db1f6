package org.jtorch.nn;

import org.jspecify.annotations.Nullable;

/**
 * What makes a {@link Module} lazy: its parameters get their shapes from the first input it is called with, or from a state
 * dict that is loaded before. Until then they are {@link UninitializedParameter}s, which can be moved and converted only.
 *
 * <pre>{@code
 * Sequential model = new Sequential(new LazyLinear(10), new ReLU(), new LazyLinear(1));
 * model.to(DType.FLOAT64);                                   // before the first call, as in PyTorch
 * model.call(Torch.ones(new long[] {10, 4}, TensorOptions.of(DType.FLOAT64)));
 * }</pre>
 *
 * <p>A lazy class extends the one it becomes. The first call runs {@link #initializeParameters}, and from then on the module
 * shows itself as {@link #clsToBecome}; the objects, module and parameters, stay the same ones, so an optimizer may be made
 * before. A lazy layer draws its values at that call, after those that are made at once: the order differs from that of
 * the same model without lazy layers.
 *
 * @param <I> what the module takes
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.modules.lazy.LazyModuleMixin.html">
 *     torch.nn.modules.lazy.LazyModuleMixin</a>
 */
public interface LazyModuleMixin<I extends @Nullable Object> {

    /**
     * Gives every uninitialised parameter and buffer its shape and first values. Called before the first forward, with
     * nothing recorded; those that a loaded state dict has given theirs already keep them.
     *
     * @param input what the module was called with
     */
    void initializeParameters(I input);

    /** Returns the class the module is shown as after its first call. */
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
