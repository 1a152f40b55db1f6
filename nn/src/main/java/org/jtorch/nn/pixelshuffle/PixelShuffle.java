package org.jtorch.nn.pixelshuffle;

import org.jtorch.Tensor;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * Moves channels into space: {@code (*, C r^2, H, W)} to {@code (*, C, H r, W r)}. The factor is r.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html">torch.nn.PixelShuffle</a>
 * @see <a href="https://arxiv.org/abs/1609.05158">Real-time single image and video super-resolution, Shi et al. 2016</a>
 */
public class PixelShuffle extends Layer {

    private long upscaleFactor;

    /** Creates a layer with the given factor. */
    public PixelShuffle(long upscaleFactor) {
        this.upscaleFactor = upscaleFactor;
    }

    /** Returns the factor. */
    public final long upscaleFactor() {
        return upscaleFactor;
    }

    /** Sets {@link #upscaleFactor()}. */
    public final void upscaleFactor(long newUpscaleFactor) {
        upscaleFactor = newUpscaleFactor;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.pixelShuffle(x, upscaleFactor);
    }

    @Override
    protected String extraRepr() {
        return "upscale_factor=" + upscaleFactor;
    }
}
