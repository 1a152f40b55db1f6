package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.PythonText;
import org.jtorch.nn.internal.Sizes;

/** What poolings by norms share: their arguments. */
public abstract class LPPoolNd extends Layer {

    /** The optional arguments of poolings by norms. */
    public static final class Options {
        private long @Nullable [] stride;
        private boolean ceilMode;

        private Options() {}

        /** The windows' distance; default: the kernel's size, so that they do not overlap. */
        public Options stride(long... newStride) {
            stride = newStride.clone();
            return this;
        }

        /** Whether a window that reaches over the end counts; default false. */
        public Options ceilMode(boolean newCeilMode) {
            ceilMode = newCeilMode;
            return this;
        }
    }

    final double normType;
    final long[] kernelSize;
    final long @Nullable [] stride;
    final boolean ceilMode;
    private final Number shownNormType;

    LPPoolNd(int dims, Number normType, long[] kernelSize, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        this.normType = normType.doubleValue();
        if (this.normType == 0) {
            throw new IllegalArgumentException(
                    "norm_type must be a non-zero value, but got " + PythonText.number(normType));
        }
        shownNormType = normType;
        this.kernelSize = Sizes.check("kernel_size", dims, kernelSize);
        stride = o.stride == null ? null : Sizes.check("stride", dims, o.stride);
        ceilMode = o.ceilMode;
    }

    @Override
    protected String extraRepr() {
        return "norm_type=" + PythonText.number(shownNormType) + ", kernel_size=" + PythonText.intOrTuple(kernelSize)
                + ", stride=" + (stride == null ? "None" : PythonText.intOrTuple(stride)) + ", ceil_mode="
                + PythonText.of(ceilMode);
    }
}
