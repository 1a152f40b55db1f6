package org.jtorch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.OperatorVector;
import org.bytedeco.pytorch.Symbol;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Doors;
import org.jtorch.internal.engine.HandleList;
import org.jtorch.internal.engine.Modes;
import org.jtorch.internal.engine.OneDnnCheck;
import org.jtorch.internal.engine.SerialBlas;
import org.jtorch.internal.engine.Taps;

/**
 * An operator of the engine, found by its ATen name. Includes operators for which {@link Tensor} has no method.
 *
 * <p><b>What can be called.</b> The operators of {@code aten} can be called, except those that could corrupt the process's
 * memory if an argument is wrong. These are: names that begin with an underscore (internals of the engine; exceptions are
 * those that check their arguments, and those that exported graphs and checkpoints contain), kernels of a backward pass,
 * which trust what their forward pass saved, kernels of one backend ({@code mkldnn_…}, {@code cudnn_…}, {@code quantized_…}
 * and others), and a few more. {@link #find} refuses them.
 *
 * <p><b>What is checked.</b> Each argument must have the kind that the schema requires. A value with which the engine would
 * crash is refused, as by the methods of {@link Tensor}.
 *
 * <p><b>What is computed.</b> An operator computes the same as the method of {@link Tensor} for it, with the same kernel.
 *
 * <pre>{@code
 * Operator hypot = Operator.find("aten::hypot", "");
 * Tensor c = (Tensor) hypot.call(a, b).get(0);
 * }</pre>
 */
public final class Operator {

    /** Each operator is created once, since only the collector frees the engine's objects that it holds. */
    private static final Map<String, Operator> FOUND = new ConcurrentHashMap<>();

    private static final Map<String, List<OperatorSchema>> OVERLOADS = new ConcurrentHashMap<>();

    static {
        Doors.open(Operator.class, new Doors.Operators<Operator>() {
            @Override
            public Operator find(String name, String overload) {
                return found(name, overload);
            }

            @Override
            public Operator findUnguarded(String name, String overload) {
                return made(name, overload, false);
            }

            @Override
            public @Nullable Object[] results(Operator operator, @Nullable Object... values) {
                return operator.results(null, values);
            }

            @Override
            public UnaryOperator<@Nullable Object[]> prepared(
                    Operator operator, @Nullable Object[] values, boolean[] constant) {
                PreparedArguments known = new PreparedArguments(operator, values, constant);
                return each -> operator.results(known, each);
            }

            @Override
            public IValue box(Type.TypePtr type, @Nullable Object value, String place) {
                return EngineValues.of(type, value, place);
            }

            @Override
            public @Nullable Object unbox(IValue value, Type.@Nullable TypePtr type) {
                return EngineValues.toJava(value, type);
            }

            @Override
            public @Nullable HandleList lists(Operator operator, @Nullable Object... values) {
                return operator.lists(values);
            }
        });
    }

    /**
     * An argument of an operator.
     *
     * @param name the name, such as {@code weight}
     * @param type the type as PyTorch writes it, such as {@code Tensor?} or {@code int[2]}
     * @param keywordOnly whether Python passes it only by name
     * @param optional whether it has a default
     * @param defaultValue the default as {@link #call} accepts it; null if it has none or it is None
     * @param written whether the operator changes this tensor
     * @param aliased whether a result may share the memory of this tensor
     */
    public record Argument(
            String name,
            String type,
            boolean keywordOnly,
            boolean optional,
            @Nullable Object defaultValue,
            boolean written,
            boolean aliased) {}

    /** The operators whose kernels call OpenBLAS from several of libtorch's threads ({@link SerialBlas}). */
    private static final Set<String> BLAS_FROM_THREADS = Set.of(
            "aten::scaled_dot_product_attention",
            "aten::_scaled_dot_product_flash_attention_for_cpu",
            "aten::_scaled_dot_product_flash_attention_for_cpu_backward",
            "aten::_native_multi_head_attention",
            "aten::_transformer_encoder_layer_fwd");

    private final String name;
    private final String overload;
    private final OperatorHandle handle;
    private final String schema;
    private final OperatorSchema read;
    private final List<OperatorArgument> arguments;
    private final OperatorGuards.Guard guard;
    private final OperatorRewrites.@Nullable Rewrite rewrite;
    private final boolean givesIndices;
    private final boolean convolution;
    private final boolean linear;
    private final boolean callsBlasFromThreads;

