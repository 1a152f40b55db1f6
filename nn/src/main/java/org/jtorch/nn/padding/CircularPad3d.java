package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Continues the input with its opposite end: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to a larger tensor of the same
 * form.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CircularPad3d.html">torch.nn.CircularPad3d</a>
 */
public class CircularPad3d extends PadNd {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom, front, back; a negative size removes elements
     */
    public CircularPad3d(long... padding) {
        super(3, padding, PaddingMode.CIRCULAR);
    }
}
