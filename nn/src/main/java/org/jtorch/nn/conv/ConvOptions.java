package org.jtorch.nn.conv;

import org.jspecify.annotations.Nullable;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.functional.PaddingMode;

/**
 * The optional arguments of all convolutions. A size is one number for all spatial dimensions or one for each.
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

    /** Sets the stride of the kernel; the default is 1. */
    public S stride(long... newStride) {
        stride = newStride.clone();
        return self();
    }

    /** Sets the padding on both sides; the default is 0. */
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

    /** Sets the number of independent groups into which the channels are split; the default is 1. */
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
