package org.jtorch.models.swin;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.functional.F;

/**
 * How images of one size are cut into windows. The image is padded to whole windows, and turned by the shift, so that the last window of a
 * row contains parts of the image that are not neighbours.
 */
final class Windows {

    private final long imageHeight;
    private final long imageWidth;
    private final long height;
    private final long width;
    private final long paddedHeight;
    private final long paddedWidth;
    private final long shiftDown;
    private final long shiftRight;

    /**
     * Cuts images.
     *
     * @param image images, (N, H, W, C)
     * @param size the height and width of a window
     * @param shift how far windows are shifted; a direction with only one window has no shift
     */
    Windows(Tensor image, long[] size, long[] shift) {
        imageHeight = image.size(1);
        imageWidth = image.size(2);
        height = size[0];
        width = size[1];
        paddedHeight = (imageHeight + height - 1) / height * height;
        paddedWidth = (imageWidth + width - 1) / width * width;
        shiftDown = height >= paddedHeight ? 0 : shift[0];
        shiftRight = width >= paddedWidth ? 0 : shift[1];
    }

    private boolean isShifted() {
        return shiftDown + shiftRight > 0;
    }

    /** Returns the number of windows of an image. */
    long count() {
        return paddedHeight / height * (paddedWidth / width);
    }

    /** Returns the windows of images: (N, H, W, C) to (N * count, S, C). */
    Tensor split(Tensor image) {
        Tensor x = F.pad(image, 0, 0, 0, paddedWidth - imageWidth, 0, paddedHeight - imageHeight);
        if (isShifted()) {
            x = x.roll(new long[] {-shiftDown, -shiftRight}, 1, 2);
        }
        return x.view(x.size(0), paddedHeight / height, height, paddedWidth / width, width, x.size(3))
                .permute(0, 1, 3, 2, 4, 5)
                .reshape(x.size(0) * count(), height * width, x.size(3));
    }

    /** Returns the images of windows: (N * count, S, C) to (N, H, W, C). */
    Tensor join(Tensor windows) {
        long images = windows.size(0) / count();
        Tensor x = windows.view(images, paddedHeight / height, paddedWidth / width, height, width, windows.size(2))
                .permute(0, 1, 3, 2, 4, 5)
                .reshape(images, paddedHeight, paddedWidth, windows.size(2));
        if (isShifted()) {
            x = x.roll(new long[] {shiftDown, shiftRight}, 1, 2);
        }
        return x.narrow(1, 0, imageHeight).narrow(2, 0, imageWidth).contiguous();
    }

    /**
     * Returns what is added to the scores of pixels that are in one window but not neighbours in the image, (count, 1, S, S); null if
     * there are none.
     */
    @Nullable
    Tensor mask(Tensor like) {
        if (!isShifted()) {
            return null;
        }
        Tensor rows = parts(like, paddedHeight, height, shiftDown);
        Tensor columns = parts(like, paddedWidth, width, shiftRight);
        Tensor part = rows.mul(3)
                .unsqueeze(1)
                .add(columns)
                .view(paddedHeight / height, height, paddedWidth / width, width)
                .permute(0, 2, 1, 3)
                .reshape(count(), height * width);
        Tensor differs = part.unsqueeze(1).ne(part.unsqueeze(2));
        return differs.to(like.dtype()).mul(-100).unsqueeze(1);
    }

    /** Numbers the parts of a row or column: all windows but the last one, and the two parts of the last one. */
    private static Tensor parts(Tensor like, long size, long window, long shift) {
        Tensor at = Torch.arange(0, size, 1, TensorOptions.of(DType.INT64).device(like.device()));
        return shift == 0
                ? Torch.zerosLike(at)
                : at.ge(size - window).to(DType.INT64).add(at.ge(size - shift).to(DType.INT64));
    }
}
