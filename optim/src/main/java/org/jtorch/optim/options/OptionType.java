package org.jtorch.optim.options;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonNumbers;
import org.jtorch.serialize.python.Tuple;

/** Checks a value of an option, and converts it to the type in which the option is kept. */
public final class OptionType {

    @FunctionalInterface
    private interface Reader {
        @Nullable
        Object read(String name, @Nullable Object value);
    }

    private final Reader reader;

    private OptionType(Reader reader) {
        this.reader = reader;
    }

    /**
     * Returns the type of a number. A boolean is not a number. A tensor of one element is: PyTorch keeps the learning rate in
     * one if it is changed on a GPU.
     *
     * @param problem what a message says before the value if it is not allowed, such as {@code "Invalid learning rate"}
     * @param valid returns whether a value is allowed
     */
    public static OptionType number(String problem, DoublePredicate valid) {
        return new OptionType((name, value) -> {
            double number = asNumber(name, value);
            if (!valid.test(number)) {
                throw new IllegalArgumentException(problem + ": " + PythonNumbers.repr(number));
            }
            return number;
        });
    }

    /** Returns the type of a whole number, with the same arguments as {@link #number}. */
    public static OptionType integer(String problem, DoublePredicate valid) {
        return new OptionType((name, value) -> {
            double number = asNumber(name, value);
            if (number != Math.rint(number) || !valid.test(number)) {
                throw new IllegalArgumentException(problem + ": " + PythonNumbers.repr(number));
            }
            return (long) number;
        });
    }

    static OptionType flag() {
        return new OptionType((name, value) -> {
            if (value instanceof Boolean flag) {
                return flag;
            }
            throw wrong(name, "true or false", value);
        });
    }

    static OptionType text(Predicate<String> valid, UnaryOperator<String> problem) {
        return new OptionType((name, value) -> {
            if (value instanceof String text) {
                if (!valid.test(text)) {
                    throw new IllegalArgumentException(problem.apply(text));
                }
                return text;
            }
            throw wrong(name, "a text", value);
        });
    }

    /** Returns a type whose values may also be absent. */
    public static OptionType optional(OptionType type) {
        return new OptionType((name, value) -> value == null ? null : type.read(name, value));
    }

    static OptionType tuple(OptionType... types) {
        return new OptionType((name, value) -> {
            List<@Nullable Object> elements = asTuple(name, value).values();
            if (elements.size() != types.length) {
                throw wrong(name, types.length + " values", value);
            }
            List<@Nullable Object> read = new ArrayList<>(types.length);
            for (int i = 0; i < types.length; i++) {
                read.add(types[i].read(name, elements.get(i)));
            }
            return new Tuple(read);
        });
    }

    @Nullable
    Object read(String name, @Nullable Object value) {
        return reader.read(name, value);
    }

    /**
     * Returns a number, also if it is in a tensor of one element.
     *
     * @param name the name of the option, for the message
     * @param value the number
     * @throws IllegalArgumentException if the value is not a number
     */
    public static double asNumber(String name, @Nullable Object value) {
        if (value instanceof Tensor tensor && tensor.numel() == 1 && !tensor.isComplex()) {
            return tensor.item();
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(name, "a number", value);
    }

    static Tuple asTuple(String name, @Nullable Object value) {
        if (value instanceof Tuple tuple) {
            return tuple;
        }
        if (value instanceof List<?> list) {
            return new Tuple(list);
        }
        if (value instanceof Object[] array) {
            return new Tuple(Arrays.asList(array));
        }
        if (value instanceof double[] array) {
            return new Tuple(Arrays.stream(array).boxed().toList());
        }
        throw wrong(name, "a tuple", value);
    }

    private static IllegalArgumentException wrong(String name, String expected, @Nullable Object value) {
        return new IllegalArgumentException("the option '" + name + "' must be " + expected + ", not "
                + (value == null ? "null" : value + " (" + value.getClass().getSimpleName() + ")"));
    }
}
