package org.jtorch.nn.padding;

/**
 * Puts a constant around the input: {@code (*)} to the same, longer in the last two dimensions.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html">torch.nn.ConstantPad2d</a>
 */
public class ConstantPad2d extends ConstantPadNd {

    /** The same on all sides. */
    public ConstantPad2d(long padding, Number value) {
        this(new long[] {padding}, value);
    }

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom; negative cuts away
     * @param value the constant; shown as it is given
     */
    public ConstantPad2d(long[] padding, Number value) {
        super(2, padding, value);
    }
}
