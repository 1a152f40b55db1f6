package org.jtorch.nn.padding;

/**
 * Surrounds the input with a constant: {@code (*)} to a tensor that is longer in the last dimension.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad1d.html">torch.nn.ConstantPad1d</a>
 */
public class ConstantPad1d extends ConstantPadNd {

    /** Creates a padding that is the same on all sides. */
    public ConstantPad1d(long padding, Number value) {
        this(new long[] {padding}, value);
    }

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right; a negative size removes elements
     * @param value the constant, which is shown as given
     */
    public ConstantPad1d(long[] padding, Number value) {
        super(1, padding, value);
    }
}
