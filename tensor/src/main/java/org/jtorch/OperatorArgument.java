package org.jtorch;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.HandleList;
import org.jtorch.internal.guards.Opaque;

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
        switch (base) {
            case "Tensor" -> {
                if (value instanceof Tensor tensor) {
                    return new IValue(tensor.handle());
                }
                if (value instanceof org.bytedeco.pytorch.Tensor handle) {
                    return new IValue(handle);
                }
                if (value instanceof Number || value instanceof Boolean) {
                    return wrapped(value);
                }
            }
            case "int" -> {
                if (value instanceof Number number) {
                    return new IValue(integer(number));
                }
            }
            case "float" -> {
                if (value instanceof Number number) {
                    return new IValue(number.doubleValue());
                }
            }
            case "bool" -> {
                if (value instanceof Boolean truth) {
                    return new IValue(truth.booleanValue());
                }
            }
            case "Scalar" -> {
                if (value instanceof Double || value instanceof Float) {
                    return new IValue(((Number) value).doubleValue());
                }
                if (value instanceof Number number) {
                    return new IValue(integer(number));
                }
                if (value instanceof Boolean truth) {
                    return new IValue(truth.booleanValue());
                }
            }
            case "str" -> {
                if (value instanceof String text) {
                    return new IValue(text);
                }
            }
            case "ScalarType" -> {
                if (value instanceof DType dtype) {
                    return new IValue((long) dtype.scalarType.value);
                }
            }
            case "Layout" -> {
                if (value instanceof Layout layout) {
                    if (layout == Layout.MKLDNN) {
                        throw new TorchException(Opaque.ONE_DNN);
                    }
                    return new IValue((long) layout.handle().value);
                }
            }
            case "MemoryFormat" -> {
                if (value instanceof MemoryFormat format) {
                    return new IValue((long) format.handle.value);
                }
            }
            case "Device" -> {
                if (value instanceof Device device) {
                    return new IValue(Ops.device(device));
                }
            }
            case "Generator" -> {
                if (value instanceof Generator generator) {
                    return new IValue(generator.handle());
                }
            }
            default ->
                throw new IllegalArgumentException("argument '" + name + "' of " + operator + " is of type " + type
                        + ", which cannot be passed from Java");
        }
        throw wrong("a " + value.getClass().getSimpleName());
    }

    /** Returns a number in place of a tensor. As in PyTorch, it does not change the dtype of the result if the other's kind fits. */
    private static IValue wrapped(Object value) {
        if (value instanceof Boolean truth) {
            try (Tensor tensor = Torch.tensor(truth ? 1L : 0L);
                    Tensor converted = tensor.to(DType.BOOL)) {
                converted.handle().unsafeGetTensorImpl().set_wrapped_number(true);
                return new IValue(converted.handle());
            }
        }
        Number number = (Number) value;
        try (Scalar scalar = number instanceof Double || number instanceof Float
                        ? new Scalar(number.doubleValue())
                        : new Scalar(number.longValue());
                org.bytedeco.pytorch.Tensor tensor = torch.wrapped_scalar_tensor(scalar)) {
            return new IValue(tensor);
        }
    }

    private long integer(Number number) {
        if (number.doubleValue() != number.longValue()) {
            throw wrong(number.toString());
        }
        return number.longValue();
    }

    private IllegalArgumentException wrong(String given) {
        return new IllegalArgumentException(
                "argument '" + name + "' of " + operator + " is of type " + type + ", but was given " + given);
    }
}
