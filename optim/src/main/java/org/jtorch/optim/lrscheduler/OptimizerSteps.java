package org.jtorch.optim.lrscheduler;

import java.util.Map;
import java.util.WeakHashMap;
import org.jtorch.optim.Optimizer;

/** Whether an optimizer made a step since its first schedule was created. Its schedules share this object. */
final class OptimizerSteps {

    /** Forgets an optimizer that is not used any more: the values do not refer to their keys. */
    private static final Map<Optimizer<?>, OptimizerSteps> KNOWN = new WeakHashMap<>();

    private volatile boolean any;

    private OptimizerSteps() {}

    static OptimizerSteps of(Optimizer<?> optimizer) {
        synchronized (KNOWN) {
            return KNOWN.computeIfAbsent(optimizer, OptimizerSteps::watching);
        }
    }

    private static OptimizerSteps watching(Optimizer<?> optimizer) {
        OptimizerSteps steps = new OptimizerSteps();
        optimizer.registerStepPreHook(stepping -> steps.any = true);
        return steps;
    }

    boolean any() {
        return any;
    }
}
