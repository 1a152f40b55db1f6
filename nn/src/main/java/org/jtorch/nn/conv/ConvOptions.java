package org.jtorch.nn.conv;

import org.jspecify.annotations.Nullable;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.functional.PaddingMode;

/**
 * The optional arguments that all convolutions have. Sizes are one number for all spatial dimensions or one for each.
 *
 * @param <S> the options class itself, so that calls can be chained
 */
public abstract class ConvOptions<S extends ConvOptions<S>> extends LayerOptions<S> {

    long[] stride = {1};
    long[] padding = {0};

    @Nullable
    String paddingName;

    long[] dilation = {1};
    long groups = 1;
    boolean bias = true;
    PaddingMode paddingMode = PaddingMode.ZEROS;

    ConvOptions() {}

    /** Sets the kernel's step; the default is 1. */
    public S stride(long... newStride) {
        stride = newStride.clone();
        return self();
    }

    /** Sets what is added on both sides; the default is 0. */
    public S padding(long... newPadding) {
        padding = newPadding.clone();
        paddingName = null;
        return self();
    }

    /** Sets the distance between the kernel's points; the default is 1. */
    public S dilation(long... newDilation) {
        dilation = newDilation.clone();
        return self();
    }

    /** Into how many independent groups the channels are split; default 1. */
    public S groups(long newGroups) {
        groups = newGroups;
        return self();
    }

    /** Sets whether there is a bias; the default is {@code true}. */
    public S bias(boolean newBias) {
        bias = newBias;
        return self();
    }
}
