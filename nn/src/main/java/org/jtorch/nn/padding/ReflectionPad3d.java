package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Mirrors the input at its edges without repeating the edge itself: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to a larger
 * tensor of the same form.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad3d.html">torch.nn.ReflectionPad3d</a>
 */
public class ReflectionPad3d extends PadNd {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom, front, back; a negative size removes elements
     */
    public ReflectionPad3d(long... padding) {
        super(3, padding, PaddingMode.REFLECT);
    }
}
