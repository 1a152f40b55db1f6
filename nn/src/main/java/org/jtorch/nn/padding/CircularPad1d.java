package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Continues the input with its opposite end: {@code (N, C, L)} or {@code (C, L)} to a longer tensor of the same form.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CircularPad1d.html">torch.nn.CircularPad1d</a>
 */
public class CircularPad1d extends PadNd {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right; a negative size removes elements
     */
    public CircularPad1d(long... padding) {
        super(1, padding, PaddingMode.CIRCULAR);
    }
}
