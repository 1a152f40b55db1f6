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
 * Parameters under names: a {@link Map} in the order of insertion, whose values are this module's parameters.
 *
 * <pre>{@code
 * ParameterDict sides = new ParameterDict();
 * sides.put("left", Torch.randn(5, 10));
 * sides.put("right", Torch.randn(5, 10));
 * x = sides.get("left").mm(x);
 * }</pre>
 *
 * <p>It holds {@code Parameter}s; a plain tensor that comes in is made one over the same memory. PyTorch's holds other objects
 * too, which in Java belong into a map of their own. As of any map, equality is that of the entries.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ParameterDict.html">torch.nn.ParameterDict</a>
 */
public class ParameterDict extends MapModule<Parameter> {

    /** Without parameters yet. */
    public ParameterDict() {
        super("parameter");
    }

    /** With these parameters, in the map's order; plain tensors are made ones. */
    public ParameterDict(Map<String, ? extends Tensor> parameters) {
        this();
        update(parameters);
    }

    /** Returns a dict with {@code value}, made a parameter, under each key. */
    public static ParameterDict fromkeys(Collection<String> keys, Tensor value) {
        ParameterDict result = new ParameterDict();
        keys.forEach(key -> result.put(key, value));
        return result;
    }

    /** Puts a tensor under a key, made a parameter over the same memory. */
    public final @Nullable Parameter put(String key, Tensor value) {
        return put(key, Parameter.of(value));
    }

    /** Puts parameters under their keys; plain tensors are made ones. */
    public final ParameterDict update(Map<String, ? extends Tensor> parameters) {
        new LinkedHashMap<>(parameters).forEach(this::put);
        return this;
    }

    /** Returns what a key holds; where it holds nothing yet, {@code value}, made a parameter, from now on. */
    public final Parameter setdefault(String key, Tensor value) {
        Parameter there = entries.get(key);
        if (there == null) {
            there = Parameter.of(value);
            put(key, there);
        }
        return there;
    }

    /**
     * Removes the key that came last, and gives it with what it held.
     *
     * @throws NoSuchElementException if there is none
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

    /** Returns a new dict of the same parameters. */
    public final ParameterDict copy() {
        return new ParameterDict(entries);
    }

    /** Returns a new dict of these and {@code other}'s, which come before these under the same key: {@code self | other}. */
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

    /** {@inheritDoc} A dict has nothing to compute: always throws. */
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
