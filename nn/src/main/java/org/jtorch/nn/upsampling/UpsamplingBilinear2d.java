package org.jtorch.nn.upsampling;

import java.util.function.Consumer;

/**
 * An {@link Upsample} of {@code (N, C, H, W)} by bilinear interpolation that keeps the corners.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.UpsamplingBilinear2d.html">torch.nn.UpsamplingBilinear2d</a>
 */
public class UpsamplingBilinear2d extends Upsample {

    /** Creates a layer that resizes to a size or by a factor, which {@code options} sets. */
    public UpsamplingBilinear2d(Consumer<Options> options) {
        super(o -> {
            options.accept(o);
            o.mode("bilinear").alignCorners(true);
        });
    }
}
