package org.jtorch.distributed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.nn.UninitializedTensor;
import org.jtorch.nn.state.Stateful;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.ParamGroup;
import org.jtorch.optim.internal.OptimizerDoor;
import org.jtorch.optim.options.OptimizerOptions;

/**
 * Divides the work and the memory of an optimizer among processes (PyTorch's {@code ZeroRedundancyOptimizer}, stage 1 of ZeRO). Each
 * parameter belongs to one process. Only that process keeps a state for it and changes it. Then all processes get the new values. With N
 * processes, each keeps about an Nth of the state. The parameters are bit for bit those that the optimizer computes without this class.
 *
 * <pre>{@code
 * var adam = new Adam(model.parameters(), o -> o.lr(1e-3));
 * var zero = new ZeroRedundancyOptimizer(adam);
 * var schedule = new StepLR(adam, 30);
 * for (...) {
 *     adam.zeroGrad();
 *     loss(model, batch).backward();               // averages the gradients: model is a DistributedDataParallel
 *     adam.step();                                 // changes this process's part, and exchanges the parts
 * }
 * zero.consolidateStateDict(0);                    // in all processes
 * if (group.rank() == 0) {
 *     Checkpoint.save(file, adam.stateDict());     // the state of all parameters, as without this class
 * }
 * }</pre>
 *
 * <p>The optimizer is used as before: its groups, hooks and gradients, schedules and {@code GradScaler} need no change, and the methods of
 * this class that it has too only call it. All processes must call {@code step}, {@code loadStateDict} and {@code addParamGroup} in the
 * same order, with the same groups and the same gradients, such as those that {@code DistributedDataParallel} averages. A closure is called
 * in each process.
 *
 * <p>What {@code stateDict} returns is complete after {@link #consolidateStateDict}, until the next step. {@code loadStateDict} takes a
 * complete state in each process, and keeps the part of this process.
 *
 * @see <a href="https://arxiv.org/abs/1910.02054">ZeRO: Memory Optimizations Toward Training Trillion Parameter Models</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/distributed.optim.html">PyTorch: ZeroRedundancyOptimizer</a>
 */
public final class ZeroRedundancyOptimizer implements Stateful {

    private static final String STATE = "state";

    private final Optimizer<?> optimizer;
    private final ProcessGroup group;
    private final OptimizerDoor<Optimizer<?>> door;
    private ParameterPartition partition;

    /** The state of all parameters by their numbers, or null if it is not known, or not any more. */
    private @Nullable Map<Long, Object> consolidated;

    /**
     * Divides the work of an optimizer among all processes.
     *
     * @param optimizer has the same groups in all processes. The state that it has of the parameters of other processes is
     *     dropped at the first step
     * @throws IllegalArgumentException as {@link #ZeroRedundancyOptimizer(Optimizer, ProcessGroup)}
     * @throws IllegalStateException if this process is not connected, or the optimizer's work is divided already
     */
    public ZeroRedundancyOptimizer(Optimizer<?> optimizer) {
        this(optimizer, Distributed.group());
    }

    /**
     * Divides the work of an optimizer among some processes.
     *
     * @param optimizer has the same groups in all processes. The state that it has of the parameters of other processes is
     *     dropped at the first step
     * @param group the processes
     * @throws IllegalArgumentException if the optimizer looks at all parameters together, as LBFGS does, if its steps are differentiable,
     *     or if a parameter has no shape yet
     * @throws IllegalStateException if the optimizer's work is divided already
     */
    public ZeroRedundancyOptimizer(Optimizer<?> optimizer, ProcessGroup group) {
        this.optimizer = optimizer;
        this.group = group;
        door = OptimizerDoor.of(optimizer);
        String name = optimizer.getClass().getSimpleName();
        if (door.needsAllParameters(optimizer)) {
            throw new IllegalArgumentException(name
                    + " looks at all parameters together, so that its work cannot be divided: use another optimizer");
        }
        if (door.isLimited(optimizer)) {
            throw new IllegalStateException("the work of this " + name + " is divided already: use one "
                    + getClass().getSimpleName() + " for each optimizer");
        }
        consolidated = door.states(optimizer);
        partition = divided();
        optimizer.registerStepPreHook(stepping -> divideAgain());
        optimizer.registerStepPostHook(stepped -> exchange());
        optimizer.registerStateDictPreHook(saved -> checkComplete());
        optimizer.registerStateDictPostHook(this::complete);
        optimizer.registerLoadStateDictPreHook(state -> {
            divideAgain();
            return state;
        });
        optimizer.registerLoadStateDictPostHook(loaded -> consolidated = null);
    }

    // --- the parts ---------------------------------------------------------------------------------------------

    /** Divides the parameters, and leaves this process its part. */
    private ParameterPartition divided() {
        List<? extends ParamGroup<?>> groups = optimizer.groups();
        for (ParamGroup<?> each : groups) {
            OptimizerOptions<?> options = (OptimizerOptions<?>) each.options(); // as an Optimizer requires
            if (options.has("differentiable") && options.flag("differentiable")) {
                throw new IllegalArgumentException(
                        "steps that autograd records cannot be divided among processes: set differentiable(false)");
            }
            for (Tensor parameter : each.parameters()) {
                if (!parameter.device().equals(Device.CPU)) {
                    throw new IllegalArgumentException("a parameter is on " + parameter.device()
                            + ", but only parameters on the CPU can be exchanged by Gloo: move the model with to(Device.CPU)"
                            + " before the optimizer is created");
                }
                if (UninitializedTensor.isLazy(parameter)) {
                    throw new IllegalArgumentException("a parameter has no shape yet, so that the parameters cannot be"
                            + " divided by size: call the model once with an input first");
                }
            }
        }
        ParameterPartition parts = ParameterPartition.of(groups, group.size());
        door.limit(optimizer, parameter -> parts.holds(group.rank(), parameter));
        return parts;
    }

