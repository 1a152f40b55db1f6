package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Continues the input with its other end: {@code (N, C, H, W)} or {@code (C, H, W)} to the same, longer.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CircularPad2d.html">torch.nn.CircularPad2d</a>
 */
public class CircularPad2d extends PadNd {

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom; negative cuts away
     */
    public CircularPad2d(long... padding) {
        super(2, padding, PaddingMode.CIRCULAR);
    }
}
