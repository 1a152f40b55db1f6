package org.jtorch.nn.pooling;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.internal.Sizes;

/** The checked arguments of a fractional max pooling. */
final class FractionalMaxPoolArguments {

    final long[] kernelSize;
    final long @Nullable [] outputSize;
    final double @Nullable [] outputRatio;
    final @Nullable Buffer randomSamples;

    FractionalMaxPoolArguments(int dims, long[] kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        FractionalMaxPoolOptions o = Customized.of(new FractionalMaxPoolOptions(), options);
        this.kernelSize = Sizes.expand("kernel_size", dims, kernelSize);
        if (dims == 3 && Arrays.stream(kernelSize).anyMatch(k -> k <= 0)) {
            throw new IllegalArgumentException(
                    "kernel_size must be greater than 0, but got " + PythonText.intOrTuple(kernelSize));
        }
        if (o.outputSize == null && o.outputRatio == null) {
            throw new IllegalArgumentException(
                    "FractionalMaxPool" + dims + "d requires specifying either an output size, or a pooling ratio");
        }
        if (o.outputSize != null && o.outputRatio != null) {
            throw new IllegalArgumentException("only one of output_size and output_ratio may be specified");
        }
        if (o.outputRatio != null && Arrays.stream(o.outputRatio).anyMatch(r -> !(r > 0 && r < 1))) {
            throw new IllegalArgumentException(
                    "output_ratio must be between 0 and 1 (got " + Arrays.toString(o.outputRatio) + ")");
        }
        outputSize = o.outputSize == null ? null : Sizes.expand("output_size", dims, o.outputSize);
        outputRatio = o.outputRatio;
        randomSamples = o.randomSamples == null ? null : new Buffer(o.randomSamples);
    }
}
