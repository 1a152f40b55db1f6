package org.jtorch.models.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RgbImageTest {

    @TempDir
    Path temp;

    @Test
    void aPngHasThePixelsOfPillow() throws IOException {
        Path file = Recorded.FOLDER.resolve("noise.png");
        RgbImage expected = Recorded.image("files.safetensors", "noise.png");
        assertEquals(expected, RgbImage.read(file));
        assertEquals(expected, RgbImage.readUpright(file));
        try (InputStream in = Files.newInputStream(file)) {
            assertEquals(expected, RgbImage.read(in));
        }
    }

    @Test
    void aJpegDiffersByAtMostOne() {
        RgbImage found = RgbImage.read(Recorded.FOLDER.resolve("photo.jpg"));
        int worst = difference(Recorded.image("files.safetensors", "photo.jpg"), found);
        assertTrue(worst <= 1, "differs by " + worst);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void theOrientationIsThatOfPillow(int orientation) {
        Path file = Recorded.FOLDER.resolve("turned_" + orientation + ".jpg");
        RgbImage expected = Recorded.image("files.safetensors", "turned_" + orientation + ".jpg");
        RgbImage found = RgbImage.readUpright(file);
        assertEquals(orientation < 5 ? 10 : 16, found.height());
        int worst = difference(expected, found);
        assertTrue(worst <= 1, "differs by " + worst);
        assertEquals(10, RgbImage.read(file).height());
    }

    @Test
    void aDamagedOrientationSaysNothing() throws IOException {
        byte[] jpeg = Files.readAllBytes(Recorded.FOLDER.resolve("turned_6.jpg"));
        for (int length = 0; length < 200; length++) {
            RgbImage image = Orientation.of(Arrays.copyOf(jpeg, length)).upright(Recorded.noise()[0]);
            assertEquals(21 * 30, image.height() * image.width());
        }
        int exif = indexOf(jpeg, new byte[] {'E', 'x', 'i', 'f'});
        for (int at = exif; at < exif + 40; at++) {
            byte[] damaged = jpeg.clone();
            damaged[at] = (byte) 0xff;
            RgbImage image = Orientation.of(damaged).upright(Recorded.noise()[0]);
            assertEquals(21 * 30, image.height() * image.width());
        }
    }

    private static int indexOf(byte[] all, byte[] part) {
        for (int i = 0; i < all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new IllegalArgumentException("is not in there");
    }

    /** Returns the largest difference between two values. */
    private static int difference(RgbImage expected, RgbImage found) {
        assertArrayEquals(new int[] {expected.height(), expected.width()}, new int[] {found.height(), found.width()});
        int worst = 0;
        for (int i = 0; i < expected.planes().length; i++) {
            worst = Math.max(worst, Math.abs((expected.planes()[i] & 0xff) - (found.planes()[i] & 0xff)));
        }
        return worst;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_INT_ARGB_PRE,
                BufferedImage.TYPE_INT_BGR,
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_4BYTE_ABGR,
                BufferedImage.TYPE_4BYTE_ABGR_PRE
            })
    void imagesOfTheJdkAreConverted(int type) {
        BufferedImage image = new BufferedImage(3, 2, type);
        image.setRGB(2, 1, 0xff102030);
        RgbImage found = RgbImage.of(image);
        assertEquals(2, found.height());
        assertEquals(3, found.width());
        assertEquals(0x10, found.value(0, 1, 2));
        assertEquals(0x20, found.value(1, 1, 2));
        assertEquals(0x30, found.value(2, 1, 2));
        assertEquals(0, found.value(2, 0, 2));
    }

    @Test
    void alphaIsDroppedAndGreyRepeated() {
        for (int type : new int[] {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR}) {
            BufferedImage image = new BufferedImage(1, 1, type);
            image.setRGB(0, 0, 0x00c08040);
            assertEquals(0xc0, RgbImage.of(image).value(0, 0, 0));
        }
        BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(0, 0, 0, 77);
        RgbImage found = RgbImage.of(grey);
        assertEquals(77, found.value(0, 0, 0));
        assertEquals(77, found.value(2, 0, 0));
    }

    @Test
    void tensorsAreCopiedBothWays() {
        Tensor pixels = Torch.arange(24).to(DType.UINT8).reshape(3, 2, 4);
        RgbImage image = RgbImage.of(pixels);
        assertEquals(8 + 4 + 3, image.value(1, 1, 3));
        assertTrue(image.toTensor().equal(pixels));
        image.toTensor().zero_();
        assertTrue(image.toTensor().equal(pixels));
        assertThrows(IndexOutOfBoundsException.class, () -> image.value(0, 2, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> image.value(3, 0, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> image.value(0, 0, -1));
        assertThrows(IllegalArgumentException.class, () -> RgbImage.of(pixels.to(DType.FLOAT32)));
        assertThrows(IllegalArgumentException.class, () -> RgbImage.of(pixels.unsqueeze(0)));
        assertThrows(IllegalArgumentException.class, () -> RgbImage.of(pixels.permute(1, 2, 0)));
        assertEquals(image, RgbImage.of(pixels));
        assertEquals(image.hashCode(), RgbImage.of(pixels).hashCode());
        assertNotEquals(image, RgbImage.of(pixels.reshape(3, 4, 2)));
    }

    @Test
    void whatLiesOutsideIsBlack() {
        RgbImage image = RgbImage.of(Torch.arange(1, 13).to(DType.UINT8).reshape(3, 2, 2));
        RgbImage larger = image.crop(-1, -2, 4, 5);
        assertTrue(larger.toTensor().narrow(1, 1, 2).narrow(2, 2, 2).equal(image.toTensor()));
        assertEquals(78, larger.toTensor().to(DType.INT32).sum().item());
        RgbImage corner = image.crop(1, 1, 2, 2);
        assertEquals(4, corner.value(0, 0, 0));
        assertEquals(24, corner.toTensor().to(DType.INT32).sum().item());
        assertEquals(0, image.crop(5, 0, 2, 2).toTensor().to(DType.INT32).sum().item());
        assertEquals(0, image.crop(0, -9, 2, 2).toTensor().to(DType.INT32).sum().item());
        assertThrows(IllegalArgumentException.class, () -> image.crop(0, 0, 0, 1));
    }

    @Test
    void badFilesAreNamed() throws IOException {
        Path missing = temp.resolve("missing.png");
        assertMessage(missing + ": there is no such file", UncheckedIOException.class, () -> RgbImage.read(missing));
        assertMessage(temp + ": cannot be read", UncheckedIOException.class, () -> RgbImage.read(temp));
        Path text = Files.writeString(temp.resolve("a.png"), "a text");
        assertMessage(text + ": is not an image", TorchException.class, () -> RgbImage.read(text));
        Path empty = Files.write(temp.resolve("b.png"), new byte[0]);
        assertMessage(empty + ": is empty", TorchException.class, () -> RgbImage.readUpright(empty));
        Path webp = Files.writeString(temp.resolve("c.webp"), "RIFF\1\2\3\4WEBPVP8 ");
        assertMessage(webp + ": is a WebP image", TorchException.class, () -> RgbImage.read(webp));
        for (String name : new String[] {"noise.png", "photo.jpg"}) {
            byte[] whole = Files.readAllBytes(Recorded.FOLDER.resolve(name));
            Path half = Files.write(temp.resolve(name), Arrays.copyOf(whole, whole.length / 2));
            assertMessage(half + ": the image cannot be read", TorchException.class, () -> RgbImage.read(half));
        }
        assertMessage(
                "the image: is not an image",
                TorchException.class,
                () -> RgbImage.read(new ByteArrayInputStream(new byte[100])));
    }

    private static void assertMessage(
            String start, Class<? extends Exception> type, org.junit.jupiter.api.function.Executable call) {
        String message = String.valueOf(assertThrows(type, call).getMessage());
        assertTrue(message.startsWith(start), message);
    }
}
