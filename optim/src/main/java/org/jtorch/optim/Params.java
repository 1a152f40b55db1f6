package org.jtorch.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Named;

/**
 * Parameters with the options in which their group differs from the optimizer's defaults: an element of the list of
 * dictionaries that PyTorch's optimizers take.
 *
 * <pre>{@code
 * var optimizer = new AdamW(
 *         o -> o.lr(3e-4),
 *         List.of(Params.of(weights, g -> g.weightDecay(0.1)), Params.of(biasesAndNorms, g -> g.weightDecay(0))));
 * }</pre>
 *
 * @param <O> the options of the optimizer
 */
public final class Params<O> {

    private final List<Tensor> tensors;
    private final @Nullable List<String> names;
    private final Consumer<? super O> options;

    private Params(List<Tensor> tensors, @Nullable List<String> names, Consumer<? super O> options) {
        this.tensors = tensors;
        this.names = names;
        this.options = Objects.requireNonNull(options, "the options are null: give o -> {} for the defaults");
    }

    /** Returns parameters with the optimizer's defaults. */
    public static <O> Params<O> of(List<? extends Tensor> parameters) {
        return of(parameters, o -> {});
    }

    /**
     * Returns parameters with options of their own.
     *
     * @param parameters the parameters
     * @param options sets the options that differ from the optimizer's defaults
     */
    public static <O> Params<O> of(List<? extends Tensor> parameters, Consumer<? super O> options) {
        return new Params<>(List.copyOf(parameters), null, options);
    }

    /** Returns named parameters with the optimizer's defaults. */
    public static <O> Params<O> named(List<? extends Named<? extends Tensor>> parameters) {
        return named(parameters, o -> {});
    }

    /**
     * Returns named parameters, such as {@code model.namedParameters()}. The names are saved with the optimizer's state.
     *
     * @param parameters the parameters
     * @param options sets the options that differ from the optimizer's defaults
     */
    public static <O> Params<O> named(List<? extends Named<? extends Tensor>> parameters, Consumer<? super O> options) {
        List<Tensor> tensors = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Named<? extends Tensor> named : parameters) {
            tensors.add(named.value());
            names.add(named.name());
        }
        return new Params<>(List.copyOf(tensors), List.copyOf(names), options);
    }

    List<Tensor> tensors() {
        return tensors;
    }

    @Nullable
    List<String> names() {
        return names;
    }

    Consumer<? super O> options() {
        return options;
    }
}
