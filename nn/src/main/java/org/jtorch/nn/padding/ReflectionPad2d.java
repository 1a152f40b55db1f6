package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Mirrors the input at its edges without repeating the edge itself: {@code (N, C, H, W)} or {@code (C, H, W)} to a larger
 * tensor of the same form.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html">torch.nn.ReflectionPad2d</a>
 */
public class ReflectionPad2d extends PadNd {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom; a negative size removes elements
     */
    public ReflectionPad2d(long... padding) {
        super(2, padding, PaddingMode.REFLECT);
    }
}
