package org.jtorch.nn.spec;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;
import org.jtorch.nn.pooling.MaxPool2d;
import org.jtorch.nn.pooling.MaxPool2dWithIndices;
import org.jtorch.nn.pooling.MaxPoolOptions;

/** The constructors of {@code org.jtorch.nn.pooling}. */
final class PoolingSpecs {

    private static final String MAX_POOL =
            "(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)";

    private PoolingSpecs() {}

    static void enter(Catalog c) {
        c.add(
                "AdaptiveAvgPool2d(output_size)",
                a -> a.get("output_size") instanceof List<?> size
                        ? new AdaptiveAvgPool2d((Number) size.get(0), (Number) size.get(1))
                        : new AdaptiveAvgPool2d(a.integer("output_size")));
        c.add(
                "MaxPool2d" + MAX_POOL,
                a -> a.bool("return_indices")
                        ? new MaxPool2dWithIndices(a.sizes("kernel_size"), maxPool(a))
                        : new MaxPool2d(a.sizes("kernel_size"), maxPool(a)));
    }

    private static Consumer<MaxPoolOptions> maxPool(Arguments a) {
        return o -> {
            o.padding(a.sizes("padding")).dilation(a.sizes("dilation")).ceilMode(a.bool("ceil_mode"));
            if (!a.isNone("stride")) {
                o.stride(a.sizes("stride"));
            }
        };
    }
}
