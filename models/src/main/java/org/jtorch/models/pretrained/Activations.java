package org.jtorch.models.pretrained;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/** Activations by their names in {@code transformers}. */
final class Activations {

    private static final Map<String, UnaryOperator<Tensor>> BY_NAME = Map.ofEntries(
            Map.entry("gelu", F::gelu),
            Map.entry("gelu_python", F::gelu),
            Map.entry("gelu_new", Activations::geluTanh),
            Map.entry("gelu_fast", Activations::geluTanh),
            Map.entry("gelu_pytorch_tanh", Activations::geluTanh),
            Map.entry("gelu_python_tanh", Activations::geluTanh),
            Map.entry("quick_gelu", x -> x.mul(x.mul(1.702).sigmoid())),
            Map.entry("relu", F::relu),
            Map.entry("relu6", F::relu6),
            Map.entry("leaky_relu", F::leakyRelu),
            Map.entry("sigmoid", Tensor::sigmoid),
            Map.entry("silu", F::silu),
            Map.entry("swish", F::silu),
            Map.entry("mish", F::mish),
            Map.entry("hardswish", F::hardswish),
            Map.entry("tanh", Tensor::tanh),
            Map.entry("linear", x -> x));

    private Activations() {}

    static @Nullable UnaryOperator<Tensor> find(String name) {
        return BY_NAME.get(name);
    }

    static Set<String> names() {
        return new TreeSet<>(BY_NAME.keySet());
    }

    private static Tensor geluTanh(Tensor x) {
        return F.gelu(x, "tanh");
    }
}
