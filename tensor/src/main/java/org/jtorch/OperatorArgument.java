package org.jtorch;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Type;
import org.jspecify.annotations.Nullable;

/**
 * One argument of an operator's schema, {@code "Tensor(a!) self"} or {@code "Scalar?[] scalars"}, and how a Java value
 * becomes it.
 */
final class OperatorArgument {

    private static final String TAKEN =
            "an operator takes tensors, numbers, booleans, strings, dtypes, devices, memory formats, generators, and lists "
                    + "and arrays of them, not a ";

    /** The type without what says that it may be absent, is a list or is written to: {@code Tensor}, {@code int}. */
    private final String base;

    /** What the engine's list holds, where this is one. */
    private final Type.@Nullable TypePtr element;

    private OperatorArgument(String base, Type.@Nullable TypePtr element) {
        this.base = base;
        this.element = element;
    }

    /** The arguments of a schema, {@code "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"}. */
    static List<OperatorArgument> of(FunctionSchema schema, String text) {
        List<OperatorArgument> arguments = new ArrayList<>();
        Argument first = schema.arguments();
        for (String declared : declarations(text)) {
            String type = declared.substring(0, declared.indexOf(' '));
            // "Tensor(a!)[]": what stands in parentheses says what it shares
            String plain = type.replaceAll("\\([^)]*\\)", "");
            int end = 0;
            while (end < plain.length() && Character.isLetter(plain.charAt(end))) {
                end++;
            }
            Type.TypePtr element = null;
            if (plain.indexOf('[') >= 0) {
                Type whole =
                        ((Argument) first.getPointer(arguments.size())).type().get();
                element = whole.containedType(0);
                if (plain.endsWith("]?")) {
                    element = element.get().containedType(0);
                }
            }
            arguments.add(new OperatorArgument(plain.substring(0, end), element));
        }
        return arguments;
    }

    /** What stands between the commas of the outer parentheses. */
    private static List<String> declarations(String schema) {
        List<String> declarations = new ArrayList<>();
        int depth = 0;
        int from = schema.indexOf('(') + 1;
        for (int i = from; depth >= 0; i++) {
            char c = schema.charAt(i);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (depth < 0 || (depth == 0 && c == ',')) {
                String declaration = schema.substring(from, i).strip();
                if (!declaration.isEmpty() && !declaration.equals("*")) {
                    declarations.add(declaration);
                }
                from = i + 1;
            }
        }
        return declarations;
    }

    /** The engine's form of {@code value}; the caller's to close. */
    IValue box(@Nullable Object value) {
        if (value == null) {
            return new IValue();
        }
        if (element == null) {
            return single(value);
        }
        try (GenericList list = new GenericList(element)) {
            for (Object each : elements(value)) {
                try (IValue boxed = each == null ? new IValue() : single(each)) {
                    list.push_back(boxed);
                }
            }
            return new IValue(list);
        }
    }

    private static List<?> elements(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        if (!value.getClass().isArray()) {
            // PyTorch too takes 2 for [2]
            return List.of(value);
        }
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
            elements.add(Array.get(value, i));
        }
        return elements;
    }

    private IValue single(Object value) {
        if (value instanceof Tensor tensor) {
            return new IValue(tensor.handle());
        }
        if (value instanceof org.bytedeco.pytorch.Tensor handle) {
            return new IValue(handle);
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Boolean truth) {
            return new IValue(truth.booleanValue());
        }
        if (value instanceof String text) {
            return new IValue(text);
        }
        if (value instanceof DType dtype) {
            return new IValue((long) dtype.scalarType.value);
        }
        if (value instanceof Device device) {
            return new IValue(Ops.device(device));
        }
        if (value instanceof MemoryFormat format) {
            return new IValue((long) format.handle.value);
        }
        if (value instanceof Generator generator) {
            return new IValue(generator.handle());
        }
        throw new IllegalArgumentException(TAKEN + value.getClass().getName());
    }

    private IValue number(Number number) {
        boolean real = number instanceof Double || number instanceof Float;
        if (base.equals("float") || (real && !base.equals("int") && !base.equals("SymInt"))) {
            return new IValue(number.doubleValue());
        }
        if (number.doubleValue() != number.longValue()) {
            throw new IllegalArgumentException("expected an integer, not " + number);
        }
        return new IValue(number.longValue());
    }
}
