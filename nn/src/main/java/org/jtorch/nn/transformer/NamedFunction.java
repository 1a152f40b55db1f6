package org.jtorch.nn.transformer;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.functional.F;

/**
 * An activation given as a function.
 *
 * @param reluOrGelu 1 for relu, 2 for gelu, 0 for any other, as in PyTorch
 * @param function the function
 */
record NamedFunction(int reluOrGelu, UnaryOperator<Tensor> function) {

    static final NamedFunction RELU = new NamedFunction(1, F::relu);
    static final NamedFunction GELU = new NamedFunction(2, F::gelu);

    static NamedFunction of(String name) {
        return switch (name) {
            case "relu" -> RELU;
            case "gelu" -> GELU;
            default -> throw new IllegalArgumentException("activation should be relu/gelu, not " + name);
        };
    }

    /**
     * Returns which of the two the activation of a layer is: that of its module if it has one, otherwise that of this function.
     */
    int reluOrGelu(@Nullable Module<Tensor, Tensor> module) {
        if (module == null) {
            return reluOrGelu;
        }
        if (module instanceof GELU gelu) {
            return gelu.approximate().equals("none") ? 2 : 0;
        }
        return module instanceof ReLU ? 1 : 0;
    }

    /** Applies the activation to {@code x}: the layer's module if it has one, otherwise this function. */
    Tensor apply(@Nullable Module<Tensor, Tensor> module, Tensor x) {
        return module == null ? function.apply(x) : module.call(x);
    }
}
