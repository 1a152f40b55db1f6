package org.jtorch.nn.utils.parametrize;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Derivation;
import org.jtorch.nn.Derivations;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleDict;
import org.jtorch.nn.Parameter;

/**
 * Parameters and buffers that are computed by modules: PyTorch's {@code torch.nn.utils.parametrize}.
 *
 * <pre>{@code
 * final class Symmetric extends Module<Tensor, Tensor> implements RightInverse<Tensor> {
 *     @Override protected Tensor forward(Tensor x) { return x.triu().add(x.triu(1).mT()); }
 *     @Override public Tensor rightInverse(Tensor a) { return a.triu(); }
 * }
 *
 * Linear linear = Parametrize.registerParametrization(new Linear(5, 5), "weight", new Symmetric());
 * linear.weight.sub(linear.weight.mT());                                        // zeros
 * Parametrize.parametrizations(linear, "weight").rightInverse(symmetric);       // Python: linear.weight = symmetric
 * }</pre>
 *
 * <p>The field goes on to be read as before. The parameter itself is {@code parametrizations.weight.original} in the state dict.
 * Where PyTorch computes at every reading of the attribute, here it is once a call of the module, and, outside of one, at every
 * use. To assign the field is an error: give the value to {@link ParametrizationList#rightInverse}.
 *
 * @see <a href="https://pytorch.org/docs/stable/nn.html#module-torch.nn.utils.parametrize">torch.nn.utils.parametrize</a>
 */
public final class Parametrize {

    private static final String CHILD = "parametrizations";

    /** A field that a list of parametrizations computes. */
    private record Parametrized(String name) implements Derivation {
        @Override
        public Tensor compute(Module<?, ?> module) {
            return parametrizations(module, name).call();
        }

        @Override
        public boolean isParametrization() {
            return true;
        }
    }

    private Parametrize() {}

    /** {@link #registerParametrization(Module, String, Module, boolean)}, checked. */
    public static <M extends Module<?, ?>> M registerParametrization(
            M module, String tensorName, Module<?, ?> parametrization) {
        return registerParametrization(module, tensorName, parametrization, false);
    }

    /**
     * Has a parameter or buffer computed by {@code parametrization}, or, where it is computed already, by that after the
     * others.
     *
     * @param module whose tensor it is
     * @param tensorName its key in the module
     * @param parametrization takes a tensor, or, as the first one and a {@link RightInverse} of a list, a list of tensors; and
     *     gives a tensor. It is put into the mode, training or eval, of {@code module}
     * @param unsafe whether shape and dtype may change, unchecked
     * @return the module
     * @throws IllegalArgumentException if there is no such tensor, or the parametrization changes shape or dtype
     */
    public static <M extends Module<?, ?>> M registerParametrization(
            M module, String tensorName, Module<?, ?> parametrization, boolean unsafe) {
        parametrization.train(module.isTraining());
        if (isParametrized(module, tensorName)) {
            ParametrizationList list = parametrizations(module, tensorName);
            if (!unsafe) {
                check(list.call(), tensorName, parametrization);
            }
            list.append(parametrization);
            list.unsafe |= unsafe;
            return module;
        }
        Tensor original = Derivations.of(module, tensorName) == null ? Derivations.tensor(module, tensorName) : null;
        if (original == null) {
            throw new IllegalArgumentException("Module '" + module + "' does not have a parameter, a buffer, or a "
                    + "parametrized element with name '" + tensorName + "'");
        }
        ParametrizationList list = new ParametrizationList(List.of(parametrization), original, unsafe);
        ModuleDict<ParametrizationList> dict = dict(module);
        if (dict == null) {
            dict = new ModuleDict<>();
            module.registerModule(CHILD, dict);
        }
        dict.put(tensorName, list);
        Derivations.derive(module, tensorName, new Parametrized(tensorName));
        return module;
    }

