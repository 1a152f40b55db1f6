package org.jtorch.nn.utils.prune;

import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Derivation;
import org.jtorch.nn.Derivations;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;

/**
 * A way to choose the entries of a parameter that become zero: PyTorch's {@code torch.nn.utils.prune.BasePruningMethod}. A
 * subclass defines its {@link #pruningType} and {@linkplain #computeMask computes a mask}.
 *
 * <p>{@link #apply} keeps the parameter as {@code name_orig} and the mask of ones and zeros as the buffer {@code name_mask}.
 * The module then computes {@code name} as their product. If a method is applied to a pruned parameter, it chooses among the
 * entries that are left, whichever method came before.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.prune.BasePruningMethod.html">
 *     torch.nn.utils.prune.BasePruningMethod</a>
 */
public abstract class BasePruningMethod {

    /** What a method chooses among. */
    public enum PruningType {
        /** Single entries. */
        UNSTRUCTURED,
        /** Whole channels along one dimension. */
        STRUCTURED,
        /** All entries, including those already pruned. */
        GLOBAL
    }

    /** A pruned parameter. */
    record Pruned(String name, BasePruningMethod method) implements Derivation {
        @Override
        public Tensor compute(Module<?, ?> module) {
            return method.applyMask(module);
        }
    }

    @Nullable
    String tensorName;

    /** Creates a method that has not been applied. */
    protected BasePruningMethod() {}

    /** Returns what the method chooses among. */
    public abstract PruningType pruningType();

    /** Returns the dimension of the channels of a structured method. */
    protected OptionalLong dim() {
        return OptionalLong.empty();
    }

    /**
     * Computes the mask.
     *
     * @param t the importance of each entry, usually the parameter itself
     * @param defaultMask the mask of earlier prunings; ones if there were none
     * @return {@code defaultMask} with more zeros, with the shape of {@code t}
     */
    public abstract Tensor computeMask(Tensor t, Tensor defaultMask);

    /** Returns the product of the current {@code name_orig} and {@code name_mask}. */
    public final Tensor applyMask(Module<?, ?> module) {
        String name = applied(module, "");
        Tensor mask = must(module, name + "_mask");
        Tensor original = must(module, name + "_orig");
        return mask.to(original.dtype()).mul(original);
    }

    /** Prunes a parameter by the importance of its own entries; see {@link #apply(Module, String, Tensor)}. */
    public final BasePruningMethod apply(Module<?, ?> module, String name) {
        return apply(module, name, null);
    }

    /**
     * Prunes a parameter, in addition to any earlier pruning.
     *
     * @param name the key of the parameter
     * @param importanceScores the importance of each entry, with the shape of the parameter; null for the parameter itself
     * @return this method, or a container of all methods in order if the parameter was already pruned
     * @throws IllegalArgumentException if there is no such parameter, the scores have another shape, or the amount does not
     *     fit; the module is then unchanged
     */
    public final BasePruningMethod apply(Module<?, ?> module, String name, @Nullable Tensor importanceScores) {
        Tensor standing = Derivations.tensor(module, name);
        if (standing == null) {
            throw new IllegalArgumentException("'" + module.className() + "' object has no attribute '" + name + "'");
        }
        Derivation before = Derivations.of(module, name);
        Tensor current = before == null ? standing : before.compute(module);
        if (importanceScores != null && !Arrays.equals(importanceScores.shape(), current.shape())) {
            throw new IllegalArgumentException(
                    "importance_scores should have the same shape as parameter " + name + " of "
                            + module + ", got " + PythonText.size(importanceScores.shape()) + " vs "
                            + PythonText.size(current.shape()));
        }
        Tensor scores = (importanceScores == null ? current : importanceScores).detach();
        if (before instanceof Pruned pruned) {
            return applyAgain(module, name, scores, pruned);
        }
        if (before != null || !(standing instanceof Parameter original)) {
            throw new IllegalArgumentException("'" + name + "' of " + module.className()
                    + " is not a parameter, or is already computed from others: remove that first");
        }
        Tensor mask = computeMask(scores, Torch.onesLike(scores));
        tensorName = name;
        module.registerParameter(name + "_orig", original);
        module.registerBuffer(name + "_mask", mask.detach());
        Derivations.derive(module, name, new Pruned(name, this));
        return this;
    }

    private BasePruningMethod applyAgain(Module<?, ?> module, String name, Tensor scores, Pruned pruned) {
        PruningContainer all = new PruningContainer();
        all.tensorName = name;
        if (pruned.method instanceof PruningContainer container) {
            container.forEach(all::addPruningMethod);
        } else {
            all.addPruningMethod(pruned.method);
        }
        String old = tensorName;
        tensorName = name;
        try {
            all.addPruningMethod(this);
            Tensor mask = all.computeMask(
                    scores, must(module, name + "_mask").detach().clone());
            Derivations.setTensor(module, name + "_mask", mask.detach());
        } catch (RuntimeException e) {
            tensorName = old;
            throw e;
        }
        Derivations.derive(module, name, new Pruned(name, all));
        return all;
    }

    /** Returns a pruned copy of a tensor, by the importance of its own entries; see {@link #prune(Tensor, Tensor, Tensor)}. */
    public final Tensor prune(Tensor t) {
        return prune(t, null, null);
    }

    /**
     * Returns a pruned copy of a tensor, without a module.
     *
     * @param defaultMask the mask of earlier prunings; null for ones
     * @param importanceScores the importance of each entry, with the shape of {@code t}; null for {@code t} itself
     */
    public final Tensor prune(Tensor t, @Nullable Tensor defaultMask, @Nullable Tensor importanceScores) {
        if (importanceScores != null && !Arrays.equals(importanceScores.shape(), t.shape())) {
            throw new IllegalArgumentException("importance_scores should have the same shape as tensor t, got "
                    + PythonText.size(importanceScores.shape()) + " vs " + PythonText.size(t.shape()));
        }
        Tensor scores = (importanceScores == null ? t : importanceScores).detach();
        return t.mul(computeMask(scores, defaultMask == null ? Torch.onesLike(scores) : defaultMask));
    }

    /**
     * Makes the pruning permanent. The parameter, which is the same object as before, holds the product, and {@code name_orig}
     * and {@code name_mask} are removed. It becomes the last of the module's parameters.
     */
    public final void remove(Module<?, ?> module) {
        String name = applied(module, " before pruning can be removed");
        Tensor original = must(module, name + "_orig");
        try (GradMode mode = Autograd.noGrad()) {
            original.setData(applyMask(module));
        }
        Derivations.unregister(module, name + "_orig");
        Derivations.unregister(module, name + "_mask");
        Derivations.end(module, name, original);
    }

    private String applied(Module<?, ?> module, String purpose) {
        String name = tensorName;
        if (name == null) {
            throw new IllegalStateException("Module " + module + " has to be pruned" + purpose);
        }
        return name;
    }

    private static Tensor must(Module<?, ?> module, String name) {
        Tensor tensor = Derivations.tensor(module, name);
        if (tensor == null) {
            throw new IllegalStateException("'" + module.className() + "' object has no attribute '" + name + "'");
        }
        return tensor;
    }
}
