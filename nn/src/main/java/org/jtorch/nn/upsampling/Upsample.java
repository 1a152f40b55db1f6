package org.jtorch.nn.upsampling;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * Resizes an image: {@code (N, C, L)}, {@code (N, C, H, W)} or {@code (N, C, D, H, W)} to the same form with the spatial sizes
 * {@code size}, or {@code floor(input size * scale_factor)}.
 *
 * <p>Modes: {@code nearest}, {@code nearest-exact}, {@code linear} (3D input), {@code bilinear} and {@code bicubic} (4D input),
 * {@code trilinear} (5D input), {@code area}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html">torch.nn.Upsample</a>
 */
public class Upsample extends Layer {

    /** The optional arguments of {@link Upsample}. Either the size or the factor must be given. */
    public static final class Options {
        private long @Nullable [] size;
        private double @Nullable [] scaleFactor;
        private String mode = "nearest";
        private @Nullable Boolean alignCorners;
        private @Nullable Boolean recomputeScaleFactor;

        Options() {}

        /** Sets the spatial sizes of the output: one for all or one for each. */
        public Options size(long... newSize) {
            size = newSize.clone();
            return this;
        }

        /** Sets the factors of the spatial sizes: one for all or one for each. */
        public Options scaleFactor(double... newScaleFactor) {
            scaleFactor = newScaleFactor.clone();
            return this;
        }

        /** Sets the interpolation mode; the default is {@code nearest}. */
        public Options mode(String newMode) {
            mode = newMode;
            return this;
        }

        /**
         * Sets whether the centers of the corner elements keep their positions, instead of the corners themselves. It applies
         * to the linear and cubic modes; the default is {@code null}.
         */
        public Options alignCorners(@Nullable Boolean newAlignCorners) {
            alignCorners = newAlignCorners;
            return this;
        }

        /**
         * Sets whether to interpolate by the ratio of the sizes, which are whole numbers, instead of the factor; the default is
         * {@code null}.
         */
        public Options recomputeScaleFactor(@Nullable Boolean newRecomputeScaleFactor) {
            recomputeScaleFactor = newRecomputeScaleFactor;
            return this;
        }
    }

    private long @Nullable [] size;
    private double @Nullable [] scaleFactor;
    private String mode;
    private @Nullable Boolean alignCorners;
    private @Nullable Boolean recomputeScaleFactor;

    /** Creates a layer with the options that {@code options} sets. */
    public Upsample(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        size = o.size;
        scaleFactor = o.scaleFactor;
        mode = o.mode;
        alignCorners = o.alignCorners;
        recomputeScaleFactor = o.recomputeScaleFactor;
    }

    /** Returns a copy of the spatial sizes of the output, one for all or one for each, or null if the factor is given. */
    public final long @Nullable [] size() {
        return size == null ? null : size.clone();
    }

    /** Sets {@link #size()}. */
    public final void size(long @Nullable ... newSize) {
        size = newSize == null ? null : newSize.clone();
    }

    /** Returns a copy of the factors of the spatial sizes, one for all or one for each, or null if the size is given. */
    public final double @Nullable [] scaleFactor() {
        return scaleFactor == null ? null : scaleFactor.clone();
    }

    /** Sets {@link #scaleFactor()}. */
    public final void scaleFactor(double @Nullable ... newScaleFactor) {
        scaleFactor = newScaleFactor == null ? null : newScaleFactor.clone();
    }

    /** Returns the interpolation mode. */
    public final String mode() {
        return mode;
    }

    /** Sets {@link #mode()}. */
    public final void mode(String newMode) {
        mode = Objects.requireNonNull(newMode, "mode");
    }

    /** Returns whether the centers of the corner elements keep their positions, instead of the corners themselves; or null. */
    public final @Nullable Boolean alignCorners() {
        return alignCorners;
    }

    /** Sets {@link #alignCorners()}. */
    public final void alignCorners(@Nullable Boolean newAlignCorners) {
        alignCorners = newAlignCorners;
    }

    /** Returns whether to interpolate by the ratio of the sizes, which are whole numbers, instead of the factor; or null. */
    public final @Nullable Boolean recomputeScaleFactor() {
        return recomputeScaleFactor;
    }

    /** Sets {@link #recomputeScaleFactor()}. */
    public final void recomputeScaleFactor(@Nullable Boolean newRecomputeScaleFactor) {
        recomputeScaleFactor = newRecomputeScaleFactor;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.interpolate(x, size, scaleFactor, mode, alignCorners, recomputeScaleFactor, false);
    }

    @Override
    protected String extraRepr() {
        String extent = scaleFactor != null
                ? "scale_factor=" + PythonText.floatOrTuple(scaleFactor)
                : "size=" + (size == null ? "None" : PythonText.intOrTuple(size));
        return extent + ", mode='" + mode + "'";
    }
}
