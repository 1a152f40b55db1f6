package org.jtorch.nn.conv;

import java.util.function.Consumer;

/**
 * A {@link Conv1d} whose number of input channels is that of its first input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyConv1d.html">torch.nn.LazyConv1d</a>
 */
public class LazyConv1d extends Conv1d implements LazyConv {

    /** Creates a convolution with the default options. */
    public LazyConv1d(long outChannels, long kernelSize) {
        this(outChannels, kernelSize, o -> {});
    }

    /** Creates a convolution. */
    public LazyConv1d(long outChannels, long kernelSize, Consumer<Options> options) {
        this(outChannels, new long[] {kernelSize}, options);
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param outChannels the number of channels of the output
     * @param kernelSize the length of the kernel
     * @param options sets the optional arguments
     */
    public LazyConv1d(long outChannels, long[] kernelSize, Consumer<Options> options) {
        super(0, outChannels, kernelSize, options);
    }

    @Override
    public Class<?> clsToBecome() {
        return Conv1d.class;
    }
}
