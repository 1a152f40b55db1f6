package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Mirrors the input at its edges without repeating the edge itself: {@code (N, C, L)} or {@code (C, L)} to a longer tensor of
 * the same form.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad1d.html">torch.nn.ReflectionPad1d</a>
 */
public class ReflectionPad1d extends PadNd {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right; a negative size removes elements
     */
    public ReflectionPad1d(long... padding) {
        super(1, padding, PaddingMode.REFLECT);
    }
}
