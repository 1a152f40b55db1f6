package org.jtorch.nn.norm;

import java.util.function.Consumer;

/**
 * An {@link InstanceNorm3d} whose number of channels is that of its first input. As in PyTorch, and unlike
 * {@code InstanceNorm3d}, it has a weight, a bias and running statistics by default.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm3d.html">torch.nn.LazyInstanceNorm3d</a>
 */
public class LazyInstanceNorm3d extends InstanceNorm3d implements LazyNorm {

    /** Creates a layer with the default options. */
    public LazyInstanceNorm3d() {
        this(o -> {});
    }

    /** Creates a layer with the options that {@code options} sets. */
    public LazyInstanceNorm3d(Consumer<Options> options) {
        super(0, o -> {
            o.affine(true).trackRunningStats(true);
            options.accept(o);
        });
    }

    @Override
    public Class<?> clsToBecome() {
        return InstanceNorm3d.class;
    }
}
