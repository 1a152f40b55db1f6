package org.jtorch.optim.lrscheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.ParamGroup;
import org.jtorch.optim.options.OptimizerOptions;

/** Reads and changes what schedules need of an optimizer's groups: learning rates, and the entries that schedules add. */
final class GroupValues {

    private GroupValues() {}

    static OptimizerOptions<?> options(ParamGroup<?> group) {
        return (OptimizerOptions<?>) group.options(); // as an Optimizer requires
    }

    static double lr(ParamGroup<?> group) {
        return options(group).lr();
    }

    static void setLr(ParamGroup<?> group, double lr) {
        options(group).scheduledLr(lr);
    }

    static double[] lrs(Optimizer<?> optimizer) {
        return optimizer.groups().stream().mapToDouble(GroupValues::lr).toArray();
    }

    static double[] extras(Optimizer<?> optimizer, String name) {
        return optimizer.groups().stream()
                .mapToDouble(group -> extra(group, name))
                .toArray();
    }

    /** Returns a number that a schedule added to a group. */
    static double extra(ParamGroup<?> group, String name) {
        Object value = group.extras().get(name);
        Double number = SchedulerState.asNumber(value);
        if (number == null) {
            throw new IllegalStateException("a group of the optimizer has "
                    + (value == null ? "no '" + name + "'" : "'" + name + "' = " + value + ", which is not a number")
                    + ": create a new schedule if a group was added");
        }
        return number;
    }

    static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    // --- undoing -----------------------------------------------------------------------------------------------

    /** The options and entries of the groups at some time. */
    record Saved(List<Runnable> restoring) {
        void restore() {
            restoring.forEach(Runnable::run);
        }
    }

    /** Remembers what a schedule may change. */
    static Saved save(Optimizer<?> optimizer) {
        List<Runnable> restoring = new ArrayList<>();
        for (ParamGroup<?> group : optimizer.groups()) {
            OptimizerOptions<?> options = options(group);
            double lr = options.lr();
            String momentum = Momentum.option(options);
            Object kept = momentum == null ? null : options.get(momentum);
            Map<String, @Nullable Object> extras = new LinkedHashMap<>(group.extras());
            restoring.add(() -> {
                options.scheduledLr(lr);
                if (momentum != null) {
                    options.set(momentum, kept);
                }
                group.extras().clear();
                group.extras().putAll(extras);
            });
        }
        return new Saved(restoring);
    }
}
