package org.jtorch.nn.spec;

import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jtorch.nn.Module;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.norm.BatchNorm3d;
import org.jtorch.nn.norm.CrossMapLRN2d;
import org.jtorch.nn.norm.GroupNorm;
import org.jtorch.nn.norm.InstanceNorm1d;
import org.jtorch.nn.norm.InstanceNorm2d;
import org.jtorch.nn.norm.InstanceNorm3d;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.norm.LazyBatchNorm1d;
import org.jtorch.nn.norm.LazyBatchNorm2d;
import org.jtorch.nn.norm.LazyBatchNorm3d;
import org.jtorch.nn.norm.LazyInstanceNorm1d;
import org.jtorch.nn.norm.LazyInstanceNorm2d;
import org.jtorch.nn.norm.LazyInstanceNorm3d;
import org.jtorch.nn.norm.LocalResponseNorm;
import org.jtorch.nn.norm.NormBase;
import org.jtorch.nn.norm.RMSNorm;
import org.jtorch.nn.norm.ResponseNorm;
import org.jtorch.nn.norm.SyncBatchNorm;

/** The constructors of {@code org.jtorch.nn.norm}. */
final class NormSpecs {

    private static final String BATCH_NORM = "(num_features, eps=1e-05, momentum=0.1, affine=True,"
            + " track_running_stats=True, device=None, dtype=None, *, bias=True)";
    private static final String SYNC_BATCH_NORM = BATCH_NORM.replace("device=None", "process_group=None, device=None");
    private static final String INSTANCE_NORM = BATCH_NORM
            .replace("affine=True", "affine=False")
            .replace("track_running_stats=True", "track_running_stats=False");

    private NormSpecs() {}

    static void enter(Catalog c) {
        norm(c, "BatchNorm1d" + BATCH_NORM, BatchNorm1d::new);
        norm(c, "BatchNorm2d" + BATCH_NORM, BatchNorm2d::new);
        norm(c, "BatchNorm3d" + BATCH_NORM, BatchNorm3d::new);
        norm(c, "SyncBatchNorm" + SYNC_BATCH_NORM, SyncBatchNorm::new);
        norm(c, "InstanceNorm1d" + INSTANCE_NORM, InstanceNorm1d::new);
        norm(c, "InstanceNorm2d" + INSTANCE_NORM, InstanceNorm2d::new);
        norm(c, "InstanceNorm3d" + INSTANCE_NORM, InstanceNorm3d::new);
        lazyNorm(c, "LazyBatchNorm1d", LazyBatchNorm1d::new);
        lazyNorm(c, "LazyBatchNorm2d", LazyBatchNorm2d::new);
        lazyNorm(c, "LazyBatchNorm3d", LazyBatchNorm3d::new);
        lazyNorm(c, "LazyInstanceNorm1d", LazyInstanceNorm1d::new);
        lazyNorm(c, "LazyInstanceNorm2d", LazyInstanceNorm2d::new);
        lazyNorm(c, "LazyInstanceNorm3d", LazyInstanceNorm3d::new);
        c.add(
                "GroupNorm(num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None, *, bias=True)",
                a -> new GroupNorm(a.integer("num_groups"), a.integer("num_channels"), o -> a.placed(o)
                        .eps(a.number("eps"))
                        .affine(a.bool("affine"))
                        .bias(a.bool("bias"))));
        c.add(
                "LayerNorm(normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None)",
                a -> new LayerNorm(a.sizes("normalized_shape"), o -> a.placed(o)
                        .eps(a.number("eps"))
                        .elementwiseAffine(a.bool("elementwise_affine"))
                        .bias(a.bool("bias"))));
        c.add(
                "RMSNorm(normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None)",
                a -> new RMSNorm(
                        a.sizes("normalized_shape"),
                        o -> a.placed(o).eps(a.numberOrNull("eps")).elementwiseAffine(a.bool("elementwise_affine"))));
        c.add(
                "LocalResponseNorm(size, alpha=0.0001, beta=0.75, k=1.0)",
                a -> new LocalResponseNorm(a.integer("size"), o -> response(a, o)));
        c.add(
                "CrossMapLRN2d(size, alpha=0.0001, beta=0.75, k=1)",
                a -> new CrossMapLRN2d(a.integer("size"), o -> response(a, o)));
    }

    private static void norm(
            Catalog c, String signature, BiFunction<Long, Consumer<NormBase.Options>, Module<?, ?>> constructor) {
        c.add(signature, a -> {
            if (a.get("process_group") != null) {
                throw new IllegalArgumentException("process_group is " + a.get("process_group")
                        + ", but a module's description has no place for one: leave it out");
            }
            return constructor.apply(a.integer("num_features"), o -> shared(a, o));
        });
    }

    private static void lazyNorm(
            Catalog c, String name, Function<Consumer<NormBase.Options>, Module<?, ?>> constructor) {
        c.add(name + BATCH_NORM.replace("num_features, ", ""), a -> constructor.apply(o -> shared(a, o)));
    }

    private static void shared(Arguments a, NormBase.Options o) {
        a.placed(o)
                .eps(a.number("eps"))
                .momentum(a.numberOrNull("momentum"))
                .affine(a.bool("affine"))
                .trackRunningStats(a.bool("track_running_stats"))
                .bias(a.bool("bias"));
    }

    private static void response(Arguments a, ResponseNorm.Options o) {
        o.alpha(a.number("alpha")).beta(a.number("beta")).k(a.number("k"));
    }
}
