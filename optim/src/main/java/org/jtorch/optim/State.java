package org.jtorch.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;

/**
 * What an optimizer keeps for one parameter, by PyTorch's names: tensors, and numbers that PyTorch keeps in tensors without
 * dimensions. It outlives every {@link org.jtorch.TensorScope}, and it is saved and loaded with the optimizer.
 */
public final class State {

    private final Tensor parameter;

    /** A {@link Kept}, a {@code Float} for a number, a {@code Long} for a whole number, or another value that is saved as it is. */
    private final Map<String, Object> entries = new LinkedHashMap<>();

    /** The names of tensors with the parameter's sizes, whether they are there or not. */
    private final Set<String> elementwise = new LinkedHashSet<>();

    /** The sizes of tensors whose sizes follow from the parameter's in another way. */
    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    /** The names that {@link Optimizer#initialize} has added since the last {@link #commit}. */
    private final Set<String> added = new LinkedHashSet<>();

    /** Whether only the sizes, dtypes and devices of the entries count, so that they need no memory. */
    private boolean expected;

    State(Tensor parameter) {
        this(parameter, false);
    }

    private State(Tensor parameter, boolean expected) {
        this.parameter = parameter;
        this.expected = expected;
    }

    /** Returns a state whose entries only show what a loaded state must be like. */
    static State expected(Tensor parameter) {
        return new State(parameter, true);
    }

    // --- creating ----------------------------------------------------------------------------------------------

    /** Adds zeros with the parameter's sizes, dtype and strides, if there is no entry of this name. */
    public void zerosLike(String name) {
        fullLike(name, 0);
    }

    /**
     * Adds a tensor with the parameter's sizes that has one value everywhere, if there is no entry of this name. In a complex
     * tensor, the real and the imaginary part have this value.
     */
    public void fullLike(String name, double value) {
        elementwise.add(name);
        if (!entries.containsKey(name)) {
            add(name, new Kept(filled(value).unscoped()));
        }
    }

    private Tensor filled(double value) {
        Tensor data = parameter.data();
        if (expected && data.layout() == Layout.STRIDED) {
            return Torch.zeros(new long[0], TensorOptions.like(data)).expand(data.shape());
        }
        Tensor zeros = Torch.zerosLike(data);
        if (value != 0) {
            (data.isComplex() ? zeros.viewAsReal() : zeros).fill_(value);
        }
        return zeros;
    }

    /**
     * Adds zeros of any sizes with the parameter's dtype and device, if there is no entry of this name. If there is one, a step
     * checks that it has these sizes.
     */
    public void zeros(String name, long... shape) {
        shapes.put(name, shape);
        if (!entries.containsKey(name)) {
            add(
                    name,
                    new Kept(Torch.zeros(shape, TensorOptions.like(parameter.data()))
                            .unscoped()));
        }
    }

    /** Adds a tensor of any sizes, if there is no entry of this name. */
    public void tensor(String name, Tensor initial) {
        if (!entries.containsKey(name)) {
            add(name, kept(initial));
        }
    }

    /** Adds a number, if there is no entry of this name. It is kept and saved as PyTorch does it: as a float32. */
    public void number(String name, double initial) {
        if (!entries.containsKey(name)) {
            add(name, (float) initial);
        }
    }

    /** Adds a whole number, if there is no entry of this name. It is saved as a Python {@code int}. */
    public void integer(String name, long initial) {
        if (!entries.containsKey(name)) {
            add(name, initial);
        }
    }

    /** Says that a later step may add a tensor of this name with the parameter's sizes, so that a loaded one is checked. */
    public void optional(String name) {
        elementwise.add(name);
    }

    private void add(String name, Object value) {
        entries.put(name, value);
        added.add(name);
    }

    // --- reading and changing ----------------------------------------------------------------------------------

    /** Returns whether there is an entry of this name. */
    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /**
     * Returns a tensor.
     *
     * @throws IllegalStateException if there is no tensor of this name
     */
    public Tensor tensor(String name) {
        return kept(name).tensor();
    }

