package org.jtorch.optim.lrscheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.ParamGroup;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.serialize.python.Tuple;

/** The momentum of a group, which some schedules change: the option {@code momentum}, or the first of {@code betas}. */
final class Momentum {

    private static final String BETAS = "betas";
    private static final String MOMENTUM = "momentum";
    private static final String MAX = "max_momentum";
    private static final String BASE = "base_momentum";

    private Momentum() {}

    /** Returns the name of the option that holds the momentum, or null if there is none. */
    static @Nullable String option(OptimizerOptions<?> options) {
        return options.has(BETAS) ? BETAS : options.has(MOMENTUM) ? MOMENTUM : null;
    }

    /**
     * Returns whether the momentum is the first of {@code betas}.
     *
     * @throws IllegalArgumentException if the optimizer has no momentum
     */
    static boolean isBeta1(Optimizer<?> optimizer) {
        String option = option(optimizer.defaults());
        if (option == null) {
            throw new IllegalArgumentException(
                    "optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
        }
        return option.equals(BETAS);
    }

    static void set(ParamGroup<?> group, boolean beta1, double momentum) {
        OptimizerOptions<?> options = GroupValues.options(group);
        if (!beta1) {
            options.set(MOMENTUM, momentum);
            return;
        }
        List<@Nullable Object> betas = new ArrayList<>(((Tuple) Objects.requireNonNull(options.get(BETAS))).values());
        betas.set(0, momentum);
        options.set(BETAS, betas);
    }

    /** Sets the momentum of each group to its greatest value, and keeps both values with the group. */
    static void start(Optimizer<?> optimizer, boolean beta1, double[] base, double[] max) {
        int i = 0;
        for (ParamGroup<?> group : optimizer.groups()) {
            set(group, beta1, max[i]);
            group.extras().put(MAX, max[i]);
            group.extras().put(BASE, base[i]);
            i++;
        }
    }
}
