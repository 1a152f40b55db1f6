package org.jtorch.nn.utils.prune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Derivations;
import org.jtorch.nn.Module;

/**
 * Sets entries of parameters to zero: PyTorch's {@code torch.nn.utils.prune}. See {@link BasePruningMethod} for the effect on
 * the module. An amount that is a float or double is a fraction in [0, 1]; an integer is a number.
 *
 * <pre>{@code
 * Prune.l1Unstructured(conv, "weight", 0.3);              // weight_orig and weight_mask; conv.weight is their product
 * Prune.lnStructured(conv, "weight", 2, 1, 0);            // two channels more, among what is left
 * Prune.remove(conv, "weight");                           // weight again, with the zeros in it
 * }</pre>
 *
 * @see <a href="https://pytorch.org/tutorials/intermediate/pruning_tutorial.html">PyTorch's tutorial</a>
 */
public final class Prune {

    /** A parameter identified by its module and its key. */
    public record Target(Module<?, ?> module, String name) {}

    private Prune() {}

    /** Prunes nothing, but creates {@code name_orig} and {@code name_mask}. */
    public static <M extends Module<?, ?>> M identity(M module, String name) {
        new Identity().apply(module, name);
        return module;
    }

    /** Prunes entries at random. */
    public static <M extends Module<?, ?>> M randomUnstructured(M module, String name, Number amount) {
        new RandomUnstructured(amount).apply(module, name);
        return module;
    }

    /** Prunes the entries with the smallest absolute values. */
    public static <M extends Module<?, ?>> M l1Unstructured(M module, String name, Number amount) {
        return l1Unstructured(module, name, amount, null);
    }

    /** Prunes the entries whose importance has the smallest absolute values; null for the entries themselves. */
    public static <M extends Module<?, ?>> M l1Unstructured(
            M module, String name, Number amount, @Nullable Tensor importanceScores) {
        new L1Unstructured(amount).apply(module, name, importanceScores);
        return module;
    }

    /** Prunes channels along {@code dim} at random. */
    public static <M extends Module<?, ?>> M randomStructured(M module, String name, Number amount, long dim) {
        new RandomStructured(amount, dim).apply(module, name);
        return module;
    }

    /** Prunes the channels along {@code dim} with the least n-norm. */
    public static <M extends Module<?, ?>> M lnStructured(M module, String name, Number amount, Number n, long dim) {
        return lnStructured(module, name, amount, n, dim, null);
    }

    /** Prunes the channels along {@code dim} whose importance has the least n-norm; null for the entries themselves. */
    public static <M extends Module<?, ?>> M lnStructured(
            M module, String name, Number amount, Number n, long dim, @Nullable Tensor importanceScores) {
        new LnStructured(amount, n, dim).apply(module, name, importanceScores);
        return module;
    }

    /** Prunes the entries for which a mask with the shape of the parameter is zero. */
    public static <M extends Module<?, ?>> M customFromMask(M module, String name, Tensor mask) {
        new CustomFromMask(mask).apply(module, name);
        return module;
    }

    /**
     * Prunes several parameters as if they were one, by the importance of the entries themselves; see
     * {@link #globalUnstructured(List, BasePruningMethod, Map)}.
     */
    public static void globalUnstructured(List<Target> parameters, BasePruningMethod pruningMethod) {
        globalUnstructured(parameters, pruningMethod, Map.of());
    }

    /**
     * Prunes several parameters as if they were one.
     *
     * @param parameters at least one parameter
     * @param pruningMethod an unstructured method, whose amount applies to all entries together
     * @param importanceScores the importance of each entry, for some of the parameters
     * @throws IllegalArgumentException if the method is not unstructured
     */
    public static void globalUnstructured(
            List<Target> parameters, BasePruningMethod pruningMethod, Map<Target, Tensor> importanceScores) {
        List<Tensor> scores = new ArrayList<>();
        List<Tensor> masks = new ArrayList<>();
        List<Tensor> tensors = new ArrayList<>();
        for (Target target : parameters) {
            Tensor tensor = Derivations.tensor(target.module, target.name);
            if (tensor == null) {
                throw new IllegalArgumentException(
                        "'" + target.module.className() + "' object has no attribute '" + target.name + "'");
            }
            Tensor value = tensor.detach();
            Tensor mask = Derivations.tensor(target.module, target.name + "_mask");
            tensors.add(value);
            scores.add(importanceScores.getOrDefault(target, value).detach().reshape(-1));
            masks.add((mask == null ? Torch.onesLike(value) : mask).reshape(-1));
        }
        if (pruningMethod.pruningType() != BasePruningMethod.PruningType.UNSTRUCTURED) {
            throw new IllegalArgumentException("Only \"unstructured\" PRUNING_TYPE supported for the `pruning_method`. "
                    + "Found method " + pruningMethod.getClass().getSimpleName() + " of type "
                    + pruningMethod.pruningType().toString().toLowerCase(Locale.ROOT));
        }
        PruningContainer all = new PruningContainer(pruningMethod);
        Tensor mask = all.computeMask(Torch.cat(scores), Torch.cat(masks));
        long from = 0;
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            Target target = parameters.get(i);
            customFromMask(
                    target.module,
                    target.name,
                    mask.narrow(0, from, tensor.numel()).reshape(tensor.shape()));
            from += tensor.numel();
        }
    }

    /**
     * Makes the pruning of a parameter permanent.
     *
     * @return the module
     * @throws IllegalArgumentException if the parameter is not pruned
     */
    public static <M extends Module<?, ?>> M remove(M module, String name) {
        if (!(Derivations.of(module, name) instanceof BasePruningMethod.Pruned pruned)) {
            throw new IllegalArgumentException(
                    "Parameter '" + name + "' of module " + module + " has to be pruned before pruning can be removed");
        }
        pruned.method().remove(module);
        return module;
    }

    /** Returns whether any parameter of the module or of a module below it is pruned. */
    public static boolean isPruned(Module<?, ?> module) {
        return module.modules().stream()
                .flatMap(m -> Derivations.of(m).values().stream())
                .anyMatch(BasePruningMethod.Pruned.class::isInstance);
    }
}
