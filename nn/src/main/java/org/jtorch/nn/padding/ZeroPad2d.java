package org.jtorch.nn.padding;

/**
 * Puts zeros around the input: {@code (*)} to the same, longer in the last two dimensions.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html">torch.nn.ZeroPad2d</a>
 */
public class ZeroPad2d extends ConstantPad2d {

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom; negative cuts away
     */
    public ZeroPad2d(long... padding) {
        super(padding, 0.0);
    }

    @Override
    protected String extraRepr() {
        return sides();
    }
}
