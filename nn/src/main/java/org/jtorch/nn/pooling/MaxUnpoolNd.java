package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.internal.PythonText;
import org.jtorch.nn.internal.Sizes;

/** What inverses of max poolings share: their arguments. */
public abstract class MaxUnpoolNd extends Module<MaxUnpoolNd.Input, Tensor> {

    /**
     * What an unpooling takes.
     *
     * @param input what the pooling gave
     * @param indices where it stood
     * @param outputSize the result's spatial sizes, or its whole shape; null: the least that the pooling may have had
     */
    public record Input(Tensor input, Tensor indices, long @Nullable [] outputSize) {}

    /** The optional arguments of unpoolings. */
    public static final class Options {
        private long @Nullable [] stride;
        private long[] padding = {0};

        private Options() {}

        /** The pooling's; default: the kernel's size. */
        public Options stride(long... newStride) {
            stride = newStride.clone();
            return this;
        }

        /** The pooling's; default 0. */
        public Options padding(long... newPadding) {
            padding = newPadding.clone();
            return this;
        }
    }

    final long[] kernelSize;
    final long[] stride;
    final long[] padding;

    MaxUnpoolNd(int dims, long[] kernelSize, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        this.kernelSize = Sizes.expand("kernel_size", dims, kernelSize);
        stride = Sizes.expand("stride", dims, o.stride == null ? kernelSize : o.stride);
        padding = Sizes.expand("padding", dims, o.padding);
    }

    /** {@link #call(Object)} to the least size that the pooling may have had. */
    public final Tensor call(Tensor input, Tensor indices) {
        return call(new Input(input, indices, null));
    }

    /** {@link #call(Object)} to a size. */
    public final Tensor call(Tensor input, Tensor indices, long... outputSize) {
        return call(new Input(input, indices, outputSize));
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + PythonText.tuple(kernelSize) + ", stride=" + PythonText.tuple(stride) + ", padding="
                + PythonText.tuple(padding);
    }
}
