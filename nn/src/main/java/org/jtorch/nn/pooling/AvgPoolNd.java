package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.PythonText;
import org.jtorch.nn.internal.Sizes;

/** What poolings by means share: their arguments. Sizes are one number for all spatial dimensions or one for each. */
public abstract class AvgPoolNd extends Layer {

    /** The optional arguments of poolings by means. */
    public static final class Options {
        private long @Nullable [] stride;
        private long[] padding = {0};
        private boolean ceilMode;
        private boolean countIncludePad = true;
        private @Nullable Long divisorOverride;

        private Options() {}

        /** The windows' distance; default: the kernel's size, so that they do not overlap. */
        public Options stride(long... newStride) {
            stride = newStride.clone();
            return this;
        }

        /** What is added on both sides, of zeros; default 0. */
        public Options padding(long... newPadding) {
            padding = newPadding.clone();
            return this;
        }

        /** Whether a window that reaches over the end counts; default false. */
        public Options ceilMode(boolean newCeilMode) {
            ceilMode = newCeilMode;
            return this;
        }

        /** Whether the zeros of the padding count as elements; default true. */
        public Options countIncludePad(boolean newCountIncludePad) {
            countIncludePad = newCountIncludePad;
            return this;
        }

        /** What to divide a window's sum by; null, the default: the number of its elements. Not for one dimension. */
        public Options divisorOverride(@Nullable Long newDivisorOverride) {
            divisorOverride = newDivisorOverride;
            return this;
        }
    }

    final long[] kernelSize;
    final long[] stride;
    final long[] padding;
    final boolean ceilMode;
    final boolean countIncludePad;
    final @Nullable Long divisorOverride;

    AvgPoolNd(int dims, long[] kernelSize, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        if (dims == 1 && o.divisorOverride != null) {
            throw new IllegalArgumentException(
                    "AvgPool1d has no divisor_override, but it is " + o.divisorOverride + ": leave it out");
        }
        this.kernelSize = Sizes.check("kernel_size", dims, kernelSize);
        stride = Sizes.check("stride", dims, o.stride == null ? kernelSize : o.stride);
        padding = Sizes.check("padding", dims, o.padding);
        ceilMode = o.ceilMode;
        countIncludePad = o.countIncludePad;
        divisorOverride = o.divisorOverride;
    }

    /** A size as PyTorch keeps it. */
    String shown(long[] size) {
        return PythonText.intOrTuple(size);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + shown(kernelSize) + ", stride=" + shown(stride) + ", padding=" + shown(padding);
    }
}
