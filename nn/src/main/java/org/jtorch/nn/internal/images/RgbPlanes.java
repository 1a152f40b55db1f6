package org.jtorch.nn.internal.images;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/**
 * An image as Pillow's {@code Image.open(path).convert("RGB")} gives it, decoded with the JDK's ImageIO.
 *
 * <p>Grey is repeated in the three channels, colours of a palette are looked up, and alpha is dropped. Of 16 bits for red,
 * green and blue the upper 8 are kept; 16 bits of grey are limited to 255, as Pillow does. Colour profiles and the orientation
 * in EXIF are not applied.
 *
 * @param values all red values, then all green, then all blue, each row by row
 * @param height the number of rows
 * @param width the number of pixels of a row
 */
@SuppressWarnings("ArrayRecordComponent") // not compared, and handed over to whoever asked for it
public record RgbPlanes(byte[] values, int height, int width) {

    /** Pillow refuses more, since a small file can claim to be an image of any size. */
    private static final long MAX_PIXELS = 178_956_970;

    /** How ImageIO's warning begins that a JPEG ends too early. It makes the missing pixels grey; Pillow refuses the file. */
    private static final String TRUNCATED = "Truncated";

    /**
     * Decodes a file.
     *
     * @param name what errors call the image, such as its path
     * @param file the content of the file
     * @throws TorchException if the file is not an image that can be read, or has more than 178956970 pixels
     */
    public static RgbPlanes decode(String name, byte[] file) {
        return of(name, decoded(name, file));
    }

    private static BufferedImage decoded(String name, byte[] file) {
        ImageReader reader = null;
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new TorchException(name + ": " + unknown(file));
            }
            reader = readers.next();
            reader.setInput(in, true, true);
            long size = (long) reader.getWidth(0) * reader.getHeight(0);
            if (size > MAX_PIXELS) {
                throw new TorchException(
                        name + ": claims to have " + size + " pixels, more than the limit of " + MAX_PIXELS);
            }
            List<String> warnings = new ArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            BufferedImage image = reader.read(0);
            if (warnings.stream().anyMatch(warning -> warning.startsWith(TRUNCATED))) {
                throw new TorchException(name + ": the image cannot be read: the file is truncated");
            }
            return image;
        } catch (TorchException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new TorchException(name + ": the image cannot be read: " + e.getMessage(), e);
        } finally {
            dispose(reader);
        }
    }

    /** Says what a file is that ImageIO does not know. */
    private static String unknown(byte[] file) {
        if (file.length == 0) {
            return "is empty";
        }
        String start = new String(file, 0, Math.min(file.length, 16), StandardCharsets.ISO_8859_1);
        String kind = start.startsWith("RIFF") && start.startsWith("WEBP", 8)
                ? "is a WebP image, and no image"
                : start.startsWith("ftypavif", 4) || start.startsWith("ftyphei", 4)
                        ? "is an AVIF or HEIF image, and no image"
                        : "is not an image";
        return kind + " that ImageIO can read; formats that the JDK does not know"
                + " need a plug-in on the class path, such as com.twelvemonkeys.imageio:imageio-webp";
    }

    private static void dispose(@Nullable ImageReader reader) {
        if (reader != null) {
            reader.dispose();
        }
    }

    /**
     * Converts an image.
     *
     * @param name what errors call the image
     * @param image the image
     * @throws TorchException if it has neither one nor three channels, or another number of bits than 8 and 16
     */
    public static RgbPlanes of(String name, BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int plane = width * height;
        byte[] planes = new byte[3 * plane];
        ColorModel colors = image.getColorModel();
        if (colors instanceof IndexColorModel || colors instanceof PackedColorModel || colors.isAlphaPremultiplied()) {
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
            return new RgbPlanes(planes, height, width);
        }
        // The values themselves: getRGB would convert them from the colour space of grey, or of a profile.
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        int channels = colors.getNumColorComponents();
        int bits = colors.getComponentSize(0);
        if ((channels != 1 && channels != 3) || (bits != 8 && bits != 16)) {
            throw new TorchException(name + ": the image has " + channels + " channels of " + bits
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
        return new RgbPlanes(planes, height, width);
    }
}
