package org.jtorch.nn.norm;

import java.util.function.Consumer;

/**
 * A {@link BatchNorm1d} whose number of channels is that of its first input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm1d.html">torch.nn.LazyBatchNorm1d</a>
 */
public class LazyBatchNorm1d extends BatchNorm1d implements LazyNorm {

    /** Creates a layer with the default options. */
    public LazyBatchNorm1d() {
        this(o -> {});
    }

    /** Creates a layer with the options that {@code options} sets. */
    public LazyBatchNorm1d(Consumer<Options> options) {
        super(0, options);
    }

    @Override
    public Class<?> clsToBecome() {
        return BatchNorm1d.class;
    }
}
