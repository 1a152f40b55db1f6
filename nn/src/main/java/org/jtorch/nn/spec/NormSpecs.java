package org.jtorch.nn.spec;

import org.jtorch.nn.norm.BatchNorm;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.norm.LayerNorm;

/** The constructors of {@code org.jtorch.nn.norm}. */
final class NormSpecs {

    private static final String BATCH_NORM = "(num_features, eps=1e-05, momentum=0.1, affine=True,"
            + " track_running_stats=True, device=None, dtype=None, *, bias=True)";

    private NormSpecs() {}

    static void enter(Catalog c) {
        c.add("BatchNorm1d" + BATCH_NORM, a -> new BatchNorm1d(a.integer("num_features"), o -> batchNorm(a, o)));
        c.add("BatchNorm2d" + BATCH_NORM, a -> new BatchNorm2d(a.integer("num_features"), o -> batchNorm(a, o)));
        c.add(
                "LayerNorm(normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None)",
                a -> new LayerNorm(a.sizes("normalized_shape"), o -> a.placed(o)
                        .eps(a.real("eps"))
                        .elementwiseAffine(a.bool("elementwise_affine"))
                        .bias(a.bool("bias"))));
    }

    private static void batchNorm(Arguments a, BatchNorm.Options o) {
        a.placed(o)
                .eps(a.real("eps"))
                .momentum(a.realOrNull("momentum"))
                .affine(a.bool("affine"))
                .trackRunningStats(a.bool("track_running_stats"))
                .bias(a.bool("bias"));
    }
}
