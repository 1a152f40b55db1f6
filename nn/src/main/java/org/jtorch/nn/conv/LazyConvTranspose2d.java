package org.jtorch.nn.conv;

import java.util.function.Consumer;

/**
 * A {@link ConvTranspose2d} whose number of input channels is that of its first input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose2d.html">torch.nn.LazyConvTranspose2d</a>
 */
public class LazyConvTranspose2d extends ConvTranspose2d implements LazyConv {

    /** Creates a convolution with a square kernel and the default options. */
    public LazyConvTranspose2d(long outChannels, long kernelSize) {
        this(outChannels, kernelSize, o -> {});
    }

    /** Creates a convolution with a square kernel. */
    public LazyConvTranspose2d(long outChannels, long kernelSize, Consumer<Options> options) {
        this(outChannels, new long[] {kernelSize}, options);
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param outChannels the number of channels of the output
     * @param kernelSize the height and width of the kernel
     * @param options sets the optional arguments
     */
    public LazyConvTranspose2d(long outChannels, long[] kernelSize, Consumer<Options> options) {
        super(0, outChannels, kernelSize, options);
    }

    @Override
    public Class<?> clsToBecome() {
        return ConvTranspose2d.class;
    }
}
