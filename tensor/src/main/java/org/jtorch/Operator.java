package org.jtorch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;
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

    private Operator(String name, OperatorHandle handle) {
        this.name = name;
        this.handle = handle;
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
     * @throws TorchException where the operator fails or the arguments do not fit its schema
     */
    public List<Object> call(@Nullable Object... arguments) {
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
            return Ops.own(value.toTensor());
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
