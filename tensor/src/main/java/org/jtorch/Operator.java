package org.jtorch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Any operator that the engine's dispatcher knows, by its ATen name: also those that {@link Tensor} has no method for.
 *
 * <pre>{@code
 * Operator hypot = Operator.find("aten::hypot", "");
 * Tensor c = (Tensor) hypot.call(a, b).get(0);
 * }</pre>
 */
public final class Operator {

    private final String name;
    private final OperatorHandle handle;
    private final String schema;
    private final int arity;

    private Operator(String name, OperatorHandle handle) {
        this.name = name;
        this.handle = handle;
        try (BytePointer text = torch.toString(handle.schema())) {
            schema = text.getString();
        }
        arity = arity(schema);
    }

    /** How many arguments a schema has, {@code "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"}. */
    private static int arity(String schema) {
        int arity = 0;
        int depth = 0;
        int from = schema.indexOf('(') + 1;
        for (int i = from; depth >= 0; i++) {
            char c = schema.charAt(i);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (depth < 0 || (depth == 0 && c == ',')) {
                String argument = schema.substring(from, i).strip();
                arity += argument.isEmpty() || argument.equals("*") ? 0 : 1;
                from = i + 1;
            }
        }
        return arity;
    }

    /**
     * Finds an operator.
     *
     * @param name its name with namespace, {@code aten::add}
     * @param overload the name of the overload, {@code Tensor}; empty for the one without
     * @throws TorchException where the engine has no such operator
     */
    public static Operator find(String name, String overload) {
        Ops.load();
        try {
            return new Operator(name, Dispatcher.singleton().findSchemaOrThrow(name, overload));
        } catch (RuntimeException e) {
            throw Ops.failure(name, e);
        }
    }

    /**
     * Calls the operator.
     *
     * @param arguments all of its arguments in the schema's order, none left out: tensors, lists of tensors, numbers,
     *     booleans, strings, dtypes; null for an absent optional
     * @return its results in order: tensors, lists of tensors, longs, doubles, booleans
     * @throws IllegalArgumentException where there are too few or too many
     * @throws TorchException where the operator fails or an argument does not fit its schema
     */
    public List<Object> call(@Nullable Object... arguments) {
        if (arguments.length != arity) {
            // the engine would take what is not there from beneath its stack
            throw new IllegalArgumentException(
                    name + " takes " + arity + " arguments, not " + arguments.length + ": " + schema);
        }
        try (IValueVector stack = new IValueVector()) {
            for (Object argument : arguments) {
                try (IValue value = toIValue(argument)) {
                    stack.push_back(value);
                }
            }
            handle.callBoxed(stack);
            List<Object> results = new ArrayList<>();
            for (long i = 0; i < stack.size(); i++) {
                try (IValue value = stack.get(i)) {
                    results.add(fromIValue(value));
                }
            }
            if (Ops.tapped) {
                Ops.tap(name, results, arguments);
            }
            return results;
        } catch (RuntimeException e) {
            throw Ops.failure(name, e);
        }
    }

    private static IValue toIValue(@Nullable Object argument) {
        if (argument == null) {
            return new IValue();
        }
        if (argument instanceof Tensor tensor) {
            return new IValue(tensor.handle());
        }
        if (argument instanceof List<?> list) {
            return toIValue(list);
        }
        if (argument instanceof Double || argument instanceof Float) {
            return new IValue(((Number) argument).doubleValue());
        }
        if (argument instanceof Number number) {
            return new IValue(number.longValue());
        }
        if (argument instanceof Boolean bool) {
            return new IValue(bool.booleanValue());
        }
        if (argument instanceof String text) {
            return new IValue(text);
        }
        if (argument instanceof DType dtype) {
            return new IValue((long) dtype.scalarType.value);
        }
        throw new IllegalArgumentException(
                "an operator takes tensors, lists of tensors, numbers, booleans, strings and dtypes, not a "
                        + argument.getClass().getName());
    }

    private static IValue toIValue(List<?> list) {
        try (Type.TypePtr type = new Type.TypePtr(TensorType.get());
                GenericList tensors = new GenericList(type)) {
            for (Object element : list) {
                if (!(element instanceof Tensor tensor)) {
                    throw new IllegalArgumentException("an operator takes lists of tensors, not of " + element);
                }
                try (IValue value = new IValue(tensor.handle())) {
                    tensors.push_back(value);
                }
            }
            return new IValue(tensors);
        }
    }

    private static Object fromIValue(IValue value) {
        if (value.isTensor()) {
            // the engine lends the tensor inside the value, which goes with the stack: a handle of our own outlives it
            return Ops.own(new org.bytedeco.pytorch.Tensor(value.toTensor()));
        }
        if (value.isTensorList()) {
            return Ops.list(value.toTensorVector());
        }
        if (value.isInt()) {
            return value.toInt();
        }
        if (value.isDouble()) {
            return value.toDouble();
        }
        if (value.isBool()) {
            return value.toBool();
        }
        throw new TorchException("the operator gave a value that is no tensor, number or boolean");
    }

    @Override
    public String toString() {
        return name;
    }
}
