package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Mirrors the input at its edges, the edge itself not repeated: {@code (N, C, L)} or {@code (C, L)} to the same, longer.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad1d.html">torch.nn.ReflectionPad1d</a>
 */
public class ReflectionPad1d extends PadNd {

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right; negative cuts away
     */
    public ReflectionPad1d(long... padding) {
        super(1, padding, PaddingMode.REFLECT);
    }
}
