package org.jtorch.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.UninitializedTensor;
import org.jtorch.nn.internal.HookList;
import org.jtorch.nn.state.Stateful;
import org.jtorch.optim.internal.OptimizerDoor;
import org.jtorch.optim.options.OptimizerOptions;

/**
 * Changes parameters by their gradients: the base class of every optimizer. The parameters are in groups, each with its own
 * options.
 *
 * <p><b>Writing an optimizer.</b> A subclass has options, a class of its own that declares them with their defaults. It says in
 * {@link #initialize} what it keeps for a parameter, and in {@link #update(Slot, OptimizerOptions)} how it changes one. The base
 * class does the rest: groups, checks, hooks, and the state in PyTorch's layout.
 *
 * <pre>{@code
 * final class SignDescent extends Optimizer<SignDescent.Options> {
 *     static final class Options extends OptimizerOptions<Options> {
 *         Options() {
 *             super(1e-3);
 *         }
 *     }
 *
 *     SignDescent(List<? extends Tensor> parameters, Consumer<Options> options) {
 *         super(Options::new, options, List.of(Params.of(parameters)));
 *     }
 *
 *     @Override
 *     protected void initialize(State state, Tensor parameter, Options options) {}
 *
 *     @Override
 *     protected void update(Slot slot, Options options) {
 *         slot.parameter().add_(slot.grad().sign(), -options.lr());
 *     }
 * }
 * }</pre>
 *
 * <p>An algorithm that needs the number of its steps begins it in {@code initialize}, {@code state.number("step", 0)}, and counts in
 * {@code update}, {@code slot.state().set("step", slot.state().number("step") + 1)}.
 *
 * <p>An optimizer is not safe for use by several threads at the same time.
 *
 * @param <O> the options
 * @see <a href="https://pytorch.org/docs/stable/optim.html">torch.optim</a>
 */
public abstract class Optimizer<O extends OptimizerOptions<O>> implements Stateful {

    static {
        OptimizerDoor.register(new OptimizerDoor<Optimizer<?>>() {
            @Override
            public void limit(Optimizer<?> optimizer, Predicate<? super Tensor> share) {
                optimizer.share = share;
                optimizer.states.keySet().removeIf(share.negate()::test);
            }

            @Override
            public boolean isLimited(Optimizer<?> optimizer) {
                return optimizer.share != null;
            }

            @Override
            public Map<Long, Object> states(Optimizer<?> optimizer) {
                return optimizer.savedStates();
            }

            @Override
            public boolean needsAllParameters(Optimizer<?> optimizer) {
                return optimizer.needsAllParameters();
            }
        });
    }

    private final Supplier<O> newOptions;
    private final O defaults;
    private final List<ParamGroup<O>> groups = new ArrayList<>();
    private final Map<Tensor, State> states = new IdentityHashMap<>();

    /** Returns whether a parameter is changed by this process; null if all are. */
    private @Nullable Predicate<? super Tensor> share;

    private final HookList<Consumer<? super Optimizer<O>>> stepPreHooks = new HookList<>();
    private final HookList<Consumer<? super Optimizer<O>>> stepPostHooks = new HookList<>();
    private final HookList<Consumer<? super Optimizer<O>>> stateDictPreHooks = new HookList<>();
    private final HookList<Function<Map<String, Object>, ? extends @Nullable Map<String, Object>>> stateDictPostHooks =
            new HookList<>();
    private final HookList<Function<Map<String, Object>, ? extends @Nullable Map<String, Object>>> loadPreHooks =
            new HookList<>();
    private final HookList<Consumer<? super Optimizer<O>>> loadPostHooks = new HookList<>();

    /**
     * Creates an optimizer.
     *
     * @param newOptions creates options with their declared defaults
     * @param defaults sets the options that all groups share
     * @param groups the parameters; each group may set options of its own
     * @throws IllegalArgumentException if there are no parameters, one is not a leaf or appears twice, some groups have names and
     *     others have none, or an option is not allowed
     */
    protected Optimizer(Supplier<O> newOptions, Consumer<? super O> defaults, List<Params<O>> groups) {
        this.newOptions = newOptions;
        this.defaults = Customized.of(newOptions.get(), defaults).validated();
        if (groups.isEmpty() || groups.size() == 1 && groups.get(0).tensors().isEmpty()) {
            throw new IllegalArgumentException("optimizer got an empty parameter list");
        }
        groups.forEach(this::addGroup);
    }

    // --- groups ------------------------------------------------------------------------------------------------

