package org.jtorch.nn.conv;

import java.util.function.Consumer;

/**
 * A {@link ConvTranspose1d} whose {@code in_channels} are those of its first input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose1d.html">torch.nn.LazyConvTranspose1d</a>
 */
public class LazyConvTranspose1d extends ConvTranspose1d implements LazyConv {

    /** With a kernel and the default options. */
    public LazyConvTranspose1d(long outChannels, long kernelSize) {
        this(outChannels, kernelSize, o -> {});
    }

    /** With a kernel. */
    public LazyConvTranspose1d(long outChannels, long kernelSize, Consumer<Options> options) {
        this(outChannels, new long[] {kernelSize}, options);
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param outChannels the output's channels
     * @param kernelSize the kernel's length
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