    private Operator(String name, String overload, OperatorHandle handle, boolean guarded) {
        this.name = name;
        this.overload = overload;
        this.handle = handle;
        try (BytePointer text = torch.toString(handle.schema())) {
            schema = text.getString();
        }
        read = OperatorSchema.parse(schema);
        arguments = OperatorArgument.of(handle.schema(), read);
        guard = guarded ? OperatorGuards.of(name, arguments) : OperatorGuards.NONE;
        rewrite = OperatorRewrites.of(name);
        givesIndices = SparseParts.givesIndices(name);
        convolution = Convolutions.isOne(name);
        linear = name.equals("aten::linear") && overload.isEmpty();
        callsBlasFromThreads = BLAS_FROM_THREADS.contains(name);
        if (name.equals("aten::lstm")) {
            OneDnnCheck.avoidIfWrong(); // the engine's inference calls oneDNN
        }
    }

    /**
     * Finds an operator.
     *
     * @param name the name with its namespace, such as {@code aten::add}
     * @param overload the name of the overload, such as {@code Tensor}; empty for the overload without a name
     * @throws TorchException if the engine has no such operator, or it cannot be called by name
     */
    public static Operator find(String name, String overload) {
        OperatorRules.check(name, overload);
        Operator operator = found(name, overload);
        OperatorRules.checkResults(name, overload, operator.schema);
        return operator;
    }

    /** Finds any operator, including those that {@link #find} refuses. For callers that have checked the arguments. */
    static Operator found(String name, String overload) {
        Ops.load();
        return FOUND.computeIfAbsent(name + "." + overload, key -> made(name, overload, true));
    }

    private static Operator made(String name, String overload, boolean guarded) {
        Ops.load();
        try {
            return new Operator(name, overload, Dispatcher.singleton().findSchemaOrThrow(name, overload), guarded);
        } catch (RuntimeException e) {
            throw Ops.failure(name, e);
        }
    }

    /**
     * Returns the schemas of all overloads of an operator, including those that {@link #find} refuses.
     *
     * @param name the name with its namespace, such as {@code aten::add}
     * @return the schemas; empty if the engine has no such operator
     */
    public static List<OperatorSchema> overloads(String name) {
        Ops.load();
        return OVERLOADS.computeIfAbsent(name, Operator::registered);
    }

    private static List<OperatorSchema> registered(String name) {
        List<OperatorSchema> schemas = new ArrayList<>();
        try (Symbol symbol = Symbol.fromQualString(name);
                OperatorVector operators = torch.getAllOperatorsFor(symbol)) {
            for (long i = 0; i < operators.size(); i++) {
                try (BytePointer text = torch.toString(operators.get(i).schema())) {
                    schemas.add(OperatorSchema.parse(text.getString()));
                }
            }
        } catch (RuntimeException e) {
            throw Ops.failure(name, e);
        }
        return List.copyOf(schemas);
    }

    /** Returns the name with its namespace, such as {@code aten::add}. */
    public String name() {
        return name;
    }

    /** Returns the name of the overload, such as {@code Tensor}; empty for the overload without a name. */
    public String overload() {
        return overload;
    }

    /** Returns the schema as PyTorch writes it, such as {@code aten::relu(Tensor self) -> Tensor}. */
    public String schema() {
        return schema;
    }

    /** Returns the arguments in the order in which {@link #call} takes them. */
    public List<Argument> arguments() {
        return read.arguments();
    }

    /**
     * Calls the operator.
     *
     * @param values all arguments in the order of the schema: tensors, numbers, booleans, strings, dtypes, devices, memory
     *     formats, generators; lists or arrays if the schema has a list; null for an absent optional
     * @return the results in order: tensors, lists of tensors, longs, doubles, booleans; a tensor that the operator leaves
     *     undefined is left out
     * @throws IllegalArgumentException if there are too few or too many values, if one has another kind than the schema
     *     requires, or if the engine would crash with it
     * @throws TorchException if the operator fails
     */
    public List<Object> call(@Nullable Object... values) {
        List<Object> defined = new ArrayList<>();
        for (Object result : results(null, values)) {
            if (result != null) {
                defined.add(result);
            }
        }
        return defined;
    }

