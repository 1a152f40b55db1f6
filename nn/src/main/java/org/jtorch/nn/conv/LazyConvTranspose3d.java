package org.jtorch.nn.conv;

import java.util.function.Consumer;

/**
 * A {@link ConvTranspose3d} whose {@code in_channels} are those of its first input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose3d.html">torch.nn.LazyConvTranspose3d</a>
 */
public class LazyConvTranspose3d extends ConvTranspose3d implements LazyConv {

    /** With a cubic kernel and the default options. */
    public LazyConvTranspose3d(long outChannels, long kernelSize) {
        this(outChannels, kernelSize, o -> {});
    }

    /** With a cubic kernel. */
    public LazyConvTranspose3d(long outChannels, long kernelSize, Consumer<Options> options) {
        this(outChannels, new long[] {kernelSize}, options);
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param outChannels the output's channels
     * @param kernelSize the kernel's depth, height and width
     * @param options sets the optional arguments
     */
    public LazyConvTranspose3d(long outChannels, long[] kernelSize, Consumer<Options> options) {
        super(0, outChannels, kernelSize, options);
    }

    @Override
    public Class<?> clsToBecome() {
        return ConvTranspose3d.class;
    }
}
