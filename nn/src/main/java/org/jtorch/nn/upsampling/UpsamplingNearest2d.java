package org.jtorch.nn.upsampling;

import java.util.function.Consumer;

/**
 * An {@link Upsample} of {@code (N, C, H, W)} by the nearest value.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.UpsamplingNearest2d.html">torch.nn.UpsamplingNearest2d</a>
 */
public class UpsamplingNearest2d extends Upsample {

    /** Creates a layer that resizes to a size or by a factor, which {@code options} sets. */
    public UpsamplingNearest2d(Consumer<Options> options) {
        super(o -> {
            options.accept(o);
            o.mode("nearest");
        });
    }
}
