package org.jtorch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Doors;
import org.jtorch.internal.engine.Modes;
import org.jtorch.internal.engine.Taps;

/**
 * An operator of the engine, by its ATen name: also those that {@link Tensor} has no method for.
 *
 * <p><b>What can be called.</b> The operators of {@code aten}, but not those that trust their arguments with the process's
 * memory: names that begin with an underscore (the engine's internals; those that check what they are given, or that exported
 * graphs and checkpoints hold, are exceptions), kernels of a backward, which trust what their forward saved, kernels of one backend
 * ({@code mkldnn_…}, {@code cudnn_…}, {@code quantized_…} and others), and a few more. {@link #find} refuses them.
 *
 * <p><b>What is checked.</b> Each argument must be of the kind that the schema says. Where the engine would not survive a value,
 * it is refused as by the methods of {@link Tensor}.
 *
 * <pre>{@code
 * Operator hypot = Operator.find("aten::hypot", "");
 * Tensor c = (Tensor) hypot.call(a, b).get(0);
 * }</pre>
 */
public final class Operator {

    /** Each is made once: what it holds of the engine is freed by the collector alone. */
    private static final Map<String, Operator> FOUND = new ConcurrentHashMap<>();

    static {
        Doors.open(Operator.class, (Doors.Operators<Operator>) Operator::found);
    }

    private final String name;
    private final OperatorHandle handle;
    private final String schema;
    private final List<OperatorArgument> arguments;
    private final OperatorGuards.Guard guard;
    private final OperatorRewrites.@Nullable Rewrite rewrite;
    private final boolean givesIndices;

    private Operator(String name, OperatorHandle handle) {
        this.name = name;
        this.handle = handle;
        try (BytePointer text = torch.toString(handle.schema())) {
            schema = text.getString();
        }
        arguments = OperatorArgument.of(handle.schema(), schema);
        guard = OperatorGuards.of(name, arguments);
        rewrite = OperatorRewrites.of(name);
        givesIndices = SparseParts.givesIndices(name);
    }

    /**
     * Finds an operator.
     *
     * @param name its name with namespace, {@code aten::add}
     * @param overload the name of the overload, {@code Tensor}; empty for the one without
     * @throws TorchException if the engine has no such operator, or it cannot be called by name
     */
    public static Operator find(String name, String overload) {
        OperatorRules.check(name, overload);
        Operator operator = found(name, overload);
        OperatorRules.checkResults(name, overload, operator.schema);
        return operator;
    }

    /** Any operator, also those that {@link #find} refuses: for callers that have made sure of its arguments. */
    static Operator found(String name, String overload) {
        Ops.load();
        try {
            return FOUND.computeIfAbsent(
                    name + "." + overload,
                    key -> new Operator(name, Dispatcher.singleton().findSchemaOrThrow(name, overload)));
        } catch (RuntimeException e) {
            throw Ops.failure(name, e);
        }
    }

    /**
     * Calls the operator.
     *
     * @param values all of its arguments in the schema's order, none left out: tensors, numbers, booleans, strings, dtypes,
     *     devices, memory formats, generators; lists or arrays where the schema has a list; null for an absent optional
     * @return its results in order: tensors, lists of tensors, longs, doubles, booleans; a tensor that the operator leaves
     *     undefined is left out
     * @throws IllegalArgumentException if there are too few or too many, if one is of another kind than its schema says, or if the
     *     engine would not survive it
     * @throws TorchException if the operator fails
     */
    public List<Object> call(@Nullable Object... values) {
        try (IValueVector stack = run(values)) {
            List<Object> results = new ArrayList<>();
            for (long i = 0; i < stack.size(); i++) {
                try (IValue value = stack.get(i)) {
                    if (!value.isTensor() || value.toTensor().defined()) {
                        results.add(fromIValue(value));
                    }
                }
            }
            if (Taps.on) {
                Ops.tap(name, results, values);
            }
            return results;
        } catch (RuntimeException e) {
            throw Ops.failure(name, e);
        }
    }

    /** Calls an operator that gives tensors, untapped. The handles are the caller's. */
    List<org.bytedeco.pytorch.Tensor> handles(@Nullable Object... values) {
        try (IValueVector stack = run(values)) {
            List<org.bytedeco.pytorch.Tensor> results = new ArrayList<>();
            for (long i = 0; i < stack.size(); i++) {
                try (IValue value = stack.get(i)) {
                    results.add(tensor(value));
                }
            }
            return results;
        }
    }

    /** The stack with the results. */
    private IValueVector run(@Nullable Object... values) {
        if (values.length != arguments.size()) {
            // the engine would take what is not there from beneath its stack
            throw new IllegalArgumentException(
                    name + " takes " + arguments.size() + " arguments, not " + values.length + ": " + schema);
        }
        IValueVector stack = new IValueVector();
        try {
            for (int i = 0; i < values.length; i++) {
                try (IValue value = box(i, values)) {
                    stack.push_back(value);
                }
            }
            guard.check(new OperatorGuards.Given(arguments, values));
            Modes.apply();
            handle.callBoxed(stack);
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    /** The engine's form of argument {@code i}; the caller's to close. */
    private IValue box(int i, @Nullable Object[] values) {
        OperatorArgument argument = arguments.get(i);
        if (rewrite == null || !(values[i] instanceof Tensor tensor)) {
            return argument.box(values[i]);
        }
        Modes.apply(); // what is made here is made in the thread's mode
        org.bytedeco.pytorch.Tensor given = tensor.handle();
        org.bytedeco.pytorch.Tensor taken = rewrite.of(argument, given, new OperatorGuards.Given(arguments, values));
        try {
            return argument.box(taken);
        } finally {
            if (taken != given) {
                taken.close();
            }
        }
    }

    /** A handle of our own: the engine's goes with the stack, or else with the collector, which would keep the elements. */
    private org.bytedeco.pytorch.Tensor tensor(IValue value) {
        try (org.bytedeco.pytorch.Tensor lent = value.toTensor()) {
            return givesIndices ? lent.clone() : new org.bytedeco.pytorch.Tensor(lent);
        }
    }

    private Object fromIValue(IValue value) {
        if (value.isTensor()) {
            return Ops.own(tensor(value));
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
