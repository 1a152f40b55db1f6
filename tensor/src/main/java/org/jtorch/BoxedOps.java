package org.jtorch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.IntType;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Type;
import org.jspecify.annotations.Nullable;

/**
 * Ops that the bindings leave out, most of them for their leading underscore, reached by name through the dispatcher.
 */
final class BoxedOps {

    private static final Map<String, OperatorHandle> OPERATORS = new ConcurrentHashMap<>();

    private BoxedOps() {}

    /** Calls an op that gives one tensor. The handle is the caller's. */
    static org.bytedeco.pytorch.Tensor tensor(String operator, String overload, @Nullable Object... arguments) {
        return tensors(operator, overload, arguments).get(0);
    }

    /** Calls an op that gives values and where they were. The handles are the caller's. */
    static List<org.bytedeco.pytorch.Tensor> pair(String operator, String overload, @Nullable Object... arguments) {
        return tensors(operator, overload, arguments);
    }

    /** Calls an op that gives tensors. The handles are the caller's. */
    static List<org.bytedeco.pytorch.Tensor> tensors(String operator, String overload, @Nullable Object... arguments) {
        OperatorHandle handle = OPERATORS.computeIfAbsent(operator + "." + overload, key -> Dispatcher.singleton()
                .findSchemaOrThrow("aten::" + operator, overload));
        try (IValueVector stack = new IValueVector()) {
            for (Object argument : arguments) {
                try (IValue value = value(argument)) {
                    stack.push_back(value);
                }
            }
            handle.callBoxed(stack);
            List<org.bytedeco.pytorch.Tensor> results = new ArrayList<>();
            for (long i = 0; i < stack.size(); i++) {
                results.add(new org.bytedeco.pytorch.Tensor(stack.get(i).toTensor()));
            }
            return results;
        }
    }

    private static IValue value(@Nullable Object argument) {
        if (argument == null) {
            return new IValue();
        } else if (argument instanceof Tensor tensor) {
            return new IValue(tensor.handle());
        } else if (argument instanceof Boolean truth) {
            return new IValue((boolean) truth);
        } else if (argument instanceof Long integer) {
            return new IValue((long) integer);
        } else if (argument instanceof Double real) {
            return new IValue((double) real);
        } else if (argument instanceof String text) {
            return new IValue(text);
        } else if (argument instanceof Scalar scalar) {
            return new IValue(scalar);
        } else if (argument instanceof long[] integers) {
            try (GenericList list =
                    new GenericList(new Type.TypePtr(IntType.getIntTypePtr().get()))) {
                for (long integer : integers) {
                    list.push_back(new IValue(integer));
                }
                return new IValue(list);
            }
        }
        throw new IllegalArgumentException(
                "an op called by name takes no " + argument.getClass().getSimpleName());
    }
}
