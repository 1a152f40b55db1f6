package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Mirrors the input at its edges, the edge itself not repeated: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to the same, longer.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad3d.html">torch.nn.ReflectionPad3d</a>
 */
public class ReflectionPad3d extends PadNd {

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom, front, back; negative cuts away
     */
    public ReflectionPad3d(long... padding) {
        super(3, padding, PaddingMode.REFLECT);
    }
}
