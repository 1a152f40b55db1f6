package org.jtorch.nn.spec;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jtorch.nn.Module;
import org.jtorch.nn.distance.Distance;
import org.jtorch.nn.functional.Reduction;
import org.jtorch.nn.loss.AnyLoss;
import org.jtorch.nn.loss.BCELoss;
import org.jtorch.nn.loss.BCEWithLogitsLoss;
import org.jtorch.nn.loss.CTCLoss;
import org.jtorch.nn.loss.CosineEmbeddingLoss;
import org.jtorch.nn.loss.CrossEntropyLoss;
import org.jtorch.nn.loss.GaussianNLLLoss;
import org.jtorch.nn.loss.HingeEmbeddingLoss;
import org.jtorch.nn.loss.HuberLoss;
import org.jtorch.nn.loss.KLDivLoss;
import org.jtorch.nn.loss.L1Loss;
import org.jtorch.nn.loss.MSELoss;
import org.jtorch.nn.loss.MarginRankingLoss;
import org.jtorch.nn.loss.MultiLabelMarginLoss;
import org.jtorch.nn.loss.MultiLabelSoftMarginLoss;
import org.jtorch.nn.loss.MultiMarginLoss;
import org.jtorch.nn.loss.NLLLoss;
import org.jtorch.nn.loss.PoissonNLLLoss;
import org.jtorch.nn.loss.SmoothL1Loss;
import org.jtorch.nn.loss.SoftMarginLoss;
import org.jtorch.nn.loss.TripletMarginLoss;
import org.jtorch.nn.loss.TripletMarginWithDistanceLoss;

/** The constructors of {@code org.jtorch.nn.loss}. */
final class LossSpecs {

    private static final String REDUCTION = "size_average=None, reduce=None, reduction='mean'";
    private static final String WEIGHT = "weight=None, ";

    private LossSpecs() {}

    static void enter(Catalog c) {
        plain(c, "L1Loss", L1Loss::new);
        plain(c, "MSELoss", MSELoss::new);
        plain(c, "MultiLabelMarginLoss", MultiLabelMarginLoss::new);
        plain(c, "SoftMarginLoss", SoftMarginLoss::new);
        weighted(c, "BCELoss", BCELoss::new);
        weighted(c, "MultiLabelSoftMarginLoss", MultiLabelSoftMarginLoss::new);
        classes(c);
        margins(c);
        c.add(
                "BCEWithLogitsLoss(" + WEIGHT + REDUCTION + ", pos_weight=None)",
                a -> new BCEWithLogitsLoss(o -> weight(a, o).posWeight(a.tensorOrNull("pos_weight"))));
        c.add(
                "CTCLoss(blank=0, reduction='mean', zero_infinity=False)",
                a -> new CTCLoss(o -> reduction(a, o).blank(a.integer("blank")).zeroInfinity(a.bool("zero_infinity"))));
        c.add(
                "GaussianNLLLoss(*, full=False, eps=1e-06, reduction='mean')",
                a -> new GaussianNLLLoss(
                        o -> reduction(a, o).full(a.bool("full")).eps(a.real("eps"))));
        c.add(
                "HuberLoss(reduction='mean', delta=1.0)",
                a -> new HuberLoss(o -> reduction(a, o).delta(a.real("delta"))));
        c.add(
                "KLDivLoss(" + REDUCTION + ", log_target=False)",
                a -> new KLDivLoss(o -> reduction(a, o).logTarget(a.bool("log_target"))));
        c.add(
                "PoissonNLLLoss(log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean')",
                a -> new PoissonNLLLoss(o -> reduction(a, o)
                        .logInput(a.bool("log_input"))
                        .full(a.bool("full"))
                        .eps(a.real("eps"))));
        c.add(
                "SmoothL1Loss(" + REDUCTION + ", beta=1.0)",
                a -> new SmoothL1Loss(o -> reduction(a, o).beta(a.real("beta"))));
    }

    private static void classes(Catalog c) {
        c.add(
                "CrossEntropyLoss(weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean',"
                        + " label_smoothing=0.0)",
                a -> new CrossEntropyLoss(o ->
                        weight(a, o).ignoreIndex(a.integer("ignore_index")).labelSmoothing(a.real("label_smoothing"))));
        c.add(
                "NLLLoss(weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')",
                a -> new NLLLoss(o -> weight(a, o).ignoreIndex(a.integer("ignore_index"))));
        c.add(
                "MultiMarginLoss(p=1, margin=1.0, " + WEIGHT + REDUCTION + ")",
                a -> new MultiMarginLoss(o -> weight(a, o).p(a.integer("p")).margin(a.real("margin"))));
    }

    private static void margins(Catalog c) {
        c.add(
                "CosineEmbeddingLoss(margin=0.0, " + REDUCTION + ")",
                a -> new CosineEmbeddingLoss(o -> reduction(a, o).margin(a.real("margin"))));
        c.add(
                "HingeEmbeddingLoss(margin=1.0, " + REDUCTION + ")",
                a -> new HingeEmbeddingLoss(o -> reduction(a, o).margin(a.real("margin"))));
        c.add(
                "MarginRankingLoss(margin=0.0, " + REDUCTION + ")",
                a -> new MarginRankingLoss(o -> reduction(a, o).margin(a.real("margin"))));
        c.add(
                "TripletMarginLoss(margin=1.0, p=2.0, eps=1e-06, swap=False, " + REDUCTION + ")",
                a -> new TripletMarginLoss(o -> reduction(a, o)
                        .margin(a.real("margin"))
                        .p(a.real("p"))
                        .eps(a.real("eps"))
                        .swap(a.bool("swap"))));
        c.add(
                "TripletMarginWithDistanceLoss(*, distance_function=None, margin=1.0, swap=False, reduction='mean')",
                a -> new TripletMarginWithDistanceLoss(o -> {
                    reduction(a, o).margin(a.real("margin")).swap(a.bool("swap"));
                    if (a.moduleOrNull("distance_function") instanceof Distance distance) {
                        o.distanceFunction(distance);
                    }
                }));
    }

    private static void plain(
            Catalog c, String name, Function<Consumer<AnyLoss.PlainOptions>, Module<?, ?>> constructor) {
        c.add(name + "(" + REDUCTION + ")", a -> constructor.apply(o -> reduction(a, o)));
    }

    private static void weighted(
            Catalog c, String name, Function<Consumer<AnyLoss.PlainWeightOptions>, Module<?, ?>> constructor) {
        c.add(name + "(" + WEIGHT + REDUCTION + ")", a -> constructor.apply(o -> weight(a, o)));
    }

    private static <O extends AnyLoss.WeightOptions<O>> O weight(Arguments a, O o) {
        return reduction(a, o).weight(a.tensorOrNull("weight"));
    }

    /** Applies {@code reduction}, or the two older arguments if one of them is given. */
    private static <O extends AnyLoss.LossOptions<O>> O reduction(Arguments a, O o) {
        Boolean average = a.boolOrNull("size_average");
        Boolean reduce = a.boolOrNull("reduce");
        if (average == null && reduce == null) {
            return o.reduction(Reduction.of(a.string("reduction")));
        }
        if (Boolean.FALSE.equals(reduce)) {
            return o.reduction(Reduction.NONE);
        }
        return o.reduction(Boolean.FALSE.equals(average) ? Reduction.SUM : Reduction.MEAN);
    }
}
