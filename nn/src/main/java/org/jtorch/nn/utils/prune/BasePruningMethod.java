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
 * A way to choose which entries of a parameter become zero: PyTorch's {@code torch.nn.utils.prune.BasePruningMethod}. A new one
 * tells its {@link #pruningType} and {@linkplain #computeMask computes a mask}.
 *
 * <p>{@link #apply} keeps the parameter as {@code name_orig} and the mask, ones and zeros, as the buffer {@code name_mask}, and
 * has the module compute {@code name} as their product. Applied again, whichever the method, it prunes among what is left.
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
        /** All entries, those too that were pruned before. */
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

    /** A method that was not applied yet. */
    protected BasePruningMethod() {}

    /** Returns what it chooses among. */
    public abstract PruningType pruningType();

    /** Returns the dimension of a structured method's channels. */
    protected OptionalLong dim() {
        return OptionalLong.empty();
    }

    /**
     * Chooses.
     *
     * @param t the importance of each entry, most often the parameter itself
     * @param defaultMask what earlier prunings left; ones where there were none
     * @return {@code defaultMask} with more zeros, shaped as {@code t}
     */
    public abstract Tensor computeMask(Tensor t, Tensor defaultMask);

    /** Returns the product of what {@code name_orig} and {@code name_mask} hold now. */
    public final Tensor applyMask(Module<?, ?> module) {
        String name = applied(module, "");
        Tensor mask = must(module, name + "_mask");
        Tensor original = must(module, name + "_orig");
        return mask.to(original.dtype()).mul(original);
    }

    /** {@link #apply(Module, String, Tensor)}, the parameter itself telling how important its entries are. */
    public final BasePruningMethod apply(Module<?, ?> module, String name) {
        return apply(module, name, null);
    }

    /**
     * Prunes a parameter, on top of what was pruned before.
     *
     * @param name the key of the parameter
     * @param importanceScores how important each entry is, shaped as the parameter; null for the parameter itself
     * @return this method, or where the parameter was pruned before, all methods in order
     * @throws IllegalArgumentException if there is no such parameter, the scores are of another shape, or the amount does not
     *     fit; the module is then as it was
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
                    + " is no parameter, or is computed from others already: remove that first");
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

    /** {@link #prune(Tensor, Tensor, Tensor)} of what was not pruned before, by its own size. */
    public final Tensor prune(Tensor t) {
        return prune(t, null, null);
    }

    /**
     * Returns a pruned copy of a tensor, without any module.
     *
     * @param defaultMask what earlier prunings left; null for all
     * @param importanceScores how important each entry is, shaped as {@code t}; null for {@code t} itself
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
     * Makes the pruning last: the parameter, the same object as before, holds the product, and {@code name_orig} and
     * {@code name_mask} go. It comes last of the module's parameters then.
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
