package org.jtorch.nn.norm;

import java.util.function.Consumer;

/**
 * An {@link InstanceNorm2d} whose number of channels is that of its first input. As in PyTorch, and unlike
 * {@code InstanceNorm2d}, it has a weight, a bias and running statistics by default.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm2d.html">torch.nn.LazyInstanceNorm2d</a>
 */
public class LazyInstanceNorm2d extends InstanceNorm2d implements LazyNorm {

    /** Creates a layer with the default options. */
    public LazyInstanceNorm2d() {
        this(o -> {});
    }

    /** Creates a layer with the options that {@code options} sets. */
    public LazyInstanceNorm2d(Consumer<Options> options) {
        super(0, o -> {
            o.affine(true).trackRunningStats(true);
            options.accept(o);
        });
    }

    @Override
    public Class<?> clsToBecome() {
        return InstanceNorm2d.class;
    }
}
