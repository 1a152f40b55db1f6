package org.jtorch.nn.padding;

/**
 * Puts a constant around the input: {@code (*)} to the same, longer in the last dimension.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad1d.html">torch.nn.ConstantPad1d</a>
 */
public class ConstantPad1d extends ConstantPadNd {

    /** The same on all sides. */
    public ConstantPad1d(long padding, Number value) {
        this(new long[] {padding}, value);
    }

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right; negative cuts away
     * @param value the constant; shown as it is given
     */
    public ConstantPad1d(long[] padding, Number value) {
        super(1, padding, value);
    }
}
