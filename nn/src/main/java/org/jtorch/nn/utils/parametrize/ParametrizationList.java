package org.jtorch.nn.utils.parametrize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Derivations;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.Parameter;

/**
 * The parametrizations of one tensor, first to last, and the tensor from which it is computed: {@code original}, or
 * {@code original0}, {@code original1}, … if the {@link RightInverse} of the first one returns several. It is created by
 * {@link Parametrize#registerParametrization}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.ParametrizationList.html">
 *     torch.nn.utils.parametrize.ParametrizationList</a>
 */
public class ParametrizationList extends ModuleList<Module<?, ?>> {

    private final boolean isTensor;
    private final int tensors;
    boolean unsafe;

    /**
     * Creates the parametrizations of a tensor.
     *
     * @param modules at least one module
     * @param original the parameter or buffer to parametrize, which becomes the input of the first parametrization
     * @param unsafe whether shape and dtype may change without a check
     * @throws IllegalArgumentException if there is no module, or if the result of one is not suitable
     */
    @SuppressWarnings("this-escape") // The list is complete when it is first called.
    public ParametrizationList(List<? extends Module<?, ?>> modules, Tensor original, boolean unsafe) {
        super(modules);
        if (modules.isEmpty()) {
            throw new IllegalArgumentException("ParametrizationList requires one or more modules.");
        }
        this.unsafe = unsafe;
        long[] shape = original.shape();
        var dtype = original.dtype();
        try (GradMode mode = Autograd.noGrad()) {
            Object inverse = original;
            for (RightInverse<?> module : invertible()) {
                try {
                    inverse = module.rightInverse(tensor(inverse));
                } catch (UnsupportedOperationException e) {
                    // This is PyTorch's NotImplementedError. The value itself is used, and the checks below apply to
                    // it.
                    continue;
                }
            }
            isTensor = inverse instanceof Tensor;
            if (inverse instanceof Tensor one) {
                tensors = 1;
                checkKind(original, one);
                if (one != original) {
                    original.setData(one);
                }
                register("original", original);
            } else {
                List<?> several = several(inverse);
                tensors = several.size();
                for (int i = 0; i < tensors; i++) {
                    if (!(several.get(i) instanceof Tensor part)) {
                        throw new IllegalArgumentException(
                                "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). "
                                        + "Got element " + i + " of the sequence with type "
                                        + Parametrize.typeName(several.get(i)) + ".");
                    }
                    register("original" + i, like(original, part));
                }
            }
        }
        if (!unsafe) {
            checkValue(shape, dtype);
        }
    }

    private void checkValue(long[] shape, org.jtorch.DType dtype) {
        Tensor value = call();
        if (value.dtype() != dtype) {
            throw new IllegalArgumentException(
                    "Registering a parametrization may not change the dtype of the tensor, unless `unsafe` flag is enabled.\n"
                            + "unparametrized dtype: " + dtype + "\nparametrized dtype: " + value.dtype());
        }
        if (!Arrays.equals(value.shape(), shape)) {
            throw new IllegalArgumentException(
                    "Registering a parametrization may not change the shape of the tensor, unless `unsafe` flag is enabled.\n"
                            + "unparametrized shape: " + PythonText.size(shape) + "\nparametrized shape: "
                            + PythonText.size(value.shape()));
        }
    }

    private static void checkKind(Tensor original, Tensor inverse) {
        if (original.dtype() != inverse.dtype()) {
            throw new IllegalArgumentException("When `right_inverse` outputs one tensor, it may not change the dtype.\n"
                    + "original.dtype: " + original.dtype() + "\nright_inverse(original).dtype: " + inverse.dtype());
        }
        if (!original.device().equals(inverse.device())) {
            throw new IllegalArgumentException(
                    "When `right_inverse` outputs one tensor, it may not change the device.\n"
                            + "original.device: " + original.device() + "\nright_inverse(original).device: "
                            + inverse.device());
        }
    }

    /** Returns a parameter or buffer over {@code part}, depending on what {@code original} is. */
    private static Tensor like(Tensor original, Tensor part) {
        boolean requiresGrad = original.requiresGrad();
        return original instanceof Parameter
                ? new Parameter(part, requiresGrad)
                : new Buffer(part, o -> o.persistent(!(original instanceof Buffer b) || b.isPersistent()))
                        .requiresGrad_(requiresGrad);
    }

    private void register(String name, Tensor tensor) {
        if (tensor instanceof Parameter parameter) {
            registerParameter(name, parameter);
        } else {
            registerBuffer(name, tensor);
        }
    }

