package org.jtorch.nn.conv;

import java.util.function.Consumer;

/**
 * A {@link Conv3d} whose {@code in_channels} are those of its first input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyConv3d.html">torch.nn.LazyConv3d</a>
 */
public class LazyConv3d extends Conv3d implements LazyConv {

    /** With a cubic kernel and the default options. */
    public LazyConv3d(long outChannels, long kernelSize) {
        this(outChannels, kernelSize, o -> {});
    }

    /** With a cubic kernel. */
    public LazyConv3d(long outChannels, long kernelSize, Consumer<Options> options) {
        this(outChannels, new long[] {kernelSize}, options);
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param outChannels the output's channels
     * @param kernelSize the kernel's depth, height and width
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
