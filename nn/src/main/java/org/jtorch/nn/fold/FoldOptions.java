package org.jtorch.nn.fold;

/** The optional arguments of {@link Fold} and {@link Unfold}: how the windows stand, one number or two each. */
public final class FoldOptions {

    long[] dilation = {1};
    long[] padding = {0};
    long[] stride = {1};

    FoldOptions() {}

    /** Sets the distance between a window's points; the default is 1. */
    public FoldOptions dilation(long... newDilation) {
        dilation = newDilation.clone();
        return this;
    }

    /** Sets the zeros on both sides of the image; the default is 0. */
    public FoldOptions padding(long... newPadding) {
        padding = newPadding.clone();
        return this;
    }

    /** Sets the windows' distance; the default is 1. */
    public FoldOptions stride(long... newStride) {
        stride = newStride.clone();
        return this;
    }
}
