package org.jtorch.nn.spec;

import org.jtorch.nn.adaptive.AdaptiveLogSoftmaxWithLoss;

/** The constructors of {@code org.jtorch.nn.adaptive}. */
final class AdaptiveSpecs {

    private AdaptiveSpecs() {}

    static void enter(Catalog c) {
        c.add(
                "AdaptiveLogSoftmaxWithLoss(in_features, n_classes, cutoffs, div_value=4.0, head_bias=False, device=None,"
                        + " dtype=None)",
                a -> new AdaptiveLogSoftmaxWithLoss(
                        a.integer("in_features"), a.integer("n_classes"), a.sizes("cutoffs"), o -> a.placed(o)
                                .divValue(a.real("div_value"))
                                .headBias(a.bool("head_bias"))));
    }
}
