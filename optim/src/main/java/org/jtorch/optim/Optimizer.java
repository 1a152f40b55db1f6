package org.jtorch.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;

/**
 * Changes parameters by their gradients. The parameters are in groups, each with its own options, which may be changed
 * between steps: {@code optimizer.groups().get(0).options().lr(1e-4)}.
 *
 * @param <S> the options of the algorithm
 * @see <a href="https://pytorch.org/docs/stable/optim.html">torch.optim</a>
 */
public abstract class Optimizer<S> {

    /**
     * Parameters that share options.
     *
     * @param parameters the parameters to optimize
     * @param options the options of the group
     * @param <S> the options of the algorithm
     */
    public record Group<S>(List<? extends Tensor> parameters, S options) {

        /** Creates a group with a copy of the list. */
        public Group {
            parameters = List.copyOf(parameters);
        }
    }

    private final List<Group<S>> groups;

    /** The parameters of each group, with their cached properties. */
    private final List<List<Kept>> parameters = new ArrayList<>();

    /**
     * The entries of a loaded state that are not options known here, for each group. {@link #stateDict} returns them again.
     */
    private final List<Map<String, @Nullable Object>> others = new ArrayList<>();

    /**
     * Creates an optimizer of these groups.
     *
     * @throws IllegalArgumentException if there are no parameters, a parameter is not a leaf, or one appears twice
     */
    protected Optimizer(List<Group<S>> groups) {
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Group<S> group : groups) {
            for (Tensor parameter : group.parameters()) {
                if (!parameter.isLeaf()) {
                    throw new IllegalArgumentException("can't optimize a non-leaf Tensor");
                }
                if (!seen.add(parameter)) {
                    throw new IllegalArgumentException(
                            "a parameter appears twice in the optimizer's groups: it would be changed twice in each step");
                }
            }
        }
        if (seen.isEmpty()) {
            throw new IllegalArgumentException("optimizer got an empty parameter list");
        }
        this.groups = new ArrayList<>(groups);
        for (Group<S> group : groups) {
            others.add(new LinkedHashMap<>());
            List<Kept> kept = new ArrayList<>();
            group.parameters().forEach(parameter -> kept.add(new Kept(parameter)));
            parameters.add(kept);
        }
    }

    /** Returns the groups, in order. */
    public final List<Group<S>> groups() {
        return Collections.unmodifiableList(groups);
    }

    /** Removes the gradients of all parameters. */
    public final void zeroGrad() {
        for (Group<S> group : groups) {
            for (Tensor parameter : group.parameters()) {
                parameter.setGrad(null);
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
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            List<Runnable> changes = new ArrayList<>(groups.size());
            for (int i = 0; i < groups.size(); i++) {
                Group<S> group = groups.get(i);
                List<Target> targets = new ArrayList<>(group.parameters().size());
                for (int j = 0; j < group.parameters().size(); j++) {
                    Target target = Target.of(i, j, parameters.get(i).get(j));
                    if (target != null) {
                        targets.add(target);
                    }
                }
                if (!targets.isEmpty()) {
                    changes.add(prepare(targets, group.options()));
                }
            }
            changes.forEach(Runnable::run);
        }
    }

    // --- state -------------------------------------------------------------------------------------------------

    /**
     * Returns the state of the optimizer, as PyTorch's {@code optimizer.state_dict()}: {@code {"state": {0: {...}, ...},
     * "param_groups": [{"lr": ..., ..., "params": [0, 1]}]}}. {@code Checkpoint.save} writes it, and PyTorch's optimizer of
     * the same name loads it. The tensors are those of the optimizer, not copies.
     */
    public final Map<String, Object> stateDict() {
        Map<Long, Object> state = new LinkedHashMap<>();
        List<Object> saved = new ArrayList<>();
        long next = 0;
        for (int i = 0; i < groups.size(); i++) {
            Map<String, @Nullable Object> entries = options(groups.get(i).options());
            entries.putAll(others.get(i));
            List<Object> numbers = new ArrayList<>();
            for (Tensor parameter : groups.get(i).parameters()) {
                Map<String, Object> values = state(parameter);
                if (!values.isEmpty()) {
                    state.put(next, values);
                }
                numbers.add(next++);
            }
            entries.put("params", numbers);
            saved.add(entries);
        }
        Map<String, Object> dict = new LinkedHashMap<>();
        dict.put("state", state);
        dict.put("param_groups", saved);
        return dict;
    }

    /**
     * Replaces the state of the optimizer by one that {@link #stateDict} or PyTorch's {@code optimizer.state_dict()}
     * returned. {@code run.optimizerState("optimizer")} reads such a state from a {@link org.jtorch.serialize.Checkpoint}.
     * Options and state are assigned to the parameters in the order of the groups. Tensors are copied to the device of
     * their parameter and, if both are floating-point, to its dtype; the numbers of steps are float32. If the state does
     * not fit, nothing is changed.
     *
     * @throws IllegalArgumentException if the groups or their sizes differ, or a value is missing, has another type, or has
     *     another shape than its parameter
     */
    public final void loadStateDict(Map<?, ?> stateDict) {
        OptimizerState saved = OptimizerState.of(stateDict, groups);
        List<Runnable> changes = new ArrayList<>();
        try (GradMode mode = Autograd.noGrad()) {
            for (int i = 0; i < groups.size(); i++) {
                Group<S> group = groups.get(i);
                Map<String, @Nullable Object> unknown = saved.options(i);
                changes.add(read(group.options(), unknown));
                unknown.remove("params");
                Map<String, @Nullable Object> kept = others.get(i);
                changes.add(() -> {
                    kept.clear();
                    kept.putAll(unknown);
                });
                for (int j = 0; j < group.parameters().size(); j++) {
                    Tensor parameter = group.parameters().get(j);
                    Map<String, Tensor> values = saved.state(i, j, parameter);
                    changes.add(readState(Target.name(i, j), parameter, values));
                }
            }
        }
        changes.forEach(Runnable::run);
    }

    /** Returns the options by PyTorch's names, in its order, in a new map. */
    abstract Map<String, @Nullable Object> options(S options);

    /**
     * Removes the options that it knows from {@code saved}.
     *
     * @return sets these options
     */
    abstract Runnable read(S options, Map<String, @Nullable Object> saved);

    /** Returns the state of a parameter by PyTorch's names; empty before its first step. */
    abstract Map<String, Object> state(Tensor parameter);

    /**
     * Checks that {@code values} fit a parameter.
     *
     * @param name the name of the parameter in messages
     * @param values the state by PyTorch's names; empty for no state
     * @return sets the state
     * @throws IllegalArgumentException if a value is missing or does not fit
     */
    abstract Runnable readState(String name, Tensor parameter, Map<String, Tensor> values);

    /**
     * Checks that all of {@code targets} can be changed, and prepares the change. Changes nothing that is visible from
     * outside. This method and its result are called outside of autograd, in the scope of the step.
     *
     * @param targets the parameters of a group that have a gradient, at least one
     * @param options the options of the group
     * @return changes the parameters
     * @throws IllegalStateException or {@link TorchException} if one cannot be changed
     */
    abstract Runnable prepare(List<Target> targets, S options);

    static double check(String name, double value, boolean valid) {
        if (!valid) {
            throw new IllegalArgumentException("Invalid " + name + ": " + value);
        }
        return value;
    }
}
