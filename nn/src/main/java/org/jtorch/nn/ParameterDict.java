package org.jtorch.nn;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * A map of parameters. It is a {@link Map} in the order of insertion whose values are the parameters of this module.
 *
 * <pre>{@code
 * ParameterDict sides = new ParameterDict();
 * sides.put("left", Torch.randn(5, 10));
 * sides.put("right", Torch.randn(5, 10));
 * x = sides.get("left").mm(x);
 * }</pre>
 *
 * <p>The values are {@code Parameter}s; a plain tensor that is added becomes a parameter over the same memory. PyTorch's class
 * also holds other objects, for which an ordinary map can be used here. Two maps are equal if their entries are equal.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ParameterDict.html">torch.nn.ParameterDict</a>
 */
public class ParameterDict extends MapModule<Parameter> {

    /** Creates an empty map. */
    public ParameterDict() {
        super("parameter");
    }

    /** Creates a map of the given parameters, in the order of the map. Plain tensors become parameters. */
    public ParameterDict(Map<String, ? extends Tensor> parameters) {
        this();
        update(parameters);
    }

    /** Returns a map with a parameter over {@code value} under each key. */
    public static ParameterDict fromkeys(Collection<String> keys, Tensor value) {
        ParameterDict result = new ParameterDict();
        keys.forEach(key -> result.put(key, value));
        return result;
    }

    /** Puts a parameter over the memory of {@code value} under a key. */
    public final @Nullable Parameter put(String key, Tensor value) {
        return put(key, Parameter.of(value));
    }

    /** Puts parameters under their keys. Plain tensors become parameters. */
    public final ParameterDict update(Map<String, ? extends Tensor> parameters) {
        new LinkedHashMap<>(parameters).forEach(this::put);
        return this;
    }

    /** Returns the value of a key. If the key has none, a parameter over {@code value} is put under it first. */
    public final Parameter setdefault(String key, Tensor value) {
        Parameter there = entries.get(key);
        if (there == null) {
            there = Parameter.of(value);
            put(key, there);
        }
        return there;
    }

    /**
     * Removes the last key and returns it with its value.
     *
     * @throws NoSuchElementException if the map is empty
     */
    public final Named<Parameter> popitem() {
        String last = null;
        for (String key : entries.keySet()) {
            last = key;
        }
        if (last == null) {
            throw new NoSuchElementException("there is no key left to pop");
        }
        return new Named<>(last, pop(last));
    }

    /** Returns a new map of the same parameters. */
    public final ParameterDict copy() {
        return new ParameterDict(entries);
    }

    /**
     * Returns a new map of these entries and those of {@code other}, which replace entries with the same key: PyTorch's
     * {@code self | other}.
     */
    public final ParameterDict or(Map<String, ? extends Tensor> other) {
        return copy().update(other);
    }

    @Override
    Parameter registering(String key, Parameter value) {
        return Objects.requireNonNull(GlobalHooks.registering(this, key, value));
    }

    @Override
    void visitListed(BiConsumer<String, Parameter> visitor) {
        entries.forEach(visitor);
    }

    @Override
    @Nullable
    Parameter listed(String key) {
        return entries.get(key);
    }

    @Override
    void setListed(String key, Parameter parameter) {
        entries.put(key, parameter);
    }

    @Override
    @Nullable
    Object attribute(String name) {
        Parameter parameter = entries.get(name);
        return parameter == null ? super.attribute(name) : parameter;
    }

    /** {@inheritDoc} A map cannot be called, so this method always throws. */
    @Override
    protected Object forward(Object input) {
        throw new UnsupportedOperationException("ParameterDict should not be called.");
    }

    @Override
    protected String extraRepr() {
        StringJoiner lines = new StringJoiner("\n");
        entries.forEach((key, p) -> lines.add("  (" + key + "): " + Repr.parameter(p, Repr.typename(p))));
        return lines.toString();
    }
}
