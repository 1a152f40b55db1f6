package org.jtorch.nn.spec;

import org.jtorch.nn.Reduction;
import org.jtorch.nn.loss.CrossEntropyLoss;
import org.jtorch.nn.loss.MSELoss;

/** The constructors of {@code org.jtorch.nn.loss}. */
final class LossSpecs {

    private LossSpecs() {}

    static void enter(Catalog c) {
        c.add(
                "CrossEntropyLoss(weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean',"
                        + " label_smoothing=0.0)",
                a -> new CrossEntropyLoss(o -> o.reduction(reduction(a))
                        .weight(a.tensorOrNull("weight"))
                        .ignoreIndex(a.integer("ignore_index"))
                        .labelSmoothing(a.real("label_smoothing"))));
        c.add(
                "MSELoss(size_average=None, reduce=None, reduction='mean')",
                a -> new MSELoss(o -> o.reduction(reduction(a))));
    }

    /** What {@code reduction} says, or the two older arguments where one of them is given. */
    private static Reduction reduction(Arguments a) {
        Boolean average = a.boolOrNull("size_average");
        Boolean reduce = a.boolOrNull("reduce");
        if (average == null && reduce == null) {
            return Reduction.of(a.string("reduction"));
        }
        if (Boolean.FALSE.equals(reduce)) {
            return Reduction.NONE;
        }
        return Boolean.FALSE.equals(average) ? Reduction.SUM : Reduction.MEAN;
    }
}
