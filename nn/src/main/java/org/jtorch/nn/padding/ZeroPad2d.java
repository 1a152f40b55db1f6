package org.jtorch.nn.padding;

/**
 * Surrounds the input with zeros: {@code (*)} to a tensor that is longer in the last two dimensions.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html">torch.nn.ZeroPad2d</a>
 */
public class ZeroPad2d extends ConstantPad2d {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom; a negative size removes elements
     */
    public ZeroPad2d(long... padding) {
        super(padding, 0.0);
    }

    @Override
    protected String extraRepr() {
        return sides();
    }
}
