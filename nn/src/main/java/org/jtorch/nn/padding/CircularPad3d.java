package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Continues the input with its other end: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to the same, longer.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CircularPad3d.html">torch.nn.CircularPad3d</a>
 */
public class CircularPad3d extends PadNd {

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom, front, back; negative cuts away
     */
    public CircularPad3d(long... padding) {
        super(3, padding, PaddingMode.CIRCULAR);
    }
}
