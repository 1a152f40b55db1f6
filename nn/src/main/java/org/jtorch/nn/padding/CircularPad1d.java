package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Continues the input with its other end: {@code (N, C, L)} or {@code (C, L)} to the same, longer.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CircularPad1d.html">torch.nn.CircularPad1d</a>
 */
public class CircularPad1d extends PadNd {

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right; negative cuts away
     */
    public CircularPad1d(long... padding) {
        super(1, padding, PaddingMode.CIRCULAR);
    }
}
