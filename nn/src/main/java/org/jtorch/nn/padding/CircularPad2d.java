package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Continues the input with its opposite end: {@code (N, C, H, W)} or {@code (C, H, W)} to a larger tensor of the same form.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CircularPad2d.html">torch.nn.CircularPad2d</a>
 */
public class CircularPad2d extends PadNd {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom; a negative size removes elements
     */
    public CircularPad2d(long... padding) {
        super(2, padding, PaddingMode.CIRCULAR);
    }
}
