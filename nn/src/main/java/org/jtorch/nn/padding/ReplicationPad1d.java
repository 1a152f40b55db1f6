package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Repeats the edges of the input: {@code (N, C, L)} or {@code (C, L)} to a longer tensor of the same form.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad1d.html">torch.nn.ReplicationPad1d</a>
 */
public class ReplicationPad1d extends PadNd {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right; a negative size removes elements
     */
    public ReplicationPad1d(long... padding) {
        super(1, padding, PaddingMode.REPLICATE);
    }
}