    /** Returns the parametrizations that can be inverted, the last first. */
    private List<RightInverse<?>> invertible() {
        List<RightInverse<?>> result = new ArrayList<>();
        for (Module<?, ?> module : this) {
            if (module instanceof RightInverse<?> inverse) {
                result.add(inverse);
            }
        }
        Collections.reverse(result);
        return result;
    }

    /** Returns whether the tensor is computed from one tensor. */
    public final boolean isTensor() {
        return isTensor;
    }

    /**
     * Returns the tensor from which the parametrized tensor is computed.
     *
     * @throws IllegalStateException if it is computed from several
     */
    public final Tensor original() {
        if (!isTensor) {
            throw new IllegalStateException("this parametrization has " + tensors + " originals: see originals()");
        }
        return originals().get(0);
    }

    /**
     * Returns the tensors from which the parametrized tensor is computed: {@code original}, or {@code original0},
     * {@code original1}, …
     */
    public final List<Tensor> originals() {
        List<Tensor> result = new ArrayList<>();
        for (String name : originalNames()) {
            Tensor tensor = Derivations.tensor(this, name);
            if (tensor == null) {
                throw new IllegalStateException("the parametrization has no '" + name + "' any more");
            }
            result.add(tensor);
        }
        return result;
    }

    final List<String> originalNames() {
        if (isTensor) {
            return List.of("original");
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < tensors; i++) {
            names.add("original" + i);
        }
        return names;
    }

    /**
     * Sets the value of the parametrized tensor, as PyTorch's {@code module.weight = value} does. The inverses of the
     * parametrizations, last to first, compute the originals.
     *
     * @throws TorchException if a parametrization is not a {@link RightInverse}
     * @throws IllegalArgumentException if an inverse returns another number of tensors, or another dtype
     */
    public final void rightInverse(Tensor value) {
        try (GradMode mode = Autograd.noGrad()) {
            Object inverse = value;
            for (int i = size() - 1; i >= 0; i--) {
                if (!(get(i) instanceof RightInverse<?> module)) {
                    throw new TorchException(
                            "parametrization " + get(i).className() + " does not implement right_inverse.");
                }
                inverse = module.rightInverse(tensor(inverse));
            }
            if (isTensor) {
                if (!(inverse instanceof Tensor one)) {
                    throw new IllegalArgumentException(
                            "`right_inverse` should return a tensor. Got " + Parametrize.typeName(inverse));
                }
                Tensor original = original();
                if (one.dtype() != original.dtype()) {
                    throw new IllegalArgumentException("The tensor returned by `right_inverse` has dtype " + one.dtype()
                            + " while `original` has dtype " + original.dtype());
                }
                original.setData(one);
                return;
            }
            if (!(inverse instanceof List<?> several)) {
                throw new IllegalArgumentException("'right_inverse' must return a sequence of tensors. Got "
                        + Parametrize.typeName(inverse) + ".");
            }
            setAll(several);
        }
    }

    private void setAll(List<?> several) {
        if (several.size() != tensors) {
            throw new IllegalArgumentException("'right_inverse' must return a sequence of tensors of length " + tensors
                    + ". Got a sequence of length " + several.size() + ".");
        }
        List<Tensor> originals = originals();
        for (int i = 0; i < tensors; i++) {
            Tensor part = tensor(several.get(i));
            if (part.dtype() != originals.get(i).dtype()) {
                throw new IllegalArgumentException("Tensor " + i + " returned by `right_inverse` has dtype "
                        + part.dtype() + " while `original" + i + "` has dtype "
                        + originals.get(i).dtype());
            }
            originals.get(i).setData(part);
        }
    }

    private static Tensor tensor(@Nullable Object inverse) {
        if (inverse instanceof Tensor tensor) {
            return tensor;
        }
        throw new IllegalArgumentException(
                "only the first parametrization may be computed from several tensors: another's inverse gave a "
                        + Parametrize.typeName(inverse));
    }

    private static List<?> several(@Nullable Object inverse) {
        if (inverse instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(
                "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). " + "Got "
                        + Parametrize.typeName(inverse));
    }

    /** Computes the tensor. */
    public final Tensor call() {
        return Parametrize.tensorOf(call(originals()));
    }

    @Override
    protected final Object forward(Object originals) {
        Object x = isTensor ? original() : originals();
        for (Module<?, ?> module : this) {
            x = Parametrize.apply(module, x);
        }
        return x;
    }
}
