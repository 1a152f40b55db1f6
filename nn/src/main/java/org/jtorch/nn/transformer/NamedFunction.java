package org.jtorch.nn.transformer;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.F;
import org.jtorch.nn.Module;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.activation.ReLU;

/**
 * An activation that is a function.
 *
 * @param isReluOrGelu whether it is one of the two that PyTorch knows by name
 * @param function the function
 */
record NamedFunction(boolean isReluOrGelu, UnaryOperator<Tensor> function) {

    static final NamedFunction RELU = new NamedFunction(true, F::relu);
    static final NamedFunction GELU = new NamedFunction(true, F::gelu);

    static NamedFunction of(String name) {
        return switch (name) {
            case "relu" -> RELU;
            case "gelu" -> GELU;
            default -> throw new IllegalArgumentException("activation should be relu/gelu, not " + name);
        };
    }

    /** Whether a layer's activation is relu or gelu: its module if it has one, else this function. */
    boolean isReluOrGelu(@Nullable Module<Tensor, Tensor> module) {
        if (module == null) {
            return isReluOrGelu;
        }
        return module instanceof ReLU || module instanceof GELU;
    }

    /** The activation of {@code x}: by the layer's module where it has one. */
    Tensor apply(@Nullable Module<Tensor, Tensor> module, Tensor x) {
        return module == null ? function.apply(x) : module.call(x);
    }
}
