package org.jtorch.nn.functional;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.internal.PythonText;

/** Padding and other functions for images of {@link F}. */
abstract class VisionFunctions extends SparseFunctions {

    VisionFunctions() {}

    /** {@link #pad(Tensor, long[], Number)} with zeros. */
    public static Tensor pad(Tensor input, long... pad) {
        return pad(input, pad, 0.0);
    }

    /**
     * A constant around a tensor's edges.
     *
     * @param input any shape
     * @param pad before and after, two numbers a dimension from the last one on; negative ones cut away
     * @param value the constant
     * @throws IllegalArgumentException if {@code pad} has not two numbers for each dimension
     */
    public static Tensor pad(Tensor input, long[] pad, Number value) {
        if (pad.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "Padding length must be divisible by 2, but is " + pad.length + ": " + Arrays.toString(pad));
        }
        return input.constantPadNd(pad, value);
    }

    /**
     * A tensor's edges padded by itself.
     *
     * @param input (N, C, L), (N, C, H, W), (N, C, D, H, W), or without N
     * @param pad before and after, two numbers a dimension from the last one on
     * @param mode with what; {@link PaddingMode#ZEROS} takes an input of any shape
     */
    public static Tensor pad(Tensor input, long[] pad, PaddingMode mode) {
        return pad(input, pad, mode, null);
    }

    /**
     * As {@link #pad(Tensor, long[], PaddingMode)}, by a constant where the mode is {@link PaddingMode#ZEROS}.
     *
     * @param value the constant, null for 0; null for the other modes
     * @throws org.jtorch.TorchException if another mode is given a constant
     */
    public static Tensor pad(Tensor input, long[] pad, PaddingMode mode, @Nullable Number value) {
        return mode == PaddingMode.ZEROS
                ? pad(input, pad, value == null ? 0.0 : value)
                : input.pad(pad, mode.engineName(), value == null ? null : value.doubleValue());
    }

    /** {@link #interpolate(Tensor, long[], double[], String, Boolean, Boolean, boolean)} to a size, by the nearest elements. */
    public static Tensor interpolate(Tensor input, long[] size) {
        return interpolate(input, size, "nearest");
    }

    /** {@link #interpolate(Tensor, long[], double[], String, Boolean, Boolean, boolean)} by factors and the nearest elements. */
    public static Tensor interpolate(Tensor input, double[] scaleFactor) {
        return interpolate(input, scaleFactor, "nearest");
    }

    /** {@link #interpolate(Tensor, long[], double[], String, Boolean, Boolean, boolean)} to a size. */
    public static Tensor interpolate(Tensor input, long[] size, String mode) {
        return interpolate(input, size, null, mode, null, null, false);
    }

    /** {@link #interpolate(Tensor, long[], double[], String, Boolean, Boolean, boolean)} by factors. */
    public static Tensor interpolate(Tensor input, double[] scaleFactor, String mode) {
        return interpolate(input, null, scaleFactor, mode, null, null, false);
    }

    /**
     * An image made larger or smaller.
     *
     * @param input (N, C, L), (N, C, H, W) or (N, C, D, H, W)
     * @param size the result's spatial sizes, one for all or one for each; or null if the factors are given
     * @param scaleFactor the result's sizes as multiples of the input's, one for all or one for each; or null
     * @param mode {@code nearest}, {@code nearest-exact}, {@code linear} (3D input), {@code bilinear} or {@code bicubic}
     *     (4D), {@code trilinear} (5D), {@code area}
     * @param alignCorners whether the corners' centres stay where they are, or the corners; null for modes without that
     * @param recomputeScaleFactor whether to interpolate by the ratio of the sizes, which are whole, not by the factor
     * @param antialias whether to smooth before making smaller, for {@code bilinear} and {@code bicubic}
     * @return (N, C, …), the spatial sizes being {@code size} or {@code floor(input size * scaleFactor)}
     * @throws IllegalArgumentException if not just one of size and factors is given, or an option is not for the mode
     * @throws org.jtorch.TorchException if the mode is not for the input
     */
    public static Tensor interpolate(
            Tensor input,
            long @Nullable [] size,
            double @Nullable [] scaleFactor,
            String mode,
            @Nullable Boolean alignCorners,
            @Nullable Boolean recomputeScaleFactor,
            boolean antialias) {
        return new Interpolation(input, size, scaleFactor, mode, alignCorners, recomputeScaleFactor).run(antialias);
    }

    /** {@link #gridSample(Tensor, Tensor, String, String, boolean)}, bilinear, zeros outside, by the corners. */
    public static Tensor gridSample(Tensor input, Tensor grid) {
        return gridSample(input, grid, "bilinear", "zeros", false);
    }

    /**
     * The values of an image at given places.
     *
     * @param input (N, C, H, W) or (N, C, D, H, W)
     * @param grid the places (x, y), -1 to 1 from edge to edge, (N, H_out, W_out, 2); or (x, y, z),
     *     (N, D_out, H_out, W_out, 3)
     * @param mode {@code bilinear}, {@code nearest} or, for 4D input, {@code bicubic}
     * @param paddingMode what stands outside: {@code zeros}, {@code border} or {@code reflection}
     * @param alignCorners whether -1 and 1 are the centres of the outermost elements, or their outer edges
     * @return (N, C, H_out, W_out) or (N, C, D_out, H_out, W_out)
     * @throws IllegalArgumentException if a mode is unknown
     */
    public static Tensor gridSample(Tensor input, Tensor grid, String mode, String paddingMode, boolean alignCorners) {
        int modeCode = List.of("bilinear", "nearest", "bicubic").indexOf(mode);
        if (modeCode < 0) {
            throw new IllegalArgumentException(
                    "nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or"
                            + " 'bicubic', but got: '" + mode + "'");
        }
        int paddingCode = List.of("zeros", "border", "reflection").indexOf(paddingMode);
        if (paddingCode < 0) {
            throw new IllegalArgumentException("nn.functional.grid_sample(): expected padding_mode to be 'zeros',"
                    + " 'border', or 'reflection', but got: '" + paddingMode + "'");
        }
        return input.gridSampler(grid, modeCode, paddingCode, alignCorners);
    }

    /** {@link #affineGrid(Tensor, long[], boolean)} by the corners. */
    public static Tensor affineGrid(Tensor theta, long... size) {
        return affineGrid(theta, size, false);
    }

    /**
     * The grid by which {@link #gridSample} turns, moves and stretches images.
     *
     * @param theta matrices, floating point, (N, 2, 3), or (N, 3, 4) for volumes
     * @param size the result's, (N, C, H, W) or (N, C, D, H, W)
     * @param alignCorners whether -1 and 1 are the centres of the outermost elements, or their outer edges
     * @return (N, H, W, 2) or (N, D, H, W, 3)
     * @throws IllegalArgumentException if dtype or shapes do not fit
     */
    public static Tensor affineGrid(Tensor theta, long[] size, boolean alignCorners) {
        if (!theta.isFloatingPoint()) {
            throw new IllegalArgumentException("Expected theta to have floating point type, but got " + theta.dtype());
        }
        if (size.length != 4 && size.length != 5) {
            throw new IllegalArgumentException("affine_grid only supports 4D and 5D sizes, for 2D and 3D affine"
                    + " transforms, respectively. Got size " + Arrays.toString(size) + ".");
        }
        int dims = size.length - 2;
        if (theta.dim() != 3 || theta.size(-2) != dims || theta.size(-1) != dims + 1) {
            throw new IllegalArgumentException("Expected a batch of " + dims + "D affine matrices of shape Nx" + dims
                    + "x" + (dims + 1) + " for size " + Arrays.toString(size) + ". Got "
                    + PythonText.size(theta.shape()) + ".");
        }
        if (Arrays.stream(size).anyMatch(s -> s <= 0)) {
            throw new IllegalArgumentException("Expected non-zero, positive output size. Got " + Arrays.toString(size));
        }
        return theta.affineGridGenerator(size, alignCorners);
    }
}
