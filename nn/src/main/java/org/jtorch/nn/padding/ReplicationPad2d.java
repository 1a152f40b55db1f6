package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Repeats the input's edges: {@code (N, C, H, W)} or {@code (C, H, W)} to the same, longer.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html">torch.nn.ReplicationPad2d</a>
 */
public class ReplicationPad2d extends PadNd {

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom; negative cuts away
     */
    public ReplicationPad2d(long... padding) {
        super(2, padding, PaddingMode.REPLICATE);
    }
}