    /**
     * Replaces a tensor, or adds one. It is kept beyond every scope, and detached from the graph unless autograd records the
     * step.
     */
    public void set(String name, Tensor tensor) {
        entries.put(name, kept(tensor));
    }

    /** Replaces a number, or adds one. It is rounded to float32. */
    public void set(String name, double number) {
        entries.put(name, (float) number);
    }

    /**
     * Returns a number.
     *
     * @throws IllegalStateException if there is no number of this name
     */
    public double number(String name) {
        if (entries.get(name) instanceof Float number) {
            return number;
        }
        throw missing("number", name);
    }

    /** Replaces a whole number, or adds one. */
    public void setInteger(String name, long number) {
        entries.put(name, number);
    }

    /**
     * Returns a whole number.
     *
     * @throws IllegalStateException if there is no whole number of this name
     */
    public long integer(String name) {
        if (entries.get(name) instanceof Long number) {
            return number;
        }
        throw missing("whole number", name);
    }

    /**
     * Replaces an entry that is none of the above, or adds one: a {@code Double}, or a list of tensors, numbers and nulls. Tensors
     * are kept beyond every scope.
     */
    public void setValue(String name, Object value) {
        entries.put(name, value instanceof List<?> list ? keptList(list) : value);
    }

    private static List<@Nullable Object> keptList(List<?> list) {
        List<@Nullable Object> kept = new ArrayList<>(list.size());
        for (Object element : list) {
            kept.add(element instanceof Tensor tensor ? kept(tensor).tensor() : element);
        }
        return kept;
    }

    /** Returns an entry of any kind, or null if there is none of this name. */
    public @Nullable Object value(String name) {
        Object value = entries.get(name);
        return value instanceof Kept kept ? kept.tensor() : value;
    }

    private static Kept kept(Tensor tensor) {
        return new Kept((Autograd.isGradEnabled() ? tensor : tensor.detach()).unscoped());
    }

    Kept kept(String name) {
        if (entries.get(name) instanceof Kept kept) {
            return kept;
        }
        throw missing("tensor", name);
    }

    private IllegalStateException missing(String kind, String name) {
        Object other = entries.get(name);
        if (other != null) {
            return new IllegalStateException("'" + name + "' of the optimizer's state is not a " + kind
                    + ": read it with " + reader(other) + "(\"" + name + "\")");
        }
        return new IllegalStateException("the optimizer's state has no " + kind + " '" + name + "', but "
                + entries.keySet() + ": add it in initialize");
    }

    /** Returns the name of the method that reads a value. */
    private static String reader(Object value) {
        if (value instanceof Kept) {
            return "tensor";
        }
        if (value instanceof Float) {
            return "number";
        }
        return value instanceof Long ? "integer" : "value";
    }

    // --- the optimizer's side ----------------------------------------------------------------------------------

    Tensor parameter() {
        return parameter;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Makes the entries permanent that were added since the last call. */
    void commit() {
        added.clear();
        expected = false;
    }

    /** Removes the entries that were added since the last {@link #commit}. */
    void revert() {
        entries.keySet().removeAll(added);
        added.clear();
    }

    /** Returns the names of the tensors that must have the parameter's sizes, whether they are there or not. */
    Set<String> elementwise() {
        return Collections.unmodifiableSet(elementwise);
    }

    /** Returns the sizes that {@link #zeros} was last called with. */
    Map<String, long[]> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    /** Returns the entries: {@link Kept}, {@code Float} or other values. */
    Map<String, Object> entries() {
        return Collections.unmodifiableMap(entries);
    }

    /** Sets an entry that is read from a file. */
    void load(String name, Object value) {
        entries.put(name, value);
    }

    /** Returns the state as PyTorch saves it. */
    Map<String, @Nullable Object> toPython() {
        Map<String, @Nullable Object> saved = new LinkedHashMap<>();
        entries.forEach((name, value) -> saved.put(
                name,
                value instanceof Kept kept
                        ? kept.tensor()
                        : value instanceof Float number ? Torch.tensor(number).unscoped() : value));
        return saved;
    }
}
