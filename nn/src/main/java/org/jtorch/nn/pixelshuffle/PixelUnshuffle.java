package org.jtorch.nn.pixelshuffle;

import org.jtorch.Tensor;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * Moves space into channels, the inverse of {@link PixelShuffle}: {@code (*, C, H r, W r)} to {@code (*, C r^2, H, W)}. The
 * factor is r.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html">torch.nn.PixelUnshuffle</a>
 * @see <a href="https://arxiv.org/abs/1609.05158">Real-time single image and video super-resolution, Shi et al. 2016</a>
 */
public class PixelUnshuffle extends Layer {

    private long downscaleFactor;

    /** Creates a layer with the given factor. */
    public PixelUnshuffle(long downscaleFactor) {
        this.downscaleFactor = downscaleFactor;
    }

    /** Returns the factor. */
    public final long downscaleFactor() {
        return downscaleFactor;
    }

    /** Sets {@link #downscaleFactor()}. */
    public final void downscaleFactor(long newDownscaleFactor) {
        downscaleFactor = newDownscaleFactor;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.pixelUnshuffle(x, downscaleFactor);
    }

    @Override
    protected String extraRepr() {
        return "downscale_factor=" + downscaleFactor;
    }
}
