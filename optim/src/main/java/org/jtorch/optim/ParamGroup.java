package org.jtorch.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * Parameters that share options. The options may be changed between steps:
 * {@code optimizer.groups().get(0).options().lr(1e-4)}.
 *
 * @param <O> the options of the optimizer
 */
public final class ParamGroup<O> {

    private final List<Tensor> parameters;
    private @Nullable List<String> names;
    private final O options;
    private final Map<String, @Nullable Object> extras = new LinkedHashMap<>();
    private final List<Kept> kept;

    ParamGroup(List<Tensor> parameters, @Nullable List<String> names, O options) {
        this.parameters = parameters;
        this.names = names;
        this.options = options;
        this.kept = parameters.stream().map(Kept::new).toList();
    }

    /** Returns the parameters, in order. The list cannot be changed. */
    public List<Tensor> parameters() {
        return parameters;
    }

    /** Returns the names of the parameters, or null if the optimizer was created without names. */
    public @Nullable List<String> names() {
        return names;
    }

    /** Returns the options, which may be changed. */
    public O options() {
        return options;
    }

    /**
     * Returns the entries of the group that are not options of the optimizer. They are saved and loaded with it. Schedulers keep
     * {@code initial_lr} here. The map may be changed; its values must be such that a checkpoint can hold them.
     */
    public Map<String, @Nullable Object> extras() {
        return extras;
    }

    /** Returns the parameters with their cached properties. */
    List<Kept> kept() {
        return kept;
    }

    void setNames(List<String> newNames) {
        names = newNames;
    }
}
