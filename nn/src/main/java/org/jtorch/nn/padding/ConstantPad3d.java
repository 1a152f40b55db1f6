package org.jtorch.nn.padding;

/**
 * Surrounds the input with a constant: {@code (*)} to a tensor that is longer in the last three dimensions.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad3d.html">torch.nn.ConstantPad3d</a>
 */
public class ConstantPad3d extends ConstantPadNd {

    /** Creates a padding that is the same on all sides. */
    public ConstantPad3d(long padding, Number value) {
        this(new long[] {padding}, value);
    }

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom, front, back; a negative size removes elements
     * @param value the constant, which is shown as given
     */
    public ConstantPad3d(long[] padding, Number value) {
        super(3, padding, value);
    }
}
