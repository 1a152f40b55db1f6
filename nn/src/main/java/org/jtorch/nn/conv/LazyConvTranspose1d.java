package org.jtorch.nn.conv;

import java.util.function.Consumer;

/**
 * A {@link ConvTranspose1d} whose number of input channels is that of its first input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose1d.html">torch.nn.LazyConvTranspose1d</a>
 */
public class LazyConvTranspose1d extends ConvTranspose1d implements LazyConv {

    /** Creates a convolution with the default options. */
    public LazyConvTranspose1d(long outChannels, long kernelSize) {
        this(outChannels, kernelSize, o -> {});
    }

    /** Creates a convolution. */
    public LazyConvTranspose1d(long outChannels, long kernelSize, Consumer<Options> options) {
        this(outChannels, new long[] {kernelSize}, options);
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param outChannels the number of channels of the output
     * @param kernelSize the length of the kernel
     * @param options sets the optional arguments
     */
    public LazyConvTranspose1d(long outChannels, long[] kernelSize, Consumer<Options> options) {
        super(0, outChannels, kernelSize, options);
    }

    @Override
    public Class<?> clsToBecome() {
        return ConvTranspose1d.class;
    }
}
