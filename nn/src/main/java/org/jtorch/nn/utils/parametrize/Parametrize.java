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
 * <p>The field is read as before. The parameter itself is {@code parametrizations.weight.original} in the state dict. PyTorch
 * computes the tensor whenever the attribute is read. Here it is computed once for each call of the module, and at every use
 * outside a call. Assigning the field is an error; use {@link ParametrizationList#rightInverse} to set the value.
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

    /** Registers a parametrization with checks; see {@link #registerParametrization(Module, String, Module, boolean)}. */
    public static <M extends Module<?, ?>> M registerParametrization(
            M module, String tensorName, Module<?, ?> parametrization) {
        return registerParametrization(module, tensorName, parametrization, false);
    }

    /**
     * Makes a parameter or buffer the result of {@code parametrization}. If it already has parametrizations, the new one is
     * applied after them.
     *
     * @param module the module that has the tensor
     * @param tensorName the key of the tensor in the module
     * @param parametrization takes a tensor and returns a tensor; the first one may also be a {@link RightInverse} that takes a
     *     list of tensors. It is put in the mode, training or eval, of {@code module}
     * @param unsafe whether shape and dtype may change without a check
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
            return; // This is PyTorch's NotImplementedError: the value cannot be set, and does not have to be.
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

    /** Returns whether the module's tensor with the given name has parametrizations. */
    public static boolean isParametrized(Module<?, ?> module, String tensorName) {
        ModuleDict<ParametrizationList> dict = dict(module);
        return dict != null && dict.containsKey(tensorName);
    }

    /**
     * Returns the parametrizations of a tensor: PyTorch's {@code module.parametrizations[tensorName]}.
     *
     * @throws IllegalArgumentException if the tensor has none
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

    @SuppressWarnings("unchecked") // Only this class registers it.
    private static @Nullable ModuleDict<ParametrizationList> dict(Module<?, ?> module) {
        return Derivations.module(module, CHILD) instanceof ModuleDict<?> dict
                ? (ModuleDict<ParametrizationList>) dict
                : null;
    }

    /**
     * Removes the parametrizations of a tensor and keeps the computed value; see
     * {@link #removeParametrizations(Module, String, boolean)}.
     */
    public static <M extends Module<?, ?>> M removeParametrizations(M module, String tensorName) {
        return removeParametrizations(module, tensorName, true);
    }

    /**
     * Removes the parametrizations of a tensor. It becomes the last of the module's parameters.
     *
     * @param leaveParametrized whether the tensor keeps the computed value; otherwise it has that of {@code original}
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
     * Keeps the values of parametrizations on the current thread until the returned cache is closed. Each is computed at its
     * first use. It is useful for weights that are used several times or shared.
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

    /**
     * Returns the class of the module. PyTorch returns the class before parametrization; here the class of a module never
     * changes.
     */
    public static Class<?> typeBeforeParametrizations(Module<?, ?> module) {
        return module.getClass();
    }

    /**
     * Transfers the parametrizations of all tensors; see {@link #transferParametrizationsAndParams(Module, Module, String)}.
     */
    public static <M extends Module<?, ?>> M transferParametrizationsAndParams(Module<?, ?> fromModule, M toModule) {
        ModuleDict<ParametrizationList> dict = dict(fromModule);
        if (dict != null) {
            List.copyOf(dict.keySet()).forEach(name -> transferParametrizationsAndParams(fromModule, toModule, name));
        }
        return toModule;
    }

    /**
     * Computes a tensor of {@code toModule} with the parametrizations of {@code fromModule} from the same originals, which both
     * modules then share. It has no effect if {@code fromModule} has no parametrizations.
     *
     * @param tensorName the key of the tensor; {@code toModule} gets a parameter with that name if it has none
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

    @SuppressWarnings("unchecked") // An input of another type fails in its forward.
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
