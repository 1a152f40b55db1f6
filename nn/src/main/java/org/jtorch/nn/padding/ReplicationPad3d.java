package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Repeats the input's edges: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to the same, longer.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad3d.html">torch.nn.ReplicationPad3d</a>
 */
public class ReplicationPad3d extends PadNd {

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom, front, back; negative cuts away
     */
    public ReplicationPad3d(long... padding) {
        super(3, padding, PaddingMode.REPLICATE);
    }
}
