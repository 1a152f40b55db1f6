package org.jtorch.nn.conv;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.internal.Sizes;

/**
 * The base class of transposed convolutions of any number of spatial dimensions: the choice of the output size.
 *
 * <p>Parameters: {@code weight} (in_channels, out_channels / groups, *kernel_size), {@code bias} (out_channels). Both are
 * initialized uniformly on {@code [-b, b)} with {@code b = 1 / sqrt(out_channels / groups * product of kernel_size)}.
 */
public abstract class ConvTransposeNd extends ConvBase {

    /** The optional arguments of transposed convolutions. */
    public static final class Options extends ConvOptions<Options> {
        private long[] outputPadding = {0};

        /** Sets the additional size on one side of the output, which a stride leaves undetermined; the default is 0. */
        public Options outputPadding(long... newOutputPadding) {
            outputPadding = newOutputPadding.clone();
            return this;
        }
    }

    /**
     * The additional argument that hooks receive for a call with a given output size.
     *
     * @param size the spatial sizes of the output, or its whole shape
     */
    public record OutputSize(long[] size) {

        /** Returns a copy of the sizes. */
        @Override
        public long[] size() {
            return size.clone();
        }

        @Override
        public String toString() {
            return "OutputSize" + Arrays.toString(size);
        }
    }

    ConvTransposeNd(int dims, long inChannels, long outChannels, long[] kernelSize, Consumer<Options> options) {
        this(dims, inChannels, outChannels, kernelSize, Customized.of(new Options(), options));
    }

    private ConvTransposeNd(int dims, long inChannels, long outChannels, long[] kernelSize, Options o) {
        super(dims, inChannels, outChannels, kernelSize, o, o.outputPadding);
    }

    /**
     * Runs {@link #call(Object)} with a given output size instead of the output padding. Hooks receive the size as an
     * {@link OutputSize}.
     *
     * @param input the input of the module
     * @param outputSize the spatial sizes of the output, or its whole shape; null to use the output padding
     * @throws TorchException if no output padding less than the stride results in that size
     */
    public final Tensor call(Tensor input, long @Nullable [] outputSize) {
        if (outputSize == null) {
            return call(input);
        }
        OutputSize asked = new OutputSize(outputSize.clone());
        return callWith(input, asked, x -> forward(x, paddingFor(x, asked.size)));
    }

    /** Runs the transposed convolution of this number of dimensions. */
    abstract Tensor convolve(
            Tensor x, long[] stride, long[] padding, long[] outputPadding, long groups, long[] dilation);

    /**
     * Sets {@link #outputPadding()}: one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void outputPadding(long... newOutputPadding) {
        outputPadding = Sizes.expand("output_padding", kernelSize.length, newOutputPadding);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return forward(x, outputPadding);
    }

    private Tensor forward(Tensor x, long[] outputPadding) {
        return convolve(x, stride, padding, outputPadding, groups, dilation);
    }

    private long[] paddingFor(Tensor x, long[] outputSize) {
        int dims = kernelSize.length;
        int leading = x.dim() == dims + 2 ? 2 : 1;
        long[] size = outputSize.length == leading + dims
                ? Arrays.copyOfRange(outputSize, leading, outputSize.length)
                : outputSize;
        if (size.length != dims) {
            throw new TorchException("ConvTranspose" + dims + "D: for " + x.dim() + "D input, output_size must have "
                    + dims + " or " + (leading + dims) + " elements (got " + size.length + ")");
        }
        long[] least = new long[dims];
        long[] greatest = new long[dims];
        for (int d = 0; d < dims; d++) {
            least[d] = (x.size(d + leading) - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernelSize[d] - 1) + 1;
            greatest[d] = least[d] + stride[d] - 1;
        }
        long[] outputPadding = new long[dims];
        for (int d = 0; d < dims; d++) {
            if (size[d] < least[d] || size[d] > greatest[d]) {
                throw new TorchException("requested an output size of " + Arrays.toString(size)
                        + ", but valid sizes range from " + Arrays.toString(least) + " to " + Arrays.toString(greatest)
                        + " (for an input of "
                        + PythonText.size(Arrays.copyOfRange(x.shape(), 2, (int) x.dim())) + ")");
            }
            outputPadding[d] = size[d] - least[d];
        }
        return outputPadding;
    }
}
