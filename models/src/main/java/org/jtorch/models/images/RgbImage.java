package org.jtorch.models.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.internal.images.RgbPlanes;

/**
 * An image of red, green and blue with 8 bits each. It does not change.
 *
 * <p>Images are read with the JDK's ImageIO, and have the pixels of Pillow's {@code Image.open(path).convert("RGB")}: grey is
 * repeated in the three channels, colours of a palette are looked up, and alpha is dropped. Of 16 bits for red, green and blue
 * the upper 8 are kept; 16 bits of grey are limited to 255, as Pillow does. Colour profiles are not applied, and neither is the
 * orientation in EXIF, which {@link #readUpright} applies. PNG, BMP and TIFF have the same pixels as in Pillow. JPEG is decoded
 * by another library than Pillow's: with the JDK's decoder the pixels were equal in all files that were compared, and another
 * decoder may round them differently, by one level of 255.
 *
 * <p>The JDK reads PNG, JPEG, BMP, GIF and TIFF. Other formats, such as WebP and JPEG in CMYK, need a plug-in of ImageIO on the
 * class path, for example from TwelveMonkeys.
 *
 * <pre>{@code
 * RgbImage image = RgbImage.read(Path.of("cat.jpg"));
 * RgbImage small = image.resize(224, 224, Resampling.BICUBIC);
 * }</pre>
 */
public final class RgbImage {

    /** The number of channels: red, green and blue. */
    static final int CHANNELS = 3;

    private static final String UNNAMED = "the image";

    /** All red values, then all green, then all blue, each row by row. */
    private final byte[] planes;

    private final int height;
    private final int width;

    /** Takes the values over, without a copy. */
    RgbImage(byte[] planes, int height, int width) {
        this.planes = planes;
        this.height = height;
        this.width = width;
    }

    private static RgbImage of(RgbPlanes decoded) {
        return new RgbImage(decoded.values(), decoded.height(), decoded.width());
    }

    /**
     * Reads a file.
     *
     * @throws TorchException if the file is not an image that can be read, or has more than 178956970 pixels
     * @throws UncheckedIOException if the file cannot be read
     */
    public static RgbImage read(Path file) {
        return of(RgbPlanes.decode(file.toString(), bytes(file)));
    }