    /** Returns the groups, in order. */
    public final List<ParamGroup<O>> groups() {
        return Collections.unmodifiableList(groups);
    }

    /** Returns the options that a group has unless it sets its own. */
    public final O defaults() {
        return defaults;
    }

    /**
     * Adds a group with the optimizer's defaults, such as layers that are no longer frozen.
     *
     * @throws IllegalArgumentException if a parameter is not a leaf or is in the optimizer already, or the optimizer's parameters
     *     have names and these have none, or the reverse
     */
    public final void addParamGroup(List<? extends Tensor> parameters) {
        addParamGroup(Params.of(parameters));
    }

    /**
     * Adds a group.
     *
     * @param parameters the parameters
     * @param options sets the options that differ from the optimizer's defaults
     * @throws IllegalArgumentException as {@link #addParamGroup(List)}, or if an option is not allowed
     */
    public final void addParamGroup(List<? extends Tensor> parameters, Consumer<? super O> options) {
        addParamGroup(Params.of(parameters, options));
    }

    /**
     * Adds a group, which may have names.
     *
     * @throws IllegalArgumentException as {@link #addParamGroup(List)}, or if an option is not allowed
     */
    public final void addParamGroup(Params<O> params) {
        addGroup(params);
    }

    private void addGroup(Params<O> params) {
        O options = newOptions.get();
        options.setAll(defaults);
        params.options().accept(options);
        options.validated();
        boolean differentiable = options.has("differentiable") && options.flag("differentiable");
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Tensor parameter : params.tensors()) {
            if (!differentiable && !parameter.isLeaf() && !parameter.retainsGrad()) {
                throw new IllegalArgumentException("can't optimize a non-leaf Tensor");
            }
            if (!seen.add(parameter)) {
                throw new IllegalArgumentException(
                        "a parameter appears twice in a group: it would be changed twice in each step");
            }
        }
        for (int i = 0; i < params.tensors().size() && needsShapes(); i++) {
            if (UninitializedTensor.isLazy(params.tensors().get(i))) {
                throw shapeless(groups.size(), i, "which " + name() + " needs", "creating the optimizer");
            }
        }
        checkParameters(groups.size(), params.tensors(), options);
        for (ParamGroup<O> group : groups) {
            if ((group.names() == null) != (params.names() == null)) {
                throw new IllegalArgumentException(
                        "all optimizer param groups should be with/without names. cannot add param" + " group "
                                + (params.names() == null ? "without names" : "with names") + " to the optimizer");
            }
            if (group.parameters().stream().anyMatch(seen::contains)) {
                throw new IllegalArgumentException("some parameters appear in more than one parameter group");
            }
        }
        ParamGroup<O> group = new ParamGroup<>(params.tensors(), params.names(), options);
        for (Tensor parameter : group.parameters()) {
            initializeEarly(parameter, options);
        }
        groups.add(group);
    }

    // --- what a subclass writes --------------------------------------------------------------------------------

    /**
     * Adds what the optimizer keeps for a parameter. It is called before each step with the state that there is, so it must only
     * add what is missing; and it is called with an empty state to find out what a loaded one must contain.
     *
     * @param state the state of the parameter
     * @param parameter the parameter
     * @param options the options of its group
     */
    protected abstract void initialize(State state, Tensor parameter, O options);

    /**
     * Changes a parameter. It is called outside of autograd, in a scope of its own for all parameters of a step.
     *
     * @param slot the parameter, its gradient and its state
     * @param options the options of its group
     */
    protected abstract void update(Slot slot, O options);

    /**
     * Changes the parameters of a group that have a gradient. The default calls {@link #update(Slot, OptimizerOptions)} for each.
     * An optimizer overrides this if it can change several parameters with one call.
     *
     * @param slots the parameters, at least one
     * @param options the options of the group
     */
    protected void update(List<Slot> slots, O options) {
        slots.forEach(slot -> update(slot, options));
    }

    /**
     * Checks that a parameter can be changed. It is called for all parameters of all groups before the first is changed. The
     * default refuses sparse gradients, and gradients of another dtype than their parameter.
     *
     * @throws IllegalStateException if the gradient has another dtype
     * @throws TorchException if the gradient is sparse
     */
    protected void check(Slot slot, O options) {
        if (slot.isSparse()) {
            throw new TorchException(name() + " does not support sparse gradients: make the gradient of " + slot.name()
                    + " dense (an Embedding without sparse(true)), or use SGD, Adagrad or SparseAdam");
        }
        slot.checkDtype();
    }

    /**
     * Checks a parameter when it is added. The default allows every parameter.
     *
     * @throws IllegalArgumentException if the optimizer cannot optimize such a parameter
     */
    protected void checkParameter(Tensor parameter, O options) {}

    /** Checks the parameters of a group when they are added. */
    void checkParameters(int group, List<Tensor> parameters, O options) {
        parameters.forEach(parameter -> checkParameter(parameter, options));
    }

    /**
     * Checks a state that was read from a file, beyond what {@link #initialize} says about it.
     *
     * @param name the name of the parameter in messages
     * @throws IllegalArgumentException if the state does not fit
     */
    void checkLoaded(State state, String name, O options) {}

    /** Returns the name of the algorithm in messages: that of the class. */
    protected String name() {
        return getClass().getSimpleName();
    }

    /**
     * Returns whether parameters must have a shape when they are added. The default allows those of lazy modules, as PyTorch does.
     */
    boolean needsShapes() {
        return false;
    }

    private static IllegalArgumentException shapeless(int group, int index, String need, String what) {
        return new IllegalArgumentException(Slot.name(group, index) + " has no shape yet, " + need
                + ": call the model once with an input before " + what);
    }

    /** Returns whether the algorithm looks at all parameters together. The default changes each on its own. */
    boolean needsAllParameters() {
        return false;
    }

    /** Creates the state of a parameter when it is added, for the optimizers that do so in PyTorch. */
    void initializeEarly(Tensor parameter, O options) {}

    // --- steps -------------------------------------------------------------------------------------------------

    /** Removes the gradients of all parameters. */
    public final void zeroGrad() {
        zeroGrad(true);
    }

    /**
     * Removes the gradients of all parameters, or sets them to zero.
     *
     * @param setToNone whether to remove them; if false, their elements become zero
     */
    public final void zeroGrad(boolean setToNone) {
        for (ParamGroup<O> group : groups) {
            for (Tensor parameter : group.parameters()) {
                Tensor grad = parameter.grad();
                if (grad == null) {
                    continue;
                }
                if (setToNone) {
                    parameter.setGrad(null);
                } else {
                    Tensor zeroed = grad.requiresGrad() ? grad.detach() : grad;
                    try (GradMode mode = Autograd.noGrad()) {
                        zeroed.zero_();
                    }
                    if (zeroed != grad) {
                        parameter.setGrad(zeroed);
                    }
                }
            }
        }
    }

    /**
     * Changes every parameter that has a gradient. All parameters are checked first: if one cannot be changed, none is.
     *
     * @throws IllegalStateException if a parameter was replaced by one of another shape, dtype or device after its gradient
     *     was computed, or after a step, so that its state does not fit it any more
     * @throws TorchException if a gradient is sparse and the algorithm does not support that, or a parameter cannot be
     *     written to
     */
    public final void step() {
        step(null);
    }

    /**
     * Computes the loss, and changes every parameter that has a gradient.
     *
     * @param closure computes the loss and its gradients: {@code zeroGrad}, the model, {@code backward}; null if the gradients
     *     are there
     * @return what the closure returned; null without a closure
     * @throws IllegalStateException if a parameter was replaced by one of another shape, dtype or device after its gradient
     *     was computed, or after a step, so that its state does not fit it any more
     * @throws TorchException if a gradient is sparse and the algorithm does not support that, or a parameter cannot be
     *     written to
     */
    public final @Nullable Tensor step(@Nullable Supplier<Tensor> closure) {
        stepPreHooks.hooks().forEach(hook -> hook.accept(this));
        Tensor loss = run(closure);
        stepPostHooks.hooks().forEach(hook -> hook.accept(this));
        return loss;
    }

    /** Computes one step, without hooks. */
    @Nullable
    Tensor run(@Nullable Supplier<Tensor> closure) {
        Tensor loss = null;
        if (closure != null) {
            try (GradMode mode = Autograd.enableGrad()) {
                loss = closure.get();
            }
        }
        change();
        return loss;
    }

    private void change() {
        boolean differentiable = defaults.has("differentiable") && defaults.flag("differentiable");
        try (GradMode mode = differentiable ? Autograd.enableGrad() : Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            List<List<Slot>> slots = new ArrayList<>(groups.size());
            for (int i = 0; i < groups.size(); i++) {
                slots.add(slots(i));
            }
            prepare(slots);
            for (int i = 0; i < groups.size(); i++) {
                if (!slots.get(i).isEmpty()) {
                    update(slots.get(i), groups.get(i).options());
                }
            }
        }
    }

    /** Returns the parameters of a group that have a gradient, except those that another process changes. */
    final List<Slot> slots(int index) {
        ParamGroup<O> group = groups.get(index);
        List<Kept> kept = group.kept();
        List<Slot> slots = new ArrayList<>(kept.size());
        for (int j = 0; j < kept.size(); j++) {
            if (isOwn(kept.get(j).tensor())) {
                Slot slot = Slot.of(index, j, kept.get(j), this::stateOrEmpty);
                if (slot != null) {
                    slots.add(slot);
                }
            }
        }
        return slots;
    }

    private boolean isOwn(Tensor parameter) {
        return share == null || share.test(parameter);
    }

    private State stateOrEmpty(Tensor parameter) {
        State known = states.get(parameter);
        return known == null ? new State(parameter) : known;
    }

    /** Checks everything, and adds the state that is missing only if all parameters can be changed. */
    private void prepare(List<List<Slot>> slots) {
        try {
            for (int i = 0; i < slots.size(); i++) {
                O options = groups.get(i).options();
                for (Slot slot : slots.get(i)) {
                    check(slot, options);
                    initialize(slot.state(), slot.parameter(), options);
                    slot.checkState(needsParametersDtype());
                }
            }
        } catch (Throwable e) {
            slots.forEach(group -> group.forEach(slot -> slot.state().revert()));
            throw e;
        }
        for (List<Slot> group : slots) {
            for (Slot slot : group) {
                slot.state().commit();
                states.put(slot.parameter(), slot.state());
            }
        }
    }

    /** Returns whether the state must have the dtype of the parameter, rather than only be complex if the parameter is. */
    boolean needsParametersDtype() {
        return true;
    }

    // --- state -------------------------------------------------------------------------------------------------

    /**
     * Returns what the optimizer keeps for a parameter. A parameter has no state before its first step.
     *
     * @throws IllegalArgumentException if the parameter is not one of the optimizer's
     */
    public final State state(Tensor parameter) {
        State state = states.get(parameter);
        if (state != null) {
            return state;
        }
        if (groups.stream().noneMatch(group -> group.parameters().stream().anyMatch(own -> own == parameter))) {
            throw new IllegalArgumentException("the tensor is not a parameter of the optimizer");
        }
        return new State(parameter);
    }

    /** Returns the state of a parameter, which is added if there is none. */
    final State stateToKeep(Tensor parameter) {
        return states.computeIfAbsent(parameter, State::new);
    }

    /**
     * Returns the state of the optimizer, as PyTorch's {@code optimizer.state_dict()}: {@code {"state": {0: {...}, ...},
     * "param_groups": [{"lr": ..., ..., "params": [0, 1]}]}}. {@code Checkpoint.save} writes it, and PyTorch's optimizer of
     * the same name loads it. The tensors are those of the optimizer, not copies, except for numbers such as the count of
     * steps.
     */
    @Override
    public final Map<String, Object> stateDict() {
        stateDictPreHooks.hooks().forEach(hook -> hook.accept(this));
        List<Object> saved = new ArrayList<>();
        long next = 0;
        for (ParamGroup<O> group : groups) {
            List<Object> numbers = new ArrayList<>();
            for (int i = 0; i < group.parameters().size(); i++) {
                numbers.add(next++);
            }
            Map<String, @Nullable Object> entries = new LinkedHashMap<>();
            if (group.names() != null) {
                entries.put(SavedState.NAMES, group.names());
            }
            entries.putAll(group.options().asMap());
            entries.putAll(group.extras());
            entries.put(SavedState.PARAMS, numbers);
            saved.add(entries);
        }
        Map<String, Object> dict = new LinkedHashMap<>();
        dict.put(SavedState.STATE, new LinkedHashMap<>(savedStates()));
        dict.put(SavedState.GROUPS, saved);
        return hooked(stateDictPostHooks, dict);
    }

    private Map<Long, Object> savedStates() {
        Map<Long, Object> saved = new TreeMap<>();
        long next = 0;
        for (ParamGroup<O> group : groups) {
            for (Tensor parameter : group.parameters()) {
                State values = states.get(parameter);
                if (values != null && !values.isEmpty()) {
                    saved.put(next, values.toPython());
                }
                next++;
            }
        }
        return saved;
    }

    /**
     * Replaces the state of the optimizer by one that {@link #stateDict} or PyTorch's {@code optimizer.state_dict()}
     * returned. {@code run.optimizerState("optimizer")} reads such a state from a {@link org.jtorch.serialize.Checkpoint}.
     * Options and state are assigned to the parameters in the order of the groups. An option that is true or false, or may be
     * absent, and that the file lacks, since an older PyTorch wrote it, gets its default. Tensors are copied to the device of their parameter and, if both are floating-point, to
     * its dtype. If the state does not fit, nothing is changed.
     *
     * @throws IllegalArgumentException if the groups or their sizes differ, an option is not allowed, or a value is missing, has
     *     another type, or has another shape than it would have here
     */
    @Override
    public final void loadStateDict(Map<?, ?> stateDict) {
        Map<String, Object> dict = new LinkedHashMap<>();
        stateDict.forEach((key, value) -> dict.put(String.valueOf(key), value));
        SavedState<O> saved = SavedState.of(hooked(loadPreHooks, dict), groups);
        List<Runnable> changes = new ArrayList<>();
        Map<Tensor, State> loaded = new IdentityHashMap<>();
        try (GradMode mode = Autograd.noGrad()) {
            for (int i = 0; i < groups.size(); i++) {
                O options = newOptions.get();
                changes.add(saved.readGroup(i, options));
                for (int j = 0; j < groups.get(i).parameters().size(); j++) {
                    Tensor parameter = groups.get(i).parameters().get(j);
                    if (!isOwn(parameter)) {
                        continue;
                    }
                    if (UninitializedTensor.isLazy(parameter)) {
                        if (saved.hasState(i, j)) {
                            throw shapeless(i, j, "which its state needs", "loading the state");
                        }
                        continue;
                    }
                    State fresh = State.expected(parameter);
                    initialize(fresh, parameter, options);
                    State state = saved.readState(i, j, fresh);
                    if (state != null) {
                        checkLoaded(state, Slot.name(i, j), options);
                        loaded.put(parameter, state);
                    }
                }
            }
        }
        changes.forEach(Runnable::run);
        states.clear();
        states.putAll(loaded);
        loadPostHooks.hooks().forEach(hook -> hook.accept(this));
    }

    /** Returns the map that hooks make of a map, each from the result of the one before. One that returns null keeps it. */
    private static Map<String, Object> hooked(
            HookList<Function<Map<String, Object>, ? extends @Nullable Map<String, Object>>> hooks,
            Map<String, Object> dict) {
        Map<String, Object> result = dict;
        for (Function<Map<String, Object>, ? extends @Nullable Map<String, Object>> hook : hooks.hooks()) {
            Map<String, Object> replacement = hook.apply(result);
            if (replacement != null) {
                result = replacement;
            }
        }
        return result;
    }

    // --- hooks -------------------------------------------------------------------------------------------------

    /** Adds a hook that is called before each step. */
    public final RemovableHandle registerStepPreHook(Consumer<? super Optimizer<O>> hook) {
        return stepPreHooks.add(hook, false);
    }

    /** Adds a hook that is called after each step. */
    public final RemovableHandle registerStepPostHook(Consumer<? super Optimizer<O>> hook) {
        return stepPostHooks.add(hook, false);
    }

    /** Adds a hook that is called before {@link #stateDict} reads the state. */
    public final RemovableHandle registerStateDictPreHook(Consumer<? super Optimizer<O>> hook) {
        return stateDictPreHooks.add(hook, false);
    }

    /**
     * Adds a hook that receives the result of {@link #stateDict} and returns the one to use. Null, as in PyTorch, stands for the
     * map that it received, which it may have changed.
     */
    public final RemovableHandle registerStateDictPostHook(
            Function<Map<String, Object>, ? extends @Nullable Map<String, Object>> hook) {
        return stateDictPostHooks.add(hook, false);
    }

    /**
     * Adds a hook that receives a copy of the map that is passed to {@link #loadStateDict} and returns the one to load. Null, as
     * in PyTorch, stands for the map that it received, which it may have changed.
     */
    public final RemovableHandle registerLoadStateDictPreHook(
            Function<Map<String, Object>, ? extends @Nullable Map<String, Object>> hook) {
        return loadPreHooks.add(hook, false);
    }

    /** Adds a hook that is called after a state was loaded. */
    public final RemovableHandle registerLoadStateDictPostHook(Consumer<? super Optimizer<O>> hook) {
        return loadPostHooks.add(hook, false);
    }

    /** Returns the class and the options of each group, as PyTorch prints them. */
    @Override
    public String toString() {
        return OptimizerText.of(getClass().getSimpleName(), groups);
    }
}