    /** Calls the operator as {@link #call}. The result has null in place of a tensor that the operator leaves undefined. */
    private @Nullable Object[] results(@Nullable PreparedArguments prepared, @Nullable Object... values) {
        if (convolution) {
            List<Object> result = Convolutions.call(this, values);
            if (result != null) {
                return result.toArray();
            }
        }
        if (linear
                && values.length == 3
                && values[0] instanceof Tensor input
                && values[1] instanceof Tensor weight
                && (values[2] == null || values[2] instanceof Tensor)) {
            return new Object[] {input.linear(weight, (Tensor) values[2])};
        }
        try {
            @Nullable Object[] results = converted(prepared, values);
            if (callsBlasFromThreads(values) && results[0] instanceof Tensor first) {
                SerialBlas.watch(first.handle());
            }
            if (Taps.on) {
                Ops.tap(name, Arrays.stream(results).filter(Objects::nonNull).toList(), values);
            }
            return results;
        } catch (RuntimeException e) {
            throw Ops.failure(name, e);
        }
    }

    private boolean callsBlasFromThreads(@Nullable Object[] values) {
        return callsBlasFromThreads
                || (convolution && values[0] instanceof Tensor input && input.dtype() == DType.FLOAT64);
    }

    private @Nullable Object[] converted(@Nullable PreparedArguments prepared, @Nullable Object... values) {
        IValueVector stack = run(prepared, values);
        try {
            @Nullable Object[] results = new @Nullable Object[Math.toIntExact(stack.size())];
            for (int i = 0; i < results.length; i++) {
                try (IValue value = stack.get(i)) {
                    results[i] = fromIValue(value);
                }
            }
            return results;
        } finally {
            if (prepared == null) {
                stack.close();
            } else {
                prepared.give(stack);
            }
        }
    }

    /** Calls an operator that returns tensors, without recording. The caller owns the handles. */
    List<org.bytedeco.pytorch.Tensor> handles(@Nullable Object... values) {
        try (IValueVector stack = run(null, values)) {
            List<org.bytedeco.pytorch.Tensor> results = new ArrayList<>();
            for (long i = 0; i < stack.size(); i++) {
                try (IValue value = stack.get(i)) {
                    results.add(tensor(value));
                }
            }
            return results;
        }
    }

    /**
     * Calls an operator on lists, without recording. Among the values may be a {@link HandleList}.
     *
     * @return the first result, which the caller must close; null if there are no results
     */
    @Nullable
    HandleList lists(@Nullable Object... values) {
        try (IValueVector stack = run(null, values)) {
            if (stack.size() == 0) {
                return null;
            }
            try (IValue value = stack.get(0)) {
                return HandleList.of(value);
            }
        } catch (RuntimeException e) {
            throw Ops.failure(name, e);
        }
    }

    /** Returns the stack with the results. */
    private IValueVector run(@Nullable PreparedArguments prepared, @Nullable Object... values) {
        if (values.length != arguments.size()) {
            // the engine would read missing arguments from below its stack
            throw new IllegalArgumentException(
                    name + " takes " + arguments.size() + " arguments, not " + values.length + ": " + schema);
        }
        IValueVector stack = prepared == null ? new IValueVector() : prepared.take();
        try {
            for (int i = 0; i < values.length; i++) {
                if (prepared == null) {
                    try (IValue value = box(i, values)) {
                        stack.push_back(value);
                    }
                } else if (!prepared.isKnown(i)) {
                    try (IValue value = box(i, values)) {
                        stack.put(i, value);
                    }
                }
            }
            guard.check(new OperatorGuards.Given(arguments, values));
            Modes.apply();
            if (callsBlasFromThreads(values)) {
                SerialBlas.during(() -> {
                    handle.callBoxed(stack);
                    return stack;
                });
            } else {
                handle.callBoxed(stack);
            }
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    /** Returns the engine's form of argument {@code i}, which the caller must close. */
    IValue box(int i, @Nullable Object[] values) {
        OperatorArgument argument = arguments.get(i);
        if (rewrite == null || !(values[i] instanceof Tensor tensor)) {
            return argument.box(values[i]);
        }
        Modes.apply(); // tensors created here belong to the thread's mode
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

    /** Returns our own handle, of a copy if the engine's tensor shares memory with the parts of a sparse tensor. */
    private org.bytedeco.pytorch.Tensor tensor(IValue value) {
        if (!givesIndices) {
            return EngineValues.handle(value);
        }
        try (org.bytedeco.pytorch.Tensor lent = value.toTensor()) {
            return lent.clone();
        }
    }

    /** Returns the value in Java; null for an undefined tensor. */
    private @Nullable Object fromIValue(IValue value) {
        return givesIndices && value.isTensor() ? Ops.own(tensor(value)) : EngineValues.toJava(value, null);
    }

    @Override
    public String toString() {
        return name;
    }
}
