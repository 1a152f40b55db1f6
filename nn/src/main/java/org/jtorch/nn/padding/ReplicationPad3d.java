package org.jtorch.nn.padding;

import org.jtorch.nn.functional.PaddingMode;

/**
 * Repeats the edges of the input: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to a larger tensor of the same form.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad3d.html">torch.nn.ReplicationPad3d</a>
 */
public class ReplicationPad3d extends PadNd {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom, front, back; a negative size removes elements
     */
    public ReplicationPad3d(long... padding) {
        super(3, padding, PaddingMode.REPLICATE);
    }
}