    private static void check(Tensor value, String name, Module<?, ?> parametrization) {
        Tensor result = tensorOf(apply(parametrization, value));
        String flag = ", unless the `unsafe` flag is enabled.\n";
        if (result.dtype() != value.dtype()) {
            throw new IllegalArgumentException(
                    "Registering a parametrization may not change the dtype of the tensor" + flag
                            + "module." + name + ".dtype: " + value.dtype() + "\nparametrization(module." + name
                            + ").dtype: " + result.dtype());
        }
        if (!Arrays.equals(result.shape(), value.shape())) {
            throw new IllegalArgumentException("Registering a parametrization may not change the shape of the tensor"
                    + flag
                    + "module." + name + ".shape: " + PythonText.size(value.shape()) + "\nparametrization(module."
                    + name + ").shape: " + PythonText.size(result.shape()));
        }
        if (!(parametrization instanceof RightInverse<?> invertible)) {
            return;
        }
        Object inverse;
        try {
            inverse = invertible.rightInverse(result);
        } catch (UnsupportedOperationException e) {
            return; // PyTorch's NotImplementedError: it cannot be given a value, and need not
        }
        if (!(inverse instanceof Tensor tensor)) {
            throw new IllegalArgumentException(
                    "parametrization.right_inverse must return a tensor. Got: " + typeName(inverse));
        }
        if (tensor.dtype() != value.dtype()) {
            throw new IllegalArgumentException(
                    "The tensor returned by parametrization.right_inverse must have the same dtype as module." + name
                            + flag + "module." + name + ".dtype: " + value.dtype() + "\nreturned dtype: "
                            + tensor.dtype());
        }
        if (!Arrays.equals(tensor.shape(), value.shape())) {
            throw new IllegalArgumentException(
                    "The tensor returned by parametrization.right_inverse must have the same shape as module." + name
                            + flag + "module." + name + ".shape: " + PythonText.size(value.shape())
                            + "\nreturned shape: " + PythonText.size(tensor.shape()));
        }
    }

    /** Returns whether any tensor of the module itself has parametrizations. */
    public static boolean isParametrized(Module<?, ?> module) {
        return dict(module) != null;
    }

    /** Returns whether the module's tensor of that name has parametrizations. */
    public static boolean isParametrized(Module<?, ?> module, String tensorName) {
        ModuleDict<ParametrizationList> dict = dict(module);
        return dict != null && dict.containsKey(tensorName);
    }

    /**
     * Returns the parametrizations of a tensor: PyTorch's {@code module.parametrizations[tensorName]}.
     *
     * @throws IllegalArgumentException if it has none
     */
    public static ParametrizationList parametrizations(Module<?, ?> module, String tensorName) {
        ModuleDict<ParametrizationList> dict = dict(module);
        ParametrizationList list = dict == null ? null : dict.get(tensorName);
        if (list == null) {
            throw notParametrized(module, tensorName);
        }
        return list;
    }

    private static IllegalArgumentException notParametrized(Module<?, ?> module, String tensorName) {
        return new IllegalArgumentException("Module " + module + " does not have a parametrization on " + tensorName);
    }

    @SuppressWarnings("unchecked") // only this class registers it
    private static @Nullable ModuleDict<ParametrizationList> dict(Module<?, ?> module) {
        return Derivations.module(module, CHILD) instanceof ModuleDict<?> dict
                ? (ModuleDict<ParametrizationList>) dict
                : null;
    }

    /** {@link #removeParametrizations(Module, String, boolean)}, leaving the computed value. */
    public static <M extends Module<?, ?>> M removeParametrizations(M module, String tensorName) {
        return removeParametrizations(module, tensorName, true);
    }

