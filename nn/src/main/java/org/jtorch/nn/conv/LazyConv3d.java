package org.jtorch.nn.conv;

import java.util.function.Consumer;

/**
 * A {@link Conv3d} whose number of input channels is that of its first input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyConv3d.html">torch.nn.LazyConv3d</a>
 */
public class LazyConv3d extends Conv3d implements LazyConv {

    /** Creates a convolution with a cubic kernel and the default options. */
    public LazyConv3d(long outChannels, long kernelSize) {
        this(outChannels, kernelSize, o -> {});
    }

    /** Creates a convolution with a cubic kernel. */
    public LazyConv3d(long outChannels, long kernelSize, Consumer<Options> options) {
        this(outChannels, new long[] {kernelSize}, options);
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param outChannels the number of channels of the output
     * @param kernelSize the depth, height and width of the kernel
     * @param options sets the optional arguments
     */
    public LazyConv3d(long outChannels, long[] kernelSize, Consumer<Options> options) {
        super(0, outChannels, kernelSize, options);
    }

    @Override
    public Class<?> clsToBecome() {
        return Conv3d.class;
    }
}
