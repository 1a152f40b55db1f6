package org.jtorch.export.internal.record;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.OpRecorder;
import org.jtorch.Operator;
import org.jtorch.OperatorSchema;
import org.jtorch.RemovableHandle;
import org.jtorch.StandIn;
import org.jtorch.Tensor;
import org.jtorch.amp.Autocast;
import org.jtorch.autograd.Autograd;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.internal.record.Trace.Call;
import org.jtorch.export.internal.record.Trace.Info;
import org.jtorch.export.internal.record.Trace.Ref;
import org.jtorch.nn.GlobalHooks;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.internal.FirstRun;

/** Writes down what a module does during one call. Tensors are known by their identity in the engine. */
final class Recording implements OpRecorder.Listener {

    private static final OperatorSchema DETACH = schema("aten::detach");
    private static final OperatorSchema COPY = schema("aten::copy_");

    private final Trace trace = new Trace();

    /** The number of each tensor, by its identity. */
    private final Map<Long, Ref> refs = new HashMap<>();

    /** Other objects for the tensors in {@link #refs}, so that no identity is used again. */
    private final List<Tensor> kept = new ArrayList<>();

    /** The buffers, with the memory that they had when it was last looked at. */
    private final Map<Ref, Memory> buffers = new LinkedHashMap<>();

    /** The numbers of the parameters and buffers, which may come to hold another tensor. */
    private final Map<Tensor, Ref> state = new IdentityHashMap<>();

    /** The tensors that were computed, by the memory that they have. */
    private final Map<Long, List<Tensor>> computed = new HashMap<>();

    private final Set<Ref> constants = new HashSet<>();
    private final FixedValues fixed = new FixedValues(trace);

    /** What was computed without gradients. */
    private final Set<Ref> withoutGradient = new HashSet<>();

    private final Map<Ref, Ref> detached = new HashMap<>();
    private final Deque<String> path = new ArrayDeque<>();
    private final Map<Module<?, ?>, String> names = new IdentityHashMap<>();
    private final Thread thread = Thread.currentThread();
    private final @Nullable List<Tensor> results;
    private boolean quiet;

    private static final class Memory {
        final Tensor buffer;
        long storage;

        Memory(Tensor buffer) {
            this.buffer = buffer;
            this.storage = buffer.storageId();
        }
    }

    private Recording(Module<?, ?> module, boolean keepResults) {
        this.results = keepResults ? new ArrayList<>() : null;
        for (Named<Module<?, ?>> named : module.namedModules("", false)) {
            names.putIfAbsent(named.value(), named.name());
        }
    }

