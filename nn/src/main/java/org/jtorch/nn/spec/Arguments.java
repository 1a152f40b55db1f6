package org.jtorch.nn.spec;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Module;

/** The arguments of a module by their PyTorch names. Arguments that were not given have their defaults. */
public final class Arguments {

    private final String module;
    private final Map<String, @Nullable Object> values;
    private final List<@Nullable Object> rest;

    Arguments(String module, Map<String, @Nullable Object> values, List<@Nullable Object> rest) {
        this.module = module;
        this.values = values;
        this.rest = Collections.unmodifiableList(rest);
    }

    /** Returns any value. */
    public @Nullable Object get(String name) {
        return values.get(name);
    }

    /** Returns the arguments of {@code *args}. */
    public List<@Nullable Object> rest() {
        return rest;
    }

    /** Returns whether the value is {@code None}. */
    public boolean isNone(String name) {
        return values.get(name) == null;
    }

    /** Returns a bool. */
    public boolean bool(String name) {
        return of(name, Boolean.class, "True or False");
    }

    /** Returns a bool, or null. */
    public @Nullable Boolean boolOrNull(String name) {
        return isNone(name) ? null : bool(name);
    }

    /** Returns an int. */
    public long integer(String name) {
        return integerOf(name, values.get(name));
    }

    /** Returns an int, or null. */
    public @Nullable Long integerOrNull(String name) {
        return isNone(name) ? null : integer(name);
    }

    /** Returns a number, which is a {@code Long} for a Python int. */
    public Number number(String name) {
        return of(name, Number.class, "a number");
    }

    /** Returns a number, or null. */
    public @Nullable Number numberOrNull(String name) {
        return isNone(name) ? null : number(name);
    }

    /** Returns a float. */
    public double real(String name) {
        return number(name).doubleValue();
    }

    /** Returns a float, or null. */
    public @Nullable Double realOrNull(String name) {
        return isNone(name) ? null : real(name);
    }

    /** Returns a str. */
    public String string(String name) {
        return of(name, String.class, "a string");
    }

    /** Returns one int or a list of ints. */
    public long[] sizes(String name) {
        return values.get(name) instanceof List<?> list
                ? list.stream().mapToLong(x -> integerOf(name, x)).toArray()
                : new long[] {integer(name)};
    }

    /** Returns one int or a list of ints, or null. */
    public long @Nullable [] sizesOrNull(String name) {
        return isNone(name) ? null : sizes(name);
    }

    /** Returns one number or a list of numbers, or null. */
    public double @Nullable [] realsOrNull(String name) {
        if (isNone(name)) {
            return null;
        }
        return values.get(name) instanceof List<?> list
                ? list.stream()
                        .mapToDouble(
                                x -> cast(name, x, Number.class, "a number").doubleValue())
                        .toArray()
                : new double[] {real(name)};
    }

    /** Returns whether the value is a list rather than a single number. */
    public boolean isList(String name) {
        return values.get(name) instanceof List<?>;
    }

    /** Returns a list. */
    public List<?> list(String name) {
        return of(name, List.class, "a list");
    }

    /** Returns a tensor, or null. */
    public @Nullable Tensor tensorOrNull(String name) {
        return isNone(name) ? null : of(name, Tensor.class, "a tensor");
    }

    /** Returns a module, which is built if it is given as a {@link ModuleSpec}. */
    public Module<?, ?> module(String name) {
        return moduleOf(name, values.get(name));
    }

    /** Returns a module, or null. */
    public @Nullable Module<?, ?> moduleOrNull(String name) {
        return isNone(name) ? null : module(name);
    }

    /** Returns {@code value} as a tensor. */
    public Tensor tensorOf(String name, @Nullable Object value) {
        return cast(name, value, Tensor.class, "a tensor");
    }

    /** Returns {@code value} as the module that it is or describes. */
    public Module<?, ?> moduleOf(String name, @Nullable Object value) {
        if (!(value instanceof ModuleSpec spec)) {
            return cast(name, value, Module.class, "a module");
        }
        try {
            return spec.build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("in " + module + "'s '" + name + "': " + e.getMessage(), e);
        }
    }

    /** Sets {@code device} and {@code dtype} in a layer's options. */
    public <S extends LayerOptions<S>> S placed(S options) {
        Object device = values.get("device");
        if (device != null) {
            options.device(device instanceof String text ? Device.of(text) : of("device", Device.class, "a device"));
        }
        return isNone("dtype") ? options : options.dtype(of("dtype", DType.class, "a dtype"));
    }

    /** Returns {@code value} as an int. */
    public long integerOf(String name, @Nullable Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        throw wrongKind(name, value, "a whole number");
    }

    private <T> T of(String name, Class<T> type, String kind) {
        return cast(name, values.get(name), type, kind);
    }

    private <T> T cast(String name, @Nullable Object value, Class<T> type, String kind) {
        if (!type.isInstance(value)) {
            throw wrongKind(name, value, kind);
        }
        return type.cast(Objects.requireNonNull(value));
    }

    private IllegalArgumentException wrongKind(String name, @Nullable Object value, String kind) {
        String shown = value instanceof Object[] array ? Arrays.toString(array) : String.valueOf(value);
        return new IllegalArgumentException(
                module + "'s argument '" + name + "' is " + (value == null ? "None" : shown) + ": give " + kind);
    }
}
