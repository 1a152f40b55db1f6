package org.jtorch.data.sources;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.internal.images.RgbPlanes;

/** Reads images with the JDK's ImageIO into tensors, with the pixels of Pillow's {@code Image.open(path).convert("RGB")}. */
public final class Images {

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
        RgbPlanes image = RgbPlanes.decode(path.toString(), file);
        return Torch.fromBuffer(ByteBuffer.wrap(image.values()), DType.UINT8, 3, image.height(), image.width());
    }
}
