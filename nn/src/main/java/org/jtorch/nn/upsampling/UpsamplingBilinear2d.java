package org.jtorch.nn.upsampling;

import java.util.function.Consumer;

/**
 * {@link Upsample} of {@code (N, C, H, W)} by linear interpolation with the corners in place.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.UpsamplingBilinear2d.html">torch.nn.UpsamplingBilinear2d</a>
 */
public class UpsamplingBilinear2d extends Upsample {

    /** To a size or by a factor, as {@code options} say. */
    public UpsamplingBilinear2d(Consumer<Options> options) {
        super(o -> {
            options.accept(o);
            o.mode("bilinear").alignCorners(true);
        });
    }
}
