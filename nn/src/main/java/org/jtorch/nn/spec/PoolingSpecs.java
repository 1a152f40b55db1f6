package org.jtorch.nn.spec;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Module;
import org.jtorch.nn.pooling.AdaptiveAvgPool1d;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;
import org.jtorch.nn.pooling.AdaptiveAvgPool3d;
import org.jtorch.nn.pooling.AdaptiveMaxPool1d;
import org.jtorch.nn.pooling.AdaptiveMaxPool1dWithIndices;
import org.jtorch.nn.pooling.AdaptiveMaxPool2d;
import org.jtorch.nn.pooling.AdaptiveMaxPool2dWithIndices;
import org.jtorch.nn.pooling.AdaptiveMaxPool3d;
import org.jtorch.nn.pooling.AdaptiveMaxPool3dWithIndices;
import org.jtorch.nn.pooling.AvgPool1d;
import org.jtorch.nn.pooling.AvgPool2d;
import org.jtorch.nn.pooling.AvgPool3d;
import org.jtorch.nn.pooling.AvgPoolNd;
import org.jtorch.nn.pooling.FractionalMaxPool2d;
import org.jtorch.nn.pooling.FractionalMaxPool2dWithIndices;
import org.jtorch.nn.pooling.FractionalMaxPool3d;
import org.jtorch.nn.pooling.FractionalMaxPool3dWithIndices;
import org.jtorch.nn.pooling.FractionalMaxPoolOptions;
import org.jtorch.nn.pooling.LPPool1d;
import org.jtorch.nn.pooling.LPPool2d;
import org.jtorch.nn.pooling.LPPool3d;
import org.jtorch.nn.pooling.LPPoolNd;
import org.jtorch.nn.pooling.MaxPool1d;
import org.jtorch.nn.pooling.MaxPool1dWithIndices;
import org.jtorch.nn.pooling.MaxPool2d;
import org.jtorch.nn.pooling.MaxPool2dWithIndices;
import org.jtorch.nn.pooling.MaxPool3d;
import org.jtorch.nn.pooling.MaxPool3dWithIndices;
import org.jtorch.nn.pooling.MaxPoolOptions;
import org.jtorch.nn.pooling.MaxUnpool1d;
import org.jtorch.nn.pooling.MaxUnpool2d;
import org.jtorch.nn.pooling.MaxUnpool3d;
import org.jtorch.nn.pooling.MaxUnpoolNd;

/** The constructors of {@code org.jtorch.nn.pooling}. */
final class PoolingSpecs {

    private PoolingSpecs() {}

    /** A constructor with a kernel size and options. */
    private interface Constructor<O> extends BiFunction<long[], Consumer<O>, Module<?, ?>> {}

    /** A constructor with a norm, a kernel size and options. */
    private interface NormConstructor {
        Module<?, ?> make(Number normType, long[] kernelSize, Consumer<LPPoolNd.Options> options);
    }

    static void enter(Catalog c) {
        adaptive(c, "AdaptiveAvgPool1d(output_size)", AdaptiveAvgPool1d::new, AdaptiveAvgPool1d::new);
        adaptive(
                c,
                "AdaptiveMaxPool1d(output_size, return_indices=False)",
                AdaptiveMaxPool1d::new,
                AdaptiveMaxPool1dWithIndices::new);
        avg(c, "AvgPool1d", false, AvgPool1d::new);
        lp(c, "LPPool1d", LPPool1d::new);
        max(c, "MaxPool1d", MaxPool1d::new, MaxPool1dWithIndices::new);
        unpool(c, "MaxUnpool1d", MaxUnpool1d::new);
        adaptive(c, "AdaptiveAvgPool2d(output_size)", AdaptiveAvgPool2d::new, AdaptiveAvgPool2d::new);
        adaptive(
                c,
                "AdaptiveMaxPool2d(output_size, return_indices=False)",
                AdaptiveMaxPool2d::new,
                AdaptiveMaxPool2dWithIndices::new);
        avg(c, "AvgPool2d", true, AvgPool2d::new);
        lp(c, "LPPool2d", LPPool2d::new);
        max(c, "MaxPool2d", MaxPool2d::new, MaxPool2dWithIndices::new);
        unpool(c, "MaxUnpool2d", MaxUnpool2d::new);
        fractional(c, "FractionalMaxPool2d", FractionalMaxPool2d::new, FractionalMaxPool2dWithIndices::new);
        adaptive(c, "AdaptiveAvgPool3d(output_size)", AdaptiveAvgPool3d::new, AdaptiveAvgPool3d::new);
        adaptive(
                c,
                "AdaptiveMaxPool3d(output_size, return_indices=False)",
                AdaptiveMaxPool3d::new,
                AdaptiveMaxPool3dWithIndices::new);
        avg(c, "AvgPool3d", true, AvgPool3d::new);
        lp(c, "LPPool3d", LPPool3d::new);
        max(c, "MaxPool3d", MaxPool3d::new, MaxPool3dWithIndices::new);
        unpool(c, "MaxUnpool3d", MaxUnpool3d::new);
        fractional(c, "FractionalMaxPool3d", FractionalMaxPool3d::new, FractionalMaxPool3dWithIndices::new);
    }

