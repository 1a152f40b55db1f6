package org.jtorch.nn.padding;

/**
 * Puts zeros around the input: {@code (*)} to the same, longer in the last dimension.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad1d.html">torch.nn.ZeroPad1d</a>
 */
public class ZeroPad1d extends ConstantPad1d {

    /**
     * A padding.
     *
     * @param padding one size for all sides, or left, right; negative cuts away
     */
    public ZeroPad1d(long... padding) {
        super(padding, 0.0);
    }

    @Override
    protected String extraRepr() {
        return sides();
    }
}
