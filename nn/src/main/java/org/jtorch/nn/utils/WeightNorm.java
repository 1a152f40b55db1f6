package org.jtorch.nn.utils;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Derivation;
import org.jtorch.nn.Derivations;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;

/**
 * Weight normalization in its older form, with the keys {@code weight_g} and {@code weight_v}: PyTorch's
 * {@code torch.nn.utils.weight_norm}. New models should use {@code Parametrizations.weightNorm}.
 *
 * <p>It computes {@code w = g v / |v|}, with the norm over all dimensions except one: length and direction of the weights of
 * each output are separate parameters (Salimans and Kingma, <a href="https://arxiv.org/abs/1602.07868">Weight
 * Normalization</a>). PyTorch computes it before each forward and leaves that value in the attribute. Here, a use outside a
 * call computes it from the current g and v.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.weight_norm.html">torch.nn.utils.weight_norm</a>
 */
public final class WeightNorm {

    private record Normalised(String name, long dim) implements Derivation {
        @Override
        public Tensor compute(Module<?, ?> module) {
            return Torch.weightNorm(Originals.of(module, name + "_v"), Originals.of(module, name + "_g"), dim);
        }
    }

    private WeightNorm() {}

    /** Applies weight normalization to {@code weight} along dimension 0; see {@link #weightNorm(Module, String, Integer)}. */
    public static <M extends Module<?, ?>> M weightNorm(M module) {
        return weightNorm(module, "weight");
    }

    /** Applies weight normalization along dimension 0; see {@link #weightNorm(Module, String, Integer)}. */
    public static <M extends Module<?, ?>> M weightNorm(M module, String name) {
        return weightNorm(module, name, 0);
    }

    /**
     * Replaces a parameter by the two parameters {@code name_g} and {@code name_v}.
     *
     * @param name the key of the parameter
     * @param dim the dimension that is kept, or null for one norm of the whole tensor
     * @return the module
     * @throws TorchException if the parameter already has weight normalization
     * @throws IllegalArgumentException if there is no such parameter
     */
    public static <M extends Module<?, ?>> M weightNorm(M module, String name, @Nullable Integer dim) {
        if (Derivations.of(module, name) instanceof Normalised) {
            throw new TorchException("Cannot register two weight_norm hooks on the same parameter " + name);
        }
        Parameter weight = Originals.parameter(module, name);
        long kept = dim == null ? -1 : dim;
        try (GradMode mode = Autograd.noGrad()) {
            module.registerParameter(name + "_g", new Parameter(Torch.normExceptDim(weight, 2, kept)));
        }
        module.registerParameter(name + "_v", new Parameter(weight));
        Derivations.derive(module, name, new Normalised(name, kept));
        return module;
    }

    /** Removes weight normalization from {@code weight}; see {@link #removeWeightNorm(Module, String)}. */
    public static <M extends Module<?, ?>> M removeWeightNorm(M module) {
        return removeWeightNorm(module, "weight");
    }

    /**
     * Makes the normalized weight a parameter again. It becomes the last of the module's parameters.
     *
     * @return the module
     * @throws IllegalArgumentException if it has no weight normalization
     */
    public static <M extends Module<?, ?>> M removeWeightNorm(M module, String name) {
        if (!(Derivations.of(module, name) instanceof Normalised normalised)) {
            throw new IllegalArgumentException("weight_norm of '" + name + "' not found in " + module);
        }
        Parameter weight;
        try (GradMode mode = Autograd.noGrad()) {
            weight = new Parameter(normalised.compute(module));
        }
        Derivations.unregister(module, name + "_g");
        Derivations.unregister(module, name + "_v");
        Derivations.end(module, name, weight);
        return module;
    }
}
