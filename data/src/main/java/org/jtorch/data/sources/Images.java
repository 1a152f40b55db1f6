package org.jtorch.data.sources;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;

/** Reads images with the JDK's ImageIO into tensors, with the pixels of Pillow's {@code Image.open(path).convert("RGB")}. */
public final class Images {

    /** Pillow refuses more, since a small file can claim to be an image of any size. */
    private static final long MAX_PIXELS = 178_956_970;

    private Images() {}

    /**
     * Reads an image as red, green and blue.
     *
     * <p>Grey is repeated in the three channels, colours of a palette are looked up, and alpha is dropped. Of 16 bits for
     * red, green and blue the upper 8 are kept; 16 bits of grey are limited to 255, as Pillow does. Colour profiles and the
     * orientation in EXIF are not applied. PNG, BMP and TIFF have the same pixels as in Pillow; those of JPEG may differ by
     * one.
     *
     * <p>The JDK reads PNG, JPEG, BMP, GIF and TIFF. Other formats, such as WebP and JPEG in CMYK, need a plug-in of ImageIO
     * on the class path, for example from TwelveMonkeys.
     *
     * @return uint8, of shape (3, height, width)
     * @throws TorchException if the file is not an image that can be read, or has more than 178956970 pixels
     * @throws java.io.UncheckedIOException if the file cannot be read
     */
    public static Tensor read(Path path) {
        byte[] file;
        try {
            file = Files.readAllBytes(path);
        } catch (IOException e) {
            throw TextFiles.failure(path, e);
        }
        BufferedImage image = decoded(path, file);
        byte[] pixels = planes(path, image);
        return Torch.fromBuffer(ByteBuffer.wrap(pixels), DType.UINT8, 3, image.getHeight(), image.getWidth());
    }

    private static BufferedImage decoded(Path path, byte[] file) {
        ImageReader reader = null;
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new TorchException(
                        path + ": is not an image that ImageIO can read; formats that the JDK does not know"
                                + " need a plug-in on the class path, such as com.twelvemonkeys.imageio:imageio-webp");
            }
            reader = readers.next();
            reader.setInput(in, true, true);
            long size = (long) reader.getWidth(0) * reader.getHeight(0);
            if (size > MAX_PIXELS) {
                throw new TorchException(
                        path + ": claims to have " + size + " pixels, more than the limit of " + MAX_PIXELS);
            }
            return reader.read(0);
        } catch (TorchException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new TorchException(path + ": the image cannot be read: " + e.getMessage(), e);
        } finally {
            dispose(reader);
        }
    }

    private static void dispose(@Nullable ImageReader reader) {
        if (reader != null) {
            reader.dispose();
        }
    }

    // --- pixels ------------------------------------------------------------------------------------------------

    /** Returns all red values, then all green, then all blue. */
    private static byte[] planes(Path path, BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int plane = width * height;
        byte[] planes = new byte[3 * plane];
        ColorModel colors = image.getColorModel();
        if (colors instanceof IndexColorModel || colors instanceof PackedColorModel) {
            int[] row = new int[width];
            for (int y = 0; y < height; y++) {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int x = 0; x < width; x++) {
                    int at = y * width + x;
                    planes[at] = (byte) (row[x] >> 16);
                    planes[at + plane] = (byte) (row[x] >> 8);
                    planes[at + 2 * plane] = (byte) row[x];
                }
            }
            return planes;
        }
        // The values themselves: getRGB would convert them from the colour space of grey, or of a profile.
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        int channels = colors.getNumColorComponents();
        int bits = colors.getComponentSize(0);
        if ((channels != 1 && channels != 3) || (bits != 8 && bits != 16)) {
            throw new TorchException(path + ": the image has " + channels + " channels of " + bits
                    + " bits; only grey and RGB of 8 or 16 bits can be read");
        }
        boolean isWideGrey = bits == 16 && bands == 1;
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    int value = row[x * bands + (channels == 1 ? 0 : c)];
                    int narrow = bits == 8 ? value : isWideGrey ? Math.min(value, 255) : value >> 8;
                    planes[c * plane + y * width + x] = (byte) narrow;
                }
            }
        }
        return planes;
    }
}
