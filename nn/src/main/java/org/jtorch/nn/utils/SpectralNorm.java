package org.jtorch.nn.utils;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Derivation;
import org.jtorch.nn.Derivations;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.conv.ConvTransposeNd;
import org.jtorch.nn.internal.modules.PowerIteration;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictLoad;

/**
 * Spectral normalization in its older form, with the keys {@code weight_orig}, {@code weight_u} and {@code weight_v}: PyTorch's
 * {@code torch.nn.utils.spectral_norm}. New models should use {@code Parametrizations.spectralNorm}.
 *
 * <p>It computes {@code W / sigma}, where sigma is an estimate of the greatest singular value of W. The power method improves
 * the estimate by one step at each call in training mode, and not in eval mode (Miyato et al., <a
 * href="https://arxiv.org/abs/1802.05957">Spectral Normalization for GANs</a>). A use of the weight outside a call makes no
 * step.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.spectral_norm.html">torch.nn.utils.spectral_norm</a>
 */
public final class SpectralNorm {

    private record Normalised(String name, int nPowerIterations, long dim, double eps) implements Derivation {
        @Override
        public void beginCall(Module<?, ?> module) {
            if (!module.isTraining()) {
                return;
            }
            try (GradMode mode = Autograd.noGrad()) {
                Tensor matrix = PowerIteration.matrix(Originals.of(module, name + "_orig"), dim);
                Tensor u = Originals.of(module, name + "_u");
                Tensor v = Originals.of(module, name + "_v");
                for (int i = 0; i < nPowerIterations; i++) {
                    v.copy_(PowerIteration.normalize(matrix.t().mv(u), eps));
                    u.copy_(PowerIteration.normalize(matrix.mv(v), eps));
                }
            }
        }

        @Override
        public Tensor compute(Module<?, ?> module) {
            return PowerIteration.normalized(
                    Originals.of(module, name + "_orig"),
                    dim,
                    Originals.of(module, name + "_u"),
                    Originals.of(module, name + "_v"));
        }

        @Override
        @SuppressWarnings("unchecked") // This class put it there.
        public void afterSave(
                Module<?, ?> module, StateDict stateDict, String prefix, Map<String, Object> localMetadata) {
            ((Map<String, Object>) localMetadata.computeIfAbsent(METADATA, k -> new LinkedHashMap<String, Object>()))
                    .put(name + ".version", VERSION);
        }

        /**
         * Loads older state dicts. Before version 1, the normalized weight was saved and v was not; it is computed from
         * {@code u = W v / |W v|}.
         */
        @Override
        public void beforeLoad(Module<?, ?> module, StateDictLoad load) {
            Object version =
                    load.localMetadata().get(METADATA) instanceof Map<?, ?> m ? m.get(name + ".version") : null;
            StateDict state = load.stateDict();
            String key = load.prefix() + name;
            boolean isCurrent = version instanceof Number number
                    ? number.longValue() >= VERSION
                    : !state.containsKey(key)
                            && state.keySet().containsAll(List.of(key + "_orig", key + "_u", key + "_v"));
            if (isCurrent) {
                return;
            }
            List<String> missing = Stream.of(key + "_orig", key, key + "_u")
                    .filter(k -> !state.containsKey(k))
                    .toList();
            load.missingKeys().addAll(missing);
            Tensor weight = state.get(key + "_orig");
            Tensor u = state.get(key + "_u");
            if (!missing.isEmpty() || weight == null || u == null) {
                return;
            }
            Tensor normalised = Objects.requireNonNull(state.remove(key));
            try (GradMode mode = Autograd.noGrad()) {
                Tensor sigma = weight.div(normalised).mean();
                state.put(key + "_v", PowerIteration.solveV(PowerIteration.matrix(weight, dim), u, sigma));
            }
        }
    }

    private static final String METADATA = "spectral_norm";

    /** The version of the saved form: version 1 has {@code name_v} and does not have the normalized weight. */
    private static final long VERSION = 1;

    private SpectralNorm() {}

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
     * Divides a parameter by its greatest singular value. The parameter itself is kept as {@code name_orig}.
     *
     * @param name the key of the parameter
     * @param options sets the optional arguments
     * @return the module
     * @throws TorchException if the parameter already has spectral normalization
     * @throws IllegalArgumentException if there is no such parameter, or the number of iterations is not positive
     */
    public static <M extends Module<?, ?>> M spectralNorm(
            M module, String name, Consumer<SpectralNormOptions> options) {
        SpectralNormOptions o = Customized.of(new SpectralNormOptions(), options);
        if (Derivations.of(module, name) instanceof Normalised) {
            throw new TorchException("Cannot register two spectral_norm hooks on the same parameter " + name);
        }
        if (o.nPowerIterations() <= 0) {
            throw new IllegalArgumentException(
                    "Expected n_power_iterations to be positive, but got n_power_iterations=" + o.nPowerIterations());
        }
        if (Derivations.has(module, name) && Derivations.tensor(module, name) == null) {
            throw new IllegalArgumentException("`SpectralNorm` cannot be applied as parameter `" + name + "` is None");
        }
        Parameter weight = Originals.parameter(module, name);
        long dim = PowerIteration.outputDim(o.dim(), module instanceof ConvTransposeNd);
        Tensor u;
        Tensor v;
        try (GradMode mode = Autograd.noGrad()) {
            Tensor matrix = PowerIteration.matrix(weight, dim);
            u = PowerIteration.randomUnit(weight, matrix.size(0), o.eps());
            v = PowerIteration.randomUnit(weight, matrix.size(1), o.eps());
        }
        module.registerParameter(name + "_orig", weight);
        module.registerBuffer(name + "_u", u);
        module.registerBuffer(name + "_v", v);
        Derivations.derive(module, name, new Normalised(name, o.nPowerIterations(), dim, o.eps()));
        return module;
    }

    /** Removes spectral normalization from {@code weight}; see {@link #removeSpectralNorm(Module, String)}. */
    public static <M extends Module<?, ?>> M removeSpectralNorm(M module) {
        return removeSpectralNorm(module, "weight");
    }

    /**
     * Makes the normalized weight a parameter again. It becomes the last of the module's parameters.
     *
     * @return the module
     * @throws IllegalArgumentException if it has no spectral normalization
     */
    public static <M extends Module<?, ?>> M removeSpectralNorm(M module, String name) {
        if (!(Derivations.of(module, name) instanceof Normalised normalised)) {
            throw new IllegalArgumentException("spectral_norm of '" + name + "' not found in " + module);
        }
        Parameter weight;
        try (GradMode mode = Autograd.noGrad()) {
            weight = new Parameter(normalised.compute(module));
        }
        for (String suffix : new String[] {"_u", "_v", "_orig"}) {
            Derivations.unregister(module, name + suffix);
        }
        Derivations.end(module, name, weight);
        return module;
    }
}