    private static OperatorSchema schema(String name) {
        return Operator.overloads(name).stream()
                .filter(each -> each.overload().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /** What a recording gave. */
    record Result(Trace trace, @Nullable Object output, List<Tensor> firstResults) {}

    /**
     * Records one call.
     *
     * @param inputs the tensors that are passed, in the order of the leaves
     * @param call makes the call, and returns its output as lists and maps
     * @param keepResults whether the first tensor of each operation's result is copied
     */
    static Result of(
            Module<?, ?> module,
            ModuleState state,
            List<Tensor> inputs,
            Supplier<@Nullable Object> call,
            boolean keepResults) {
        Recording recording = new Recording(module, keepResults);
        for (ModuleState.Entry entry : state.entries()) {
            Ref ref = recording.defineState(entry.tensor());
            if (!entry.parameter()) {
                recording.buffers.put(ref, new Memory(entry.tensor()));
            }
        }
        for (Tensor input : inputs) {
            recording.define(input);
        }
        try (RemovableHandle enter = GlobalHooks.registerModuleForwardPreObserver((m, in) -> recording.enter(m));
                RemovableHandle exit = GlobalHooks.registerModuleForwardHook(
                        (m, in, out) -> {
                            recording.exit();
                            return null;
                        },
                        true)) {
            Object output;
            try (OpRecorder recorder = OpRecorder.start(recording)) {
                output = call.get();
            }
            recording.settleBuffers();
            recording.trace.output = recording.mapped(output);
            return new Result(recording.trace, output, recording.results == null ? List.of() : recording.results);
        } finally {
            recording.kept.forEach(Tensor::close);
        }
    }

    private void enter(Module<?, ?> entered) {
        if (Thread.currentThread() == thread) {
            path.push(names.getOrDefault(entered, ""));
        }
    }

    private void exit() {
        if (Thread.currentThread() == thread && !path.isEmpty()) {
            path.pop();
        }
    }

    private String path() {
        return path.isEmpty() ? "" : path.peek();
    }

    // --- tensors -----------------------------------------------------------------------------------------------

    /** Gives a tensor a number. An object that has one already gets another one: what it is from here on. */
    private Ref define(Tensor tensor) {
        Ref ref = trace.add(Info.of(tensor));
        long identity = StandIn.identity(tensor);
        if (refs.put(identity, ref) == null) {
            kept(tensor);
        }
        return ref;
    }

    /** Gives a parameter or a buffer a number. A tied one is used by its first name. */
    private Ref defineState(Tensor tensor) {
        Ref ref = trace.add(Info.of(tensor));
        if (refs.putIfAbsent(StandIn.identity(tensor), ref) == null) {
            kept(tensor);
        }
        state.putIfAbsent(tensor, refs.get(StandIn.identity(tensor)));
        return ref;
    }

    private Ref use(Tensor tensor, String operator) {
        Ref own = state.get(tensor);
        Memory memory = own == null ? null : buffers.get(own);
        if (own != null && memory != null && memory.storage != tensor.storageId()) {
            settleBuffer(own, memory);
        }
        Tensor current = StandIn.resolve(tensor);
        Ref ref = refs.get(StandIn.identity(current));
        if (ref != null && withoutGradient.contains(ref) && current.requiresGrad()) {
            throw new ExportException(
                    operator + " uses a tensor of shape " + current.size() + " that was computed without"
                            + " gradients, but requires one: a custom autograd Function computed it, or requiresGrad_() was called."
                            + " A program has no custom gradients: compute it with operators");
        }
        return ref != null ? ref : own != null ? own : constant(current, operator);
    }

    private Ref constant(Tensor tensor, String operator) {
        if (tensor.layout() != Layout.STRIDED) {
            throw new ExportException(operator + " uses a tensor of layout " + tensor.layout()
                    + " that was not computed in the recording; a program holds dense tensors: call toDense() on it");
        }
        if (tensor.requiresGrad()) {
            throw new ExportException(
                    operator + " uses a tensor of shape " + tensor.size() + " that requires a gradient, but"
                            + " is neither a parameter or input of the module nor computed by operators in its forward: "
                            + (tensor.isLeaf()
                                    ? "make it a Parameter of the module"
                                    : "a custom autograd Function, or code before the call, computed it; compute it with operators in"
                                            + " forward, or pass it as an input"));
        }
        Ref ref = define(tensor);
        constants.add(ref);
        fixed.add(ref);
        trace.constants.add(
                new Trace.Constant(ref, quietly(() -> tensor.detach().unscoped())));
        return ref;
    }

    /** Returns a tensor that has the same values and is not part of the graph. */
    private Ref detach(Ref ref) {
        Info info = trace.info(ref);
        if (!info.requiresGrad()) {
            return ref;
        }
        return detached.computeIfAbsent(ref, key -> {
            Ref fresh = trace.add(new Info(
                    info.dtype(), info.sizes(), info.strides(), info.offset(), false, info.device(), info.layout()));
            List<@Nullable Object> arguments = new ArrayList<>();
            arguments.add(ref);
            List<@Nullable Object> made = new ArrayList<>();
            made.add(fresh);
            trace.calls.add(new Call(DETACH, arguments, made, -1, path()));
            return fresh;
        });
    }

    private @Nullable Object mapped(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return use(tensor, "the output");
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> all = new ArrayList<>(list.size());
            list.forEach(each -> all.add(mapped(each)));
            return all;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> all = new LinkedHashMap<>();
            map.forEach((key, each) -> all.put(key, mapped(each)));
            return all;
        }
        return value;
    }

    // --- buffers that are assigned -----------------------------------------------------------------------------

    private void settleBuffers() {
        buffers.forEach((ref, memory) -> {
            if (memory.storage != memory.buffer.storageId()) {
                settleBuffer(ref, memory);
            }
        });
    }

    /** Writes an assignment of a buffer as a copy into it. */
    private void settleBuffer(Ref ref, Memory memory) {
        Tensor buffer = memory.buffer;
        long storage = buffer.storageId();
        Ref value = null;
        for (Tensor tensor : computed.getOrDefault(storage, List.of())) {
            if (Arrays.equals(tensor.shape(), buffer.shape())
                    && Arrays.equals(tensor.strides(), buffer.strides())
                    && tensor.storageOffset() == buffer.storageOffset()
                    && tensor.dtype() == buffer.dtype()) {
                value = refs.get(StandIn.identity(tensor));
            }
        }
        Info info = trace.info(ref);
        if (value == null || !Arrays.equals(info.sizes(), buffer.shape()) || info.dtype() != buffer.dtype()) {
            throw new ExportException("a buffer of shape " + Arrays.toString(info.sizes()) + " is set to "
                    + (value == null
                            ? "a tensor that was not computed in the recording"
                            : "a tensor of shape " + buffer.size() + " and " + buffer.dtype())
                    + ", which a program cannot do: set it to a computed tensor of the same shape and dtype");
        }
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(ref);
        arguments.add(detach(value));
        arguments.add(Trace.LEFT_OUT);
        List<@Nullable Object> made = new ArrayList<>();
        made.add(trace.add(info));
        trace.calls.add(new Call(COPY, arguments, made, -1, path()));
        memory.storage = storage;
        refs.put(StandIn.identity(buffer), ref);
        kept(buffer);
    }

    // --- operations --------------------------------------------------------------------------------------------

    @Override
    public void onOp(OpRecorder.RecordedOp op) {
        if (!quiet) {
            add(op);
        }
    }

    /** Runs operations of the recording itself. */
    private <T> T quietly(Supplier<T> body) {
        boolean before = quiet;
        quiet = true;
        try {
            return body.get();
        } finally {
            quiet = before;
        }
    }

    private void add(OpRecorder.RecordedOp op) {
        String name = op.operator();
        Object result = op.result();
        if (FixedValues.isOfShapes(op)) {
            return;
        }
        checkAutocast(op);
        Overloads.Choice choice = Overloads.of(name, op.arguments(), result);
        boolean free = Autograd.isGradEnabled() || FirstRun.isActive();
        List<@Nullable Object> arguments = new ArrayList<>();
        for (Object argument : choice.arguments()) {
            arguments.add(argument(argument, name, free));
        }
        fixed.check(choice, arguments);
        checkWrites(choice, arguments);
        boolean same = fixed.makesFixed(name, arguments);
        boolean inPlace = false;
        for (int i = 0; i < arguments.size(); i++) {
            if (choice.schema().arguments().get(i).written()) {
                inPlace = true;
                if (!same && choice.arguments().get(i) instanceof Tensor tensor) {
                    fixed.change(tensor);
                }
            }
        }
        boolean differentiable = FirstRun.isActive() && requiresGrad(arguments);
        int before = trace.infos.size();
        List<@Nullable Object> made = new ArrayList<>();
        for (Object each : OpResults.parts(result, choice.schema())) {
            made.add(result(each, !free, inPlace));
        }
        for (int i = before; i < trace.infos.size(); i++) {
            if (same) {
                fixed.add(new Ref(i));
            }
            if (!free && !trace.infos.get(i).requiresGrad()) {
                withoutGradient.add(new Ref(i));
            }
            if (differentiable) {
                trace.infos.set(i, trace.infos.get(i).differentiable());
            }
        }
        trace.calls.add(new Call(choice.schema(), arguments, made, trace.recorded++, path()));
        if (results != null) {
            results.add(quietly(() -> OpResults.copied(result)));
        }
    }

    private static void checkAutocast(OpRecorder.RecordedOp op) {
        for (Object argument : op.arguments()) {
            if (argument instanceof Tensor tensor
                    && Autocast.isAvailable(tensor.device())
                    && Autocast.isEnabled(tensor.device())) {
                throw new ExportException(op.operator() + " runs under autocast at " + UserCode.place()
                        + ", which a program does not have: convert the module, as with half() or bfloat16(), and record it"
                        + " without autocast");
            }
        }
    }

    private boolean requiresGrad(@Nullable Object value) {
        return value instanceof Ref ref
                ? trace.info(ref).requiresGrad()
                : value instanceof List<?> list && list.stream().anyMatch(this::requiresGrad);
    }

    private @Nullable Object argument(@Nullable Object value, String name, boolean free) {
        if (value instanceof Tensor tensor) {
            Ref ref = use(tensor, name);
            return free ? ref : detach(ref);
        }
        if (value == Trace.LEFT_OUT || value == null) {
            return value;
        }
        List<?> elements = Overloads.elements(value);
        if (elements != null) {
            List<@Nullable Object> all = new ArrayList<>(elements.size());
            elements.forEach(each -> all.add(argument(each, name, free)));
            return all;
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        return value instanceof Float number ? (Object) number.doubleValue() : value;
    }

    /**
     * Gives a result its number.
     *
     * @param aside whether it was computed without gradients. If it is a tensor that existed before, that keeps its history
     */
    private @Nullable Object result(@Nullable Object value, boolean aside, boolean inPlace) {
        if (value instanceof Tensor tensor) {
            if (aside && (inPlace || refs.containsKey(StandIn.identity(tensor)))) {
                return trace.add(Info.of(tensor));
            }
            Ref ref = define(tensor);
            if (tensor.layout() == Layout.STRIDED && !tensor.isMeta()) {
                computed.computeIfAbsent(tensor.storageId(), key -> new ArrayList<>())
                        .add(kept(tensor));
            }
            return ref;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> all = new ArrayList<>(list.size());
            list.forEach(each -> all.add(result(each, aside, inPlace)));
            return all;
        }
        throw new ExportException("an operator returned " + Overloads.described(value)
                + ", which is neither a tensor nor a list of tensors");
    }

    private Tensor kept(Tensor tensor) {
        Tensor alias = StandIn.alias(tensor).unscoped();
        kept.add(alias);
        return alias;
    }

    // --- what is refused ---------------------------------------------------------------------------------------

    private void checkWrites(Overloads.Choice choice, List<? extends @Nullable Object> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            if (choice.schema().arguments().get(i).written()
                    && arguments.get(i) instanceof Ref ref
                    && constants.contains(ref)) {
                throw new ExportException(choice.schema().name() + " changes a tensor of shape "
                        + Arrays.toString(trace.info(ref).sizes()) + " that is neither a buffer nor computed, at "
                        + UserCode.place() + ": make it a Buffer of the module if it is state, or clone() it first");
            }
        }
    }

    @Override
    public void onRead(Tensor tensor) {
        if (quiet) {
            return;
        }
        Ref ref = refs.get(StandIn.identity(tensor));
        if (ref != null && !fixed.isFixed(ref, tensor)) {
            throw new ExportException(
                    "the values of a tensor of shape " + tensor.size() + " are read at " + UserCode.place()
                            + ", but a program has the same operators for all values: use operators such as Torch.where instead of"
                            + " Java's if, or read the values outside of forward");
        }
    }
}
