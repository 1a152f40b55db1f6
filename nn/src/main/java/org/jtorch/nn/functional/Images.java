package org.jtorch.nn.functional;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.internal.Sizes;

/** Padding, sampling and windows of images. */
final class Images {

    private Images() {}

    static Tensor pad(Tensor input, long[] pad, Number value) {
        if (pad.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "Padding length must be divisible by 2, but is " + pad.length + ": " + Arrays.toString(pad));
        }
        return input.constantPadNd(pad, value);
    }

    static Tensor pad(Tensor input, long[] pad, PaddingMode mode, @Nullable Number value) {
        return mode == PaddingMode.ZEROS
                ? pad(input, pad, value == null ? 0.0 : value)
                : input.pad(pad, mode.engineName(), value == null ? null : value.doubleValue());
    }

    static Tensor gridSample(Tensor input, Tensor grid, String mode, String paddingMode, boolean alignCorners) {
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

    static Tensor affineGrid(Tensor theta, long[] size, boolean alignCorners) {
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

    static Tensor unfold(Tensor input, long[] kernelSize, long[] dilation, long[] padding, long[] stride) {
        return input.im2col(
                Sizes.expand("kernel_size", 2, kernelSize),
                Sizes.expand("dilation", 2, dilation),
                Sizes.expand("padding", 2, padding),
                Sizes.expand("stride", 2, stride));
    }

    static Tensor fold(
            Tensor input, long[] outputSize, long[] kernelSize, long[] dilation, long[] padding, long[] stride) {
        return input.col2im(
                Sizes.expand("output_size", 2, outputSize),
                Sizes.expand("kernel_size", 2, kernelSize),
                Sizes.expand("dilation", 2, dilation),
                Sizes.expand("padding", 2, padding),
                Sizes.expand("stride", 2, stride));
    }
}
