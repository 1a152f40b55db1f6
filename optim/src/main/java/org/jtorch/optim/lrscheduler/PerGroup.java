package org.jtorch.optim.lrscheduler;

import java.util.Arrays;
import java.util.List;
import org.jtorch.optim.Optimizer;

/** An argument that is one value for all groups, or one for each. */
final class PerGroup {

    private final double[] values;
    private final boolean single;

    private PerGroup(double[] values, boolean single) {
        this.values = values;
        this.single = single;
    }

    static PerGroup of(double value) {
        return new PerGroup(new double[] {value}, true);
    }

    static PerGroup of(List<Double> values) {
        return new PerGroup(values.stream().mapToDouble(Double::doubleValue).toArray(), false);
    }

    boolean single() {
        return single;
    }

    int size() {
        return values.length;
    }

    /**
     * Returns the values of the groups.
     *
     * @throws IllegalArgumentException if there are several values, but not one for each group
     */
    double[] values(String name, Optimizer<?> optimizer) {
        int groups = optimizer.groups().size();
        if (single) {
            double[] all = new double[groups];
            Arrays.fill(all, values[0]);
            return all;
        }
        if (values.length != groups) {
            throw new IllegalArgumentException(name + " must have the same length as optimizer.param_groups. " + name
                    + " has " + values.length + " values, param_groups has " + groups + ".");
        }
        return values.clone();
    }
}
