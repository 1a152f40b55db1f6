package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Repeats the input's edges: {@code (N, C, L)} or {@code (C, L)} to the same, longer.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad1d.html">torch.nn.ReplicationPad1d</a>
 */
public class ReplicationPad1d extends PadNd {

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right; negative cuts away
     */
    public ReplicationPad1d(long... padding) {
        super(1, padding, PaddingMode.REPLICATE);
    }
}
