package org.jtorch.nn.norm;

import java.util.function.Consumer;

/**
 * A {@link BatchNorm3d} whose number of channels is that of its first input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm3d.html">torch.nn.LazyBatchNorm3d</a>
 */
public class LazyBatchNorm3d extends BatchNorm3d implements LazyNorm {

    /** Creates a layer with the default options. */
    public LazyBatchNorm3d() {
        this(o -> {});
    }

    /** Creates a layer with the options that {@code options} sets. */
    public LazyBatchNorm3d(Consumer<Options> options) {
        super(0, options);
    }

    @Override
    public Class<?> clsToBecome() {
        return BatchNorm3d.class;
    }
}
