package org.jtorch.nn.norm;

import java.util.function.Consumer;

/**
 * An {@link InstanceNorm1d} whose number of channels is that of its first input. As in PyTorch, and unlike
 * {@code InstanceNorm1d}, it has a weight, a bias and running statistics by default.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm1d.html">torch.nn.LazyInstanceNorm1d</a>
 */
public class LazyInstanceNorm1d extends InstanceNorm1d implements LazyNorm {

    /** Creates a layer with the default options. */
    public LazyInstanceNorm1d() {
        this(o -> {});
    }

    /** Creates a layer with the options that {@code options} sets. */
    public LazyInstanceNorm1d(Consumer<Options> options) {
        super(0, o -> {
            o.affine(true).trackRunningStats(true);
            options.accept(o);
        });
    }

    @Override
    public Class<?> clsToBecome() {
        return InstanceNorm1d.class;
    }
}
