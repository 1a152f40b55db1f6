package org.jtorch.nn.fold;

/** The optional arguments of {@link Fold} and {@link Unfold}: the positions of the windows, one number or two for each. */
public final class FoldOptions {

    long[] dilation = {1};
    long[] padding = {0};
    long[] stride = {1};

    FoldOptions() {}

    /** Sets the distance between the points of a window; the default is 1. */
    public FoldOptions dilation(long... newDilation) {
        dilation = newDilation.clone();
        return this;
    }

    /** Sets the padding of zeros on both sides of the image; the default is 0. */
    public FoldOptions padding(long... newPadding) {
        padding = newPadding.clone();
        return this;
    }

    /** Sets the stride of the windows; the default is 1. */
    public FoldOptions stride(long... newStride) {
        stride = newStride.clone();
        return this;
    }
}
