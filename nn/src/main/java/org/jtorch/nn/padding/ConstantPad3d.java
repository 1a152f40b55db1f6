package org.jtorch.nn.padding;

/**
 * Puts a constant around the input: {@code (*)} to the same, longer in the last three dimensions.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad3d.html">torch.nn.ConstantPad3d</a>
 */
public class ConstantPad3d extends ConstantPadNd {

    /** The same on all sides. */
    public ConstantPad3d(long padding, Number value) {
        this(new long[] {padding}, value);
    }

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom, front, back; negative cuts away
     * @param value the constant; shown as it is given
     */
    public ConstantPad3d(long[] padding, Number value) {
        super(3, padding, value);
    }
}
