package org.jtorch.nn.padding;

/**
 * Surrounds the input with a constant: {@code (*)} to a tensor that is longer in the last two dimensions.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html">torch.nn.ConstantPad2d</a>
 */
public class ConstantPad2d extends ConstantPadNd {

    /** Creates a padding that is the same on all sides. */
    public ConstantPad2d(long padding, Number value) {
        this(new long[] {padding}, value);
    }

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom; a negative size removes elements
     * @param value the constant, which is shown as given
     */
    public ConstantPad2d(long[] padding, Number value) {
        super(2, padding, value);
    }
}