    private static void max(
            Catalog c, String name, Constructor<MaxPoolOptions> values, Constructor<MaxPoolOptions> withIndices) {
        c.add(
                name + "(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)",
                a -> (a.bool("return_indices") ? withIndices : values).apply(a.sizes("kernel_size"), o -> {
                    o.padding(a.sizes("padding")).dilation(a.sizes("dilation")).ceilMode(a.bool("ceil_mode"));
                    ifGiven(a, "stride", o::stride);
                }));
    }

    private static void avg(Catalog c, String name, boolean hasDivisor, Constructor<AvgPoolNd.Options> constructor) {
        c.add(
                name + "(kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"
                        + (hasDivisor ? ", divisor_override=None)" : ")"),
                a -> constructor.apply(a.sizes("kernel_size"), o -> {
                    o.padding(a.sizes("padding"))
                            .ceilMode(a.bool("ceil_mode"))
                            .countIncludePad(a.bool("count_include_pad"));
                    ifGiven(a, "stride", o::stride);
                    if (hasDivisor) {
                        o.divisorOverride(a.integerOrNull("divisor_override"));
                    }
                }));
    }

    private static void adaptive(
            Catalog c,
            String signature,
            Function<@Nullable Number[], Module<?, ?>> values,
            Function<@Nullable Number[], Module<?, ?>> withIndices) {
        c.add(signature, a -> {
            boolean indices = Boolean.TRUE.equals(a.get("return_indices"));
            return (indices ? withIndices : values).apply(outputSize(a));
        });
    }

    private static @Nullable Number[] outputSize(Arguments a) {
        if (a.get("output_size") instanceof List<?> sizes) {
            @Nullable Number[] result = new @Nullable Number[sizes.size()];
            for (int i = 0; i < result.length; i++) {
                Object size = sizes.get(i);
                result[i] = size == null ? null : a.integerOf("output_size", size);
            }
            return result;
        }
        return new @Nullable Number[] {a.integerOrNull("output_size")};
    }

    private static void unpool(Catalog c, String name, Constructor<MaxUnpoolNd.Options> constructor) {
        c.add(
                name + "(kernel_size, stride=None, padding=0)",
                a -> constructor.apply(a.sizes("kernel_size"), o -> {
                    o.padding(a.sizes("padding"));
                    ifGiven(a, "stride", o::stride);
                }));
    }

    private static void lp(Catalog c, String name, NormConstructor constructor) {
        c.add(
                name + "(norm_type, kernel_size, stride=None, ceil_mode=False)",
                a -> constructor.make(a.number("norm_type"), a.sizes("kernel_size"), o -> {
                    o.ceilMode(a.bool("ceil_mode"));
                    ifGiven(a, "stride", o::stride);
                }));
    }

    private static void fractional(
            Catalog c,
            String name,
            Constructor<FractionalMaxPoolOptions> values,
            Constructor<FractionalMaxPoolOptions> withIndices) {
        c.add(
                name + "(kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None)",
                a -> (a.bool("return_indices") ? withIndices : values).apply(a.sizes("kernel_size"), o -> {
                    o.randomSamples(a.tensorOrNull("_random_samples"));
                    ifGiven(a, "output_size", o::outputSize);
                    double[] ratio = a.realsOrNull("output_ratio");
                    if (ratio != null) {
                        o.outputRatio(ratio);
                    }
                }));
    }

    private static void ifGiven(Arguments a, String name, Consumer<long[]> option) {
        long[] sizes = a.sizesOrNull(name);
        if (sizes != null) {
            option.accept(sizes);
        }
    }
}
