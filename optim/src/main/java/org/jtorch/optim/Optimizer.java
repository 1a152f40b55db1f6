package org.jtorch.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;

/**
 * Changes parameters by their gradients. Parameters stand in groups, each with its own options, which may be changed between
 * steps: {@code optimizer.groups().get(0).options().lr(1e-4)}.
 *
 * @param <S> the options of the algorithm
 * @see <a href="https://pytorch.org/docs/stable/optim.html">torch.optim</a>
 */
public abstract class Optimizer<S> {

    /**
     * Parameters that share options.
     *
     * @param parameters what is optimized
     * @param options how
     * @param <S> the options of the algorithm
     */
    public record Group<S>(List<? extends Tensor> parameters, S options) {

        /** Keeps a copy of the list. */
        public Group {
            parameters = List.copyOf(parameters);
        }
    }

    private final List<Group<S>> groups;

    /**
     * An optimizer of these groups.
     *
     * @throws IllegalArgumentException where there is no parameter, one is no leaf, or one stands there twice
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
                            "a parameter stands twice in the optimizer's groups: it would be changed twice a step");
                }
            }
        }
        if (seen.isEmpty()) {
            throw new IllegalArgumentException("optimizer got an empty parameter list");
        }
        this.groups = new ArrayList<>(groups);
    }

    /** The groups, in order. */
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

    /** Changes every parameter that has a gradient. */
    public final void step() {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            for (Group<S> group : groups) {
                List<Tensor> parameters = new ArrayList<>(group.parameters().size());
                List<Tensor> gradients = new ArrayList<>(group.parameters().size());
                for (Tensor parameter : group.parameters()) {
                    Tensor grad = parameter.grad();
                    if (grad != null) {
                        parameters.add(parameter);
                        gradients.add(grad);
                    }
                }
                if (!parameters.isEmpty()) {
                    update(parameters, gradients, group.options());
                }
            }
        }
    }

    /**
     * Changes {@code parameters}, outside of autograd and in a scope of its own.
     *
     * @param parameters those with a gradient
     * @param gradients one for each
     * @param options the group's
     */
    protected abstract void update(List<Tensor> parameters, List<Tensor> gradients, S options);

    /** Whether the engine's fused kernels take these: floating-point, dense, of one dtype, on the processor. */
    static boolean fusable(List<Tensor> parameters, List<Tensor> gradients) {
        Tensor first = parameters.get(0);
        if (!first.isFloatingPoint() || !first.isCpu()) {
            return false;
        }
        for (int i = 0; i < parameters.size(); i++) {
            if (!first.sameKind(parameters.get(i)) || !first.sameKind(gradients.get(i))) {
                return false;
            }
        }
        return true;
    }

    static double check(String name, double value, boolean valid) {
        if (!valid) {
            throw new IllegalArgumentException("Invalid " + name + ": " + value);
        }
        return value;
    }
}
