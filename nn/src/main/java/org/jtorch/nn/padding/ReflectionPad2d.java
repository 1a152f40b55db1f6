package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Mirrors the input at its edges, the edge itself not repeated: {@code (N, C, H, W)} or {@code (C, H, W)} to the same, longer.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html">torch.nn.ReflectionPad2d</a>
 */
public class ReflectionPad2d extends PadNd {

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom; negative cuts away
     */
    public ReflectionPad2d(long... padding) {
        super(2, padding, PaddingMode.REFLECT);
    }
}