    /**
     * Ends the parametrizations of a tensor. It comes last of the module's parameters then.
     *
     * @param leaveParametrized whether the tensor has the value that was computed, or else that of {@code original}
     * @return the module
     * @throws IllegalArgumentException if the tensor has no parametrizations, or has several originals and
     *     {@code leaveParametrized} is false
     */
    public static <M extends Module<?, ?>> M removeParametrizations(
            M module, String tensorName, boolean leaveParametrized) {
        if (!isParametrized(module, tensorName)) {
            throw notParametrized(module, tensorName);
        }
        ParametrizationList list = parametrizations(module, tensorName);
        Tensor remaining;
        if (list.isTensor()) {
            remaining = list.original();
            if (leaveParametrized) {
                try (GradMode mode = Autograd.noGrad()) {
                    Tensor value = list.call();
                    if (value != remaining) {
                        remaining.setData(value);
                    }
                }
            }
        } else if (leaveParametrized) {
            Tensor value = list.call();
            remaining = list.originals().get(0) instanceof Parameter
                    ? new Parameter(value, value.requiresGrad())
                    : value.detach();
        } else {
            throw new IllegalArgumentException("Cannot leave unparametrized (`leave_parametrized=False`) a tensor "
                    + "that is parametrized in terms of a sequence of tensors.");
        }
        Derivations.end(module, tensorName, remaining);
        ModuleDict<ParametrizationList> dict = dict(module);
        if (dict != null) {
            dict.remove(tensorName);
            if (dict.isEmpty()) {
                Derivations.unregister(module, CHILD);
            }
        }
        return module;
    }

    /**
     * Keeps the values of parametrizations on this thread: each is computed at its first use and then the same until the cache
     * is closed. For weights that are used several times, or shared.
     *
     * <pre>{@code
     * try (var cache = Parametrize.cached()) {
     *     for (Tensor x : xs) {
     *         h = cell.call(x, h);
     *     }
     * }
     * }</pre>
     */
    public static Derivations.Cache cached() {
        return Derivations.cache();
    }

    /** PyTorch's class of the module before it was parametrized: here a module's class never changes. */
    public static Class<?> typeBeforeParametrizations(Module<?, ?> module) {
        return module.getClass();
    }

    /** {@link #transferParametrizationsAndParams(Module, Module, String)} of all tensors. */
    public static <M extends Module<?, ?>> M transferParametrizationsAndParams(Module<?, ?> fromModule, M toModule) {
        ModuleDict<ParametrizationList> dict = dict(fromModule);
        if (dict != null) {
            List.copyOf(dict.keySet()).forEach(name -> transferParametrizationsAndParams(fromModule, toModule, name));
        }
        return toModule;
    }

    /**
     * Has a tensor of {@code toModule} computed by the parametrizations of {@code fromModule}'s, from the same originals: both
     * modules share them then. Does nothing where {@code fromModule} has no parametrizations at all.
     *
     * @param tensorName the tensor's key; {@code toModule} gets a parameter of that name where it has none
     * @return {@code toModule}
     */
    public static <M extends Module<?, ?>> M transferParametrizationsAndParams(
            Module<?, ?> fromModule, M toModule, String tensorName) {
        if (!isParametrized(fromModule)) {
            return toModule;
        }
        ParametrizationList from = parametrizations(fromModule, tensorName);
        if (Derivations.tensor(toModule, tensorName) == null) {
            toModule.registerParameter(tensorName, new Parameter(from.call()));
        }
        for (Module<?, ?> parametrization : from) {
            registerParametrization(toModule, tensorName, parametrization);
        }
        ParametrizationList to = parametrizations(toModule, tensorName);
        for (String original : from.originalNames()) {
            Derivations.setTensor(to, original, Derivations.tensor(from, original));
        }
        return toModule;
    }

    @SuppressWarnings("unchecked") // a wrong input fails in its forward
    static Object apply(Module<?, ?> module, Object input) {
        Object result = ((Module<Object, ?>) module).call(input);
        if (result == null) {
            throw new IllegalArgumentException("A parametrization must return a tensor. Got NoneType.");
        }
        return result;
    }

    static Tensor tensorOf(Object result) {
        if (result instanceof Tensor tensor) {
            return tensor;
        }
        throw new IllegalArgumentException("A parametrization must return a tensor. Got " + typeName(result) + ".");
    }

    static String typeName(@Nullable Object value) {
        return value == null ? "NoneType" : value.getClass().getSimpleName();
    }
}
