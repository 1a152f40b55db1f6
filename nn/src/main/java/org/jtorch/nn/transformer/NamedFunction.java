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
 * @param kernel which one it is to the fused kernel: 1 relu, 2 gelu, 0 neither
 * @param function the function
 */
record NamedFunction(int kernel, UnaryOperator<Tensor> function) {

    static final NamedFunction RELU = new NamedFunction(1, F::relu);
    static final NamedFunction GELU = new NamedFunction(2, F::gelu);

    static NamedFunction of(String name) {
        return switch (name) {
            case "relu" -> RELU;
            case "gelu" -> GELU;
            default -> throw new IllegalArgumentException("activation should be relu/gelu, not " + name);
        };
    }

    /** Which one a layer's activation is to the fused kernel: its module where it has one. */
    int kernelWith(@Nullable Module<Tensor, Tensor> module) {
        if (module == null) {
            return kernel;
        }
        if (module.getClass() == GELU.class) {
            return ((GELU) module).approximate().equals("none") ? 2 : 0;
        }
        return module.getClass() == ReLU.class ? 1 : 0;
    }

    /** The activation of {@code x}: by the layer's module where it has one. */
    Tensor apply(@Nullable Module<Tensor, Tensor> module, Tensor x) {
        return module == null ? function.apply(x) : module.call(x);
    }
}
