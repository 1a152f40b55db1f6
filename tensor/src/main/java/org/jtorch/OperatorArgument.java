package org.jtorch;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Type;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.HandleList;

/**
 * One argument of an operator's schema, such as {@code "Tensor(a!) self"} or {@code "Scalar?[] scalars"}, and the
 * conversion of Java values to it.
 */
final class OperatorArgument {

    private final String operator;

    /** The name, such as {@code kernel_size}. */
    final String name;

    /** The type as in the schema, without the alias annotations: {@code int[2]?}. */
    private final String type;

    /** The type without the marks of an optional or a list: {@code Tensor}, {@code int}. */
    private final String base;

    /** The type of the list's elements, if this is a list. */
    private final Type.@Nullable TypePtr element;

    /** The number of times that a single value is repeated for a list of a fixed length. */
    private final int length;

    private OperatorArgument(String operator, Operator.Argument described, Type.@Nullable TypePtr element) {
        this.operator = operator;
        this.name = described.name();
        this.type = described.type();
        this.element = element;
        int end = 0;
        while (end < type.length() && Character.isLetter(type.charAt(end))) {
            end++;
        }
        base = type.substring(0, end);
        int open = type.indexOf('[');
        int close = type.indexOf(']');
        length = open < 0 || close == open + 1 ? 1 : Integer.parseInt(type.substring(open + 1, close));
    }

    /** Returns the conversions to the arguments of a schema. */
    static List<OperatorArgument> of(FunctionSchema schema, OperatorSchema read) {
        List<OperatorArgument> arguments = new ArrayList<>();
        Argument first = schema.arguments();
        for (Operator.Argument described : read.arguments()) {
            Type.TypePtr element = null;
            if (described.type().indexOf('[') >= 0) {
                Type whole =
                        ((Argument) first.getPointer(arguments.size())).type().get();
                element = whole.containedType(0);
                if (described.type().endsWith("]?")) {
                    element = element.get().containedType(0);
                }
            }
            String overload = read.overload().isEmpty() ? "" : "." + read.overload();
            arguments.add(new OperatorArgument(read.name() + overload, described, element));
        }
        return arguments;
    }

    /** Returns whether this argument is a list. */
    boolean isList() {
        return element != null;
    }

    /**
     * Returns the engine's form of {@code value}, which the caller must close.
     *
     * @throws IllegalArgumentException if the value has another kind than the schema requires
     */
    IValue box(@Nullable Object value) {
        if (value == null) {
            if (!type.endsWith("?")) {
                throw wrong("null");
            }
            return new IValue();
        }
        if (value instanceof HandleList list) {
            if (!type.startsWith("Tensor[")) {
                throw wrong("a list of tensors");
            }
            return list.toIValue();
        }
        if (element == null) {
            return single(value);
        }
        if (type.startsWith("Tensor[")) {
            return tensors(elements(value, length));
        }
        try (GenericList list = new GenericList(element)) {
            for (Object each : elements(value, length)) {
                if (each == null && type.indexOf('?') != type.indexOf('[') - 1) {
                    throw wrong("a list that contains null");
                }
                try (IValue boxed = each == null ? new IValue() : single(each)) {
                    list.push_back(boxed);
                }
            }
            return new IValue(list);
        }
    }

    /** Returns the engine's list of tensors. It takes one call for each, where a list of any values takes three. */
    private IValue tensors(List<?> elements) {
        try (HandleList list = new HandleList(elements.size())) {
            for (Object each : elements) {
                if (each instanceof Tensor tensor) {
                    list.add(tensor.handle());
                } else if (each instanceof org.bytedeco.pytorch.Tensor handle) {
                    list.add(handle);
                } else {
                    throw wrong(
                            each == null
                                    ? "a list that contains null"
                                    : "a " + each.getClass().getSimpleName());
                }
            }
            return list.toIValue();
        }
    }

    /** Returns the elements of a list or an array. A single value is repeated {@code length} times. */
    static List<?> elements(Object value, int length) {
        if (value instanceof List<?> list) {
            return list;
        }
        if (!value.getClass().isArray()) {
            // PyTorch also accepts 2 for [2, 2]
            return Collections.nCopies(length, value);
        }
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
            elements.add(Array.get(value, i));
        }
        return elements;
    }

    private IValue single(Object value) {
        IValue made = EngineValues.single(base, value);
        if (made != null) {
            return made;
        }
        if (!EngineValues.isKnown(base)) {
            throw new IllegalArgumentException("argument '" + name + "' of " + operator + " is of type " + type
                    + ", which cannot be passed from Java");
        }
        boolean whole = base.equals("int") || base.equals("Scalar");
        throw wrong(
                whole && value instanceof Number
                        ? value.toString()
                        : "a " + value.getClass().getSimpleName());
    }

    private IllegalArgumentException wrong(String given) {
        return new IllegalArgumentException(
                "argument '" + name + "' of " + operator + " is of type " + type + ", but was given " + given);
    }
}
