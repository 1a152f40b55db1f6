package org.jtorch.nn.functional;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.text.PythonText;

/** One interpolation: its size, its factors, and the kernel for it. */
final class Interpolation {

    private final Tensor input;
    private final String mode;
    private final boolean alignCorners;
    private final long[] size;
    /** The given factors, or null to use the ratio of the sizes. */
    private final double @Nullable [] factors;

    Interpolation(
            Tensor input,
            long @Nullable [] size,
            double @Nullable [] scaleFactor,
            String mode,
            @Nullable Boolean alignCorners,
            @Nullable Boolean recomputeScaleFactor) {
        this.input = input;
        this.mode = mode;
        boolean plain = mode.equals("nearest") || mode.equals("area") || mode.equals("nearest-exact");
        if (plain && alignCorners != null) {
            throw new IllegalArgumentException(
                    "align_corners option can only be set with the interpolating modes: linear"
                            + " | bilinear | bicubic | trilinear");
        }
        this.alignCorners = alignCorners != null && alignCorners;
        boolean recompute = recomputeScaleFactor != null && recomputeScaleFactor;
        int dims = Math.max(input.dim() - 2, 0);
        if (size != null && scaleFactor != null) {
            throw new IllegalArgumentException("only one of size or scale_factor should be defined");
        } else if (size != null) {
            if (recompute) {
                throw new IllegalArgumentException("recompute_scale_factor is not meaningful with an explicit size.");
            }
            if (size.length != 1 && size.length != dims) {
                throw different(
                        "output",
                        "output size of " + PythonText.tuple(size),
                        "output size in (o1, o2, ...,oK) format.");
            }
            this.size = size.length == dims ? size : filled(dims, size[0]);
            factors = null;
        } else if (scaleFactor != null) {
            if (scaleFactor.length != 1 && scaleFactor.length != dims) {
                throw different(
                        "scale_factor",
                        "scale_factor of shape " + PythonText.floatOrTuple(scaleFactor),
                        "scale_factor in (s1, s2, ...,sK) format.");
            }
            double[] each = new double[dims];
            this.size = new long[dims];
            for (int d = 0; d < dims; d++) {
                each[d] = scaleFactor[scaleFactor.length == 1 ? 0 : d];
                this.size[d] = (long) (input.size(d + 2) * each[d]);
            }
            factors = recompute || mode.equals("area") ? null : each;
        } else {
            throw new IllegalArgumentException("either size or scale_factor should be defined");
        }
    }

    private static long[] filled(int dims, long size) {
        long[] sizes = new long[dims];
        Arrays.fill(sizes, size);
        return sizes;
    }

    private IllegalArgumentException different(String argument, String what, String form) {
        long[] shape = input.shape();
        return new IllegalArgumentException("Input and " + argument
                + " must have the same number of spatial dimensions, but got input with spatial dimensions of "
                + Arrays.toString(Arrays.copyOfRange(shape, Math.min(2, shape.length), shape.length)) + " and "
                + what + ". Please provide input tensor in (N, C, d1, d2, ...,dK) format and " + form);
    }

    private @Nullable Double factor(int dim) {
        return factors == null ? null : factors[dim];
    }

    Tensor run(boolean antialias) {
        if (antialias && !((mode.equals("bilinear") || mode.equals("bicubic")) && input.dim() == 4)) {
            throw new IllegalArgumentException(
                    "Anti-alias option is restricted to bilinear and bicubic modes and requires"
                            + " a 4-D tensor as input, but mode is " + mode + " and the input is " + input.dim()
                            + "-D");
        }
        return switch (mode + " " + input.dim()) {
            case "nearest 3" -> input.upsampleNearest1d(size, factor(0));
            case "nearest 4" -> input.upsampleNearest2d(size, factor(0), factor(1));
            case "nearest 5" -> input.upsampleNearest3d(size, factor(0), factor(1), factor(2));
            case "nearest-exact 3" -> input.upsampleNearestExact1d(size, factor(0));
            case "nearest-exact 4" -> input.upsampleNearestExact2d(size, factor(0), factor(1));
            case "nearest-exact 5" -> input.upsampleNearestExact3d(size, factor(0), factor(1), factor(2));
            case "area 3" -> input.adaptiveAvgPool1d(size);
            case "area 4" -> input.adaptiveAvgPool2d(size);
            case "area 5" -> input.adaptiveAvgPool3d(size);
            case "linear 3" -> input.upsampleLinear1d(size, alignCorners, factor(0));
            case "bilinear 4" ->
                antialias
                        ? input.upsampleBilinear2dAa(size, alignCorners, factor(0), factor(1))
                        : input.upsampleBilinear2d(size, alignCorners, factor(0), factor(1));
            case "bicubic 4" ->
                antialias
                        ? input.upsampleBicubic2dAa(size, alignCorners, factor(0), factor(1))
                        : input.upsampleBicubic2d(size, alignCorners, factor(0), factor(1));
            case "trilinear 5" -> input.upsampleTrilinear3d(size, alignCorners, factor(0), factor(1), factor(2));
            default -> throw new TorchException(unsupported());
        };
    }

    private String unsupported() {
        long dim = input.dim();
        int needed =
                switch (mode) {
                    case "linear" -> 3;
                    case "bilinear" -> 4;
                    case "trilinear" -> 5;
                    default -> 0;
                };
        return needed != 0 && dim >= 3 && dim <= 5
                ? "Got " + dim + "D input, but " + mode + " mode needs " + needed + "D input"
                : "Input Error: Only 3D, 4D and 5D input Tensors supported (got " + dim + "D) for the modes: nearest |"
                        + " linear | bilinear | bicubic | trilinear | area | nearest-exact (got " + mode + ")";
    }
}