    /** Divides the parameters again if a group was added. */
    private void divideAgain() {
        if (optimizer.groups().size() != partition.groups()) {
            partition = divided();
        }
    }

    /** Sends the parameters of this process to the others, and receives theirs. */
    private void exchange() {
        consolidated = null;
        List<Work> started = new ArrayList<>();
        for (int rank = 0; rank < group.size(); rank++) {
            for (Tensor parameter : partition.of(rank)) {
                started.add(group.broadcastAsync(parameter, rank));
            }
        }
        started.forEach(Work::await);
    }

    /** Returns the optimizer whose work is divided. */
    public Optimizer<?> optimizer() {
        return optimizer;
    }

    /** Returns the parameters that the process with a rank changes, in PyTorch's order. */
    public List<Tensor> parameters(int rank) {
        if (rank < 0 || rank >= group.size()) {
            throw new IllegalArgumentException("there is no rank " + rank + " in a group of " + group.size());
        }
        divideAgain();
        return List.copyOf(partition.of(rank));
    }

    /** Returns the bytes of the state that this process keeps. */
    public long stateBytes() {
        return bytes(door.states(optimizer));
    }

    private static long bytes(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return tensor.numel() * tensor.dtype().itemSize();
        }
        Iterable<?> parts =
                value instanceof Map<?, ?> map ? map.values() : value instanceof List<?> list ? list : List.of();
        long sum = 0;
        for (Object part : parts) {
            sum += bytes(part);
        }
        return sum;
    }

    // --- as the optimizer --------------------------------------------------------------------------------------

    /** Changes the parameters of this process, and exchanges the parts: {@link Optimizer#step()}. */
    public void step() {
        optimizer.step();
    }

    /** Computes the loss, changes the parameters of this process, and exchanges the parts: {@link Optimizer#step(Supplier)}. */
    public @Nullable Tensor step(@Nullable Supplier<Tensor> closure) {
        return optimizer.step(closure);
    }

    /** Removes the gradients of all parameters: {@link Optimizer#zeroGrad()}. */
    public void zeroGrad() {
        optimizer.zeroGrad();
    }

    /** Returns the groups with all parameters: {@link Optimizer#groups()}. */
    public List<? extends ParamGroup<?>> groups() {
        return optimizer.groups();
    }

    /** Adds a group with the optimizer's defaults, which is divided too: {@link Optimizer#addParamGroup(List)}. */
    public void addParamGroup(List<? extends Tensor> parameters) {
        optimizer.addParamGroup(parameters);
        divideAgain();
    }

    // --- state -------------------------------------------------------------------------------------------------

    /**
     * Collects the state of all parameters in one process, whose {@link #stateDict} then returns it. All processes must call this method.
     * The process needs the memory of the whole state, until the next step.
     *
     * @param to the rank that gets the state
     */
    public void consolidateStateDict(int to) {
        if (to < 0 || to >= group.size()) {
            throw new IllegalArgumentException(
                    "the state must go to a rank from 0 to " + (group.size() - 1) + ", not " + to);
        }
        divideAgain();
        Map<Long, Object> own = door.states(optimizer);
        if (group.rank() != to) {
            StateTransfer.send(group, own, to);
            return;
        }
        Map<Long, Object> all = new TreeMap<>(own);
        for (int rank = 0; rank < group.size(); rank++) {
            if (rank != to && StateTransfer.receive(group, rank) instanceof Map<?, ?> part) {
                part.forEach((number, state) -> all.put(((Number) number).longValue(), state));
            }
        }
        consolidated = all;
    }

    /**
     * Returns the state of the optimizer with all parameters, as {@link Optimizer#stateDict()} does without this class.
     *
     * @throws IllegalStateException if {@link #consolidateStateDict} was not called for this process since the last step
     */
    @Override
    public Map<String, Object> stateDict() {
        return optimizer.stateDict();
    }

    /** Replaces the state of the optimizer: {@link Optimizer#loadStateDict}. The parts of other processes are checked by them. */
    @Override
    public void loadStateDict(Map<?, ?> stateDict) {
        optimizer.loadStateDict(stateDict);
    }

    private void checkComplete() {
        if (group.size() > 1 && consolidated == null) {
            throw new IllegalStateException(
                    "rank " + group.rank() + " has the state of its own parameters only: save in one"
                            + " process, after all processes have called consolidateStateDict with its rank, such as consolidateStateDict(0)");
        }
    }

    private Map<String, Object> complete(Map<String, Object> saved) {
        if (consolidated != null) {
            saved.put(STATE, new LinkedHashMap<>(consolidated));
        }
        return saved;
    }

    /** Returns the text of the optimizer, and how it is divided. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "(rank " + group.rank() + " of " + group.size() + ", " + optimizer + ")";
    }
}
