package org.jtorch.nn.norm;

import java.util.function.Consumer;

/**
 * A {@link BatchNorm2d} whose number of channels is that of its first input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm2d.html">torch.nn.LazyBatchNorm2d</a>
 */
public class LazyBatchNorm2d extends BatchNorm2d implements LazyNorm {

    /** Creates a layer with the default options. */
    public LazyBatchNorm2d() {
        this(o -> {});
    }

    /** Creates a layer with the options that {@code options} sets. */
    public LazyBatchNorm2d(Consumer<Options> options) {
        super(0, options);
    }

    @Override
    public Class<?> clsToBecome() {
        return BatchNorm2d.class;
    }
}
