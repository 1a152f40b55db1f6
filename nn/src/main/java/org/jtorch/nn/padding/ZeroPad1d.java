package org.jtorch.nn.padding;

/**
 * Surrounds the input with zeros: {@code (*)} to a tensor that is longer in the last dimension.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad1d.html">torch.nn.ZeroPad1d</a>
 */
public class ZeroPad1d extends ConstantPad1d {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right; a negative size removes elements
     */
    public ZeroPad1d(long... padding) {
        super(padding, 0.0);
    }

    @Override
    protected String extraRepr() {
        return sides();
    }
}
