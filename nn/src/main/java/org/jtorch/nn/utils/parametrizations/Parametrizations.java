package org.jtorch.nn.utils.parametrizations;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Derivations;
import org.jtorch.nn.Module;
import org.jtorch.nn.conv.ConvTransposeNd;
import org.jtorch.nn.internal.modules.PowerIteration;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictLoad;
import org.jtorch.nn.utils.SpectralNormOptions;
import org.jtorch.nn.utils.parametrize.Parametrize;

/**
 * Weight normalization, spectral normalization and orthogonality as parametrizations: PyTorch's
 * {@code torch.nn.utils.parametrizations}. {@link Parametrize#removeParametrizations} removes each of them.
 */
public final class Parametrizations {

    private Parametrizations() {}

    /** Applies weight normalization to {@code weight} along dimension 0; see {@link #weightNorm(Module, String, Integer)}. */
    public static <M extends Module<?, ?>> M weightNorm(M module) {
        return weightNorm(module, "weight");
    }

    /** Applies weight normalization along dimension 0; see {@link #weightNorm(Module, String, Integer)}. */
    public static <M extends Module<?, ?>> M weightNorm(M module, String name) {
        return weightNorm(module, name, 0);
    }

    /**
     * Computes a parameter as {@code g v / |v|}, with the norm over all dimensions except one (<a
     * href="https://arxiv.org/abs/1602.07868">Weight Normalization</a>). The tensor g is {@code original0} and v is
     * {@code original1}. The keys of the older form, {@code name_g} and {@code name_v}, can be loaded too.
     *
     * @param name the key of the parameter
     * @param dim the dimension that is kept, or null for one norm of the whole tensor
     * @return the module
     * @throws IllegalArgumentException if there is no such parameter
     * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.weight_norm.html">weight_norm</a>
     */
    public static <M extends Module<?, ?>> M weightNorm(M module, String name, @Nullable Integer dim) {
        Parametrize.registerParametrization(module, name, new WeightNormParametrization(dim), true);
        module.registerLoadStateDictPreHook((m, load) -> takeOlderKeys(load, name));
        return module;
    }

    private static void takeOlderKeys(StateDictLoad load, String name) {
        StateDict state = load.stateDict();
        String key = load.prefix() + name;
        Tensor g = state.get(key + "_g");
        Tensor v = state.get(key + "_v");
        if (g != null && v != null) {
            state.keySet().removeAll(List.of(key + "_g", key + "_v"));
            String original = load.prefix() + "parametrizations." + name + ".original";
            state.put(original + "0", g);
            state.put(original + "1", v);
        }
    }

    /**
     * Applies spectral normalization to {@code weight} with the default options; see
     * {@link #spectralNorm(Module, String, Consumer)}.
     */
    public static <M extends Module<?, ?>> M spectralNorm(M module) {
        return spectralNorm(module, "weight", o -> {});
    }

    /** Applies spectral normalization with the default options; see {@link #spectralNorm(Module, String, Consumer)}. */
    public static <M extends Module<?, ?>> M spectralNorm(M module, String name) {
        return spectralNorm(module, name, o -> {});
    }

    /**
     * Divides a weight by its greatest singular value. The power method improves the estimate of that value at each computation
     * in training mode (<a href="https://arxiv.org/abs/1802.05957">Spectral Normalization for GANs</a>); in eval mode, the
     * estimate does not change.
     *
     * @param name the key of the parameter
     * @param options sets the optional arguments
     * @return the module
     * @throws IllegalArgumentException if there is no such parameter, or the number of iterations is not positive
     * @throws IndexOutOfBoundsException if the parameter does not have the dimension {@code dim}
     * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.spectral_norm.html">
     *     spectral_norm</a>
     */
    public static <M extends Module<?, ?>> M spectralNorm(
            M module, String name, Consumer<SpectralNormOptions> options) {
        SpectralNormOptions o = Customized.of(new SpectralNormOptions(), options);
        Tensor weight = tensor(module, name);
        long dim = PowerIteration.outputDim(o.dim(), module instanceof ConvTransposeNd);
        return Parametrize.registerParametrization(
                module, name, new SpectralNormParametrization(weight, o.nPowerIterations(), dim, o.eps()));
    }

    /** Makes {@code weight} orthogonal with the default options; see {@link #orthogonal(Module, String, Consumer)}. */
    public static <M extends Module<?, ?>> M orthogonal(M module) {
        return orthogonal(module, "weight", o -> {});
    }

    /** Makes a parameter orthogonal with the default options; see {@link #orthogonal(Module, String, Consumer)}. */
    public static <M extends Module<?, ?>> M orthogonal(M module, String name) {
        return orthogonal(module, name, o -> {});
    }

    /**
     * Computes a parameter as a matrix (…, m, n) with orthonormal columns, or rows if m is less than n; it is unitary if it is
     * complex (<a href="https://arxiv.org/abs/1909.09501">Trivializations for Gradient-Based Optimization on Manifolds</a>).
     *
     * @param name the key of the parameter
     * @param options sets the optional arguments
     * @return the module
     * @throws IllegalArgumentException if there is no such parameter, if it has fewer than 2 dimensions, or if the map is
     *     unknown or not applicable to it
     * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.orthogonal.html">orthogonal</a>
     */
    public static <M extends Module<?, ?>> M orthogonal(M module, String name, Consumer<OrthogonalOptions> options) {
        OrthogonalOptions o = Customized.of(new OrthogonalOptions(), options);
        Tensor weight = tensor(module, name);
        if (weight.dim() < 2) {
            throw new IllegalArgumentException(
                    "Expected a matrix or batch of matrices. Got a tensor of " + weight.dim() + " dimensions.");
        }
        String map = o.orthogonalMap();
        if (map == null) {
            map = weight.size(-2) == weight.size(-1) || weight.isComplex() ? "matrix_exp" : "householder";
        }
        OrthogonalParametrization.Map chosen =
                switch (map) {
                    case "matrix_exp" -> OrthogonalParametrization.Map.MATRIX_EXP;
                    case "cayley" -> OrthogonalParametrization.Map.CAYLEY;
                    case "householder" -> OrthogonalParametrization.Map.HOUSEHOLDER;
                    default ->
                        throw new IllegalArgumentException(
                                "orthogonal_map has to be one of \"matrix_exp\", \"cayley\", \"householder\". Got: "
                                        + map);
                };
        OrthogonalParametrization made = new OrthogonalParametrization(weight, chosen, o.useTrivialization());
        return Parametrize.registerParametrization(module, name, made, true);
    }

    private static Tensor tensor(Module<?, ?> module, String name) {
        Tensor tensor = Derivations.tensor(module, name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "Module '" + module + "' has no parameter or buffer with name '" + name + "'");
        }
        return tensor;
    }
}
