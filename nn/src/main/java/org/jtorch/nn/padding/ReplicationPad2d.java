package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Repeats the edges of the input: {@code (N, C, H, W)} or {@code (C, H, W)} to a larger tensor of the same form.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html">torch.nn.ReplicationPad2d</a>
 */
public class ReplicationPad2d extends PadNd {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom; a negative size removes elements
     */
    public ReplicationPad2d(long... padding) {
        super(2, padding, PaddingMode.REPLICATE);
    }
}
