package org.jtorch.nn.conv;

import java.util.function.Consumer;

/**
 * A {@link Conv2d} whose {@code in_channels} are those of its first input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyConv2d.html">torch.nn.LazyConv2d</a>
 */
public class LazyConv2d extends Conv2d implements LazyConv {

    /** With a square kernel and the default options. */
    public LazyConv2d(long outChannels, long kernelSize) {
        this(outChannels, kernelSize, o -> {});
    }

    /** With a square kernel. */
    public LazyConv2d(long outChannels, long kernelSize, Consumer<Options> options) {
        this(outChannels, new long[] {kernelSize}, options);
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param outChannels the output's channels
     * @param kernelSize the kernel's height and width
     * @param options sets the optional arguments
     */
    public LazyConv2d(long outChannels, long[] kernelSize, Consumer<Options> options) {
        super(0, outChannels, kernelSize, options);
    }

    @Override
    public Class<?> clsToBecome() {
        return Conv2d.class;
    }
}
