package org.jtorch.nn.padding;

/**
 * Surrounds the input with zeros: {@code (*)} to a tensor that is longer in the last three dimensions.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad3d.html">torch.nn.ZeroPad3d</a>
 */
public class ZeroPad3d extends ConstantPad3d {

    /**
     * Creates a padding.
     *
     * @param padding one size for all sides, or left, right, top, bottom, front, back; a negative size removes elements
     */
    public ZeroPad3d(long... padding) {
        super(padding, 0.0);
    }

    @Override
    protected String extraRepr() {
        return sides();
    }
}
