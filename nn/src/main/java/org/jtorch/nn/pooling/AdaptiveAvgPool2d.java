package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.F;
import org.jtorch.nn.Layer;

/**
 * Means over windows that are chosen so that the result has a given size: {@code (N, C, H, W)} or {@code (C, H, W)} to
 * {@code (N, C, height, width)}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html">torch.nn.AdaptiveAvgPool2d</a>
 */
public class AdaptiveAvgPool2d extends Layer {

    private final @Nullable Number height;
    private final @Nullable Number width;
    private final String outputSize;

    /** To a square. */
    public AdaptiveAvgPool2d(long outputSize) {
        this(outputSize, outputSize, String.valueOf(outputSize));
    }

    /**
     * To a size.
     *
     * @param height a whole number; null: the input's height
     * @param width a whole number; null: the input's width
     */
    public AdaptiveAvgPool2d(@Nullable Number height, @Nullable Number width) {
        this(height, width, "(" + (height == null ? "None" : height) + ", " + (width == null ? "None" : width) + ")");
    }

    private AdaptiveAvgPool2d(@Nullable Number height, @Nullable Number width, String outputSize) {
        this.height = height;
        this.width = width;
        this.outputSize = outputSize;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.adaptiveAvgPool2d(x, height, width);
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + outputSize;
    }
}