    /**
     * Reads a file, and turns it as the orientation in its EXIF says, which cameras write. This is Pillow's
     * {@code ImageOps.exif_transpose}, with which the pipelines of {@code transformers} read images. The orientation is read
     * from JPEG; images of other formats stay as they are.
     *
     * @throws TorchException if the file is not an image that can be read, or has more than 178956970 pixels
     * @throws UncheckedIOException if the file cannot be read
     */
    public static RgbImage readUpright(Path file) {
        byte[] bytes = bytes(file);
        return Orientation.of(bytes).upright(of(RgbPlanes.decode(file.toString(), bytes)));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads an image to the end of a stream, which stays open.
     *
     * @throws TorchException if the content is not an image that can be read, or has more than 178956970 pixels
     * @throws UncheckedIOException if the stream cannot be read
     */
    public static RgbImage read(InputStream in) {
        try {
            return of(RgbPlanes.decode(UNNAMED, in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(UNNAMED + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Converts an image of the JDK.
     *
     * @throws TorchException if it is neither grey nor RGB, or has another number of bits than 8 and 16
     */
    public static RgbImage of(BufferedImage image) {
        return of(RgbPlanes.of(UNNAMED, image));
    }

    /**
     * Copies the values of a tensor.
     *
     * @param pixels uint8, of shape (3, height, width)
     * @throws IllegalArgumentException if it has another shape or dtype
     */
    public static RgbImage of(Tensor pixels) {
        if (pixels.dim() != 3 || pixels.size(0) != CHANNELS || pixels.dtype() != DType.UINT8 || pixels.numel() == 0) {
            throw new IllegalArgumentException("the pixels are of " + pixels.dtype() + " and of shape "
                    + Arrays.toString(pixels.shape()) + ", but must be of uint8 and of shape (3, height, width)");
        }
        return new RgbImage(pixels.toByteArray(), Math.toIntExact(pixels.size(1)), Math.toIntExact(pixels.size(2)));
    }

    /** Returns the number of rows. */
    public int height() {
        return height;
    }

    /** Returns the number of pixels of a row. */
    public int width() {
        return width;
    }

    /**
     * Returns a value of a pixel, from 0 to 255.
     *
     * @param channel 0 for red, 1 for green, 2 for blue
     * @param y the row
     * @param x the place in the row
     * @throws IndexOutOfBoundsException if there is no such channel or pixel
     */
    public int value(int channel, int y, int x) {
        Objects.checkIndex(channel, CHANNELS);
        return planes[(channel * height + Objects.checkIndex(y, height)) * width + Objects.checkIndex(x, width)] & 0xff;
    }

    /** Returns the pixels as a tensor: uint8, of shape (3, height, width). */
    public Tensor toTensor() {
        return Torch.fromBuffer(ByteBuffer.wrap(planes.clone()), DType.UINT8, CHANNELS, height, width);
    }

    /** Returns the values: all red ones, then all green, then all blue. They must not be changed. */
    byte[] planes() {
        return planes;
    }

    /**
     * Returns this image in another size, with the pixels of Pillow's {@code Image.resize}.
     *
     * @param newHeight the number of rows
     * @param newWidth the number of pixels of a row
     * @param filter how pixels are joined
     * @throws IllegalArgumentException if a size is less than 1
     */
    public RgbImage resize(int newHeight, int newWidth, Resampling filter) {
        return Resize.resize(this, newHeight, newWidth, filter, new Resize.Box(0, 0, width, height));
    }

    /**
     * Returns a part of this image in another size, with the pixels of Pillow's {@code Image.resize} with a box.
     *
     * @param newHeight the number of rows
     * @param newWidth the number of pixels of a row
     * @param filter how pixels are joined
     * @param box the part, which must lie within the image
     * @throws IllegalArgumentException if a size is less than 1, or if the box is empty or not within the image
     */
    public RgbImage resize(int newHeight, int newWidth, Resampling filter, Resize.Box box) {
        return Resize.resize(this, newHeight, newWidth, filter, box);
    }

    /**
     * Returns a part of this image. What lies outside of it is black.
     *
     * @param top the row of this image that becomes the first one; negative to add rows before it
     * @param left the place in the row that becomes the first one; negative to add pixels before it
     * @param newHeight the number of rows
     * @param newWidth the number of pixels of a row
     * @throws IllegalArgumentException if a size is less than 1
     */
    public RgbImage crop(int top, int left, int newHeight, int newWidth) {
        byte[] values = newPlanes(newHeight, newWidth);
        int from = Math.max(left, 0);
        int length = Math.min(left + newWidth, width) - from;
        for (int c = 0; c < CHANNELS && length > 0; c++) {
            for (int y = Math.max(-top, 0); y < newHeight && y + top < height; y++) {
                System.arraycopy(
                        planes,
                        (c * height + y + top) * width + from,
                        values,
                        (c * newHeight + y) * newWidth + from - left,
                        length);
            }
        }
        return new RgbImage(values, newHeight, newWidth);
    }

    /** Returns black pixels. */
    static byte[] newPlanes(int height, int width) {
        if (height < 1 || width < 1 || (long) height * width * CHANNELS > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("an image cannot have " + height + " rows of " + width
                    + " pixels: both must be at least 1, and their product at most " + Integer.MAX_VALUE / CHANNELS);
        }
        return new byte[CHANNELS * height * width];
    }

    /** Returns whether the other object is an image of the same size with the same pixels. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RgbImage image
                && height == image.height
                && width == image.width
                && Arrays.equals(planes, image.planes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(planes) + width;
    }

    @Override
    public String toString() {
        return "RgbImage[" + height + " x " + width + "]";
    }
}
