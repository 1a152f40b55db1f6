package org.jtorch.data.sources;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

    private static final Path ROOT = Recorded.file("images");

    @TempDir
    Path folder;

    @Test
    void classesAndOrderAreThoseOfTorchvision() {
        JsonNode python = Recorded.python("images");
        ImageFolder data = new ImageFolder(ROOT);
        assertEquals(List.of("bmp", "jpeg", "png", "tiff"), data.classes());
        assertEquals(Map.of("bmp", 0, "jpeg", 1, "png", 2, "tiff", 3), data.classToIdx());
        List<String> expected = new ArrayList<>();
        python.get("samples").forEach(sample -> expected.add(sample.get(0).asText() + " " + sample.get(1)));
        List<String> found = data.samples().stream()
                .map(s -> ROOT.relativize(s.path()).toString().replace('\\', '/') + " " + s.classIndex())
                .toList();
        assertEquals(expected, found);
        assertEquals(expected.size(), data.size());
    }

    @TestFactory
    List<DynamicTest> pixelsAreThoseOfPillow() {
        JsonNode python = Recorded.python("images");
        ImageFolder data = new ImageFolder(ROOT);
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            int index = i;
            String name = python.get("samples").get(i).get(0).asText();
            tests.add(DynamicTest.dynamicTest(name, () -> {
                Tensor image = data.get(index).image();
                byte[] expected =
                        HexFormat.of().parseHex(python.get("pixels").get(index).asText());
                JsonNode shape = python.get("shapes").get(index);
                assertArrayEquals(
                        new long[] {3, shape.get(1).asLong(), shape.get(2).asLong()}, image.shape());
                assertEquals(DType.UINT8, image.dtype());
                int[] found = image.to(DType.INT32).flatten().toIntArray();
                int worst = 0;
                for (int k = 0; k < found.length; k++) {
                    worst = Math.max(worst, Math.abs(found[k] - (expected[k] & 0xff)));
                }
                assertTrue(worst <= (name.startsWith("jpeg") ? 1 : 0), "differs by " + worst);
            }));
        }
        return tests;
    }

    @Test
    void anExampleHasItsLabelAndPassesTheTransform() {
        ImageFolder data =
                new ImageFolder(ROOT, o -> o.transform(x -> x.to(DType.FLOAT32).div(255)));
        LabeledImage last = data.get(data.size() - 1);
        assertEquals(DType.FLOAT32, last.image().dtype());
        assertTrue(last.image().max().item() <= 1);
        assertEquals(DType.INT64, last.label().dtype());
        assertEquals(0, last.label().dim());
        assertEquals(3, last.label().item());
        assertThrows(IndexOutOfBoundsException.class, () -> data.get(data.size()));
    }

    @Test
    void classesWithoutImagesAreErrorsAsInTorchvision() throws IOException {
        Files.createDirectories(folder.resolve("full"));
        Files.copy(ROOT.resolve("png/rgb.png"), folder.resolve("full/A.PNG"));
        Files.createDirectories(folder.resolve("empty"));
        assertEquals(
                Recorded.python("images").get("empty").asText(),
                assertThrows(TorchException.class, () -> new ImageFolder(folder))
                        .getMessage());
        ImageFolder data = new ImageFolder(folder, o -> o.allowEmpty(true));
        assertEquals(List.of("empty", "full"), data.classes());
        assertEquals(1, data.size());
        assertEquals(1, data.samples().get(0).classIndex());
        assertEquals(0, new ImageFolder(folder, o -> o.allowEmpty(true).extensions(".gif")).size());
        assertEquals(
                "Couldn't find any class folder in " + folder.resolve("full") + ".",
                assertThrows(TorchException.class, () -> new ImageFolder(folder.resolve("full")))
                        .getMessage());
        assertThrows(UncheckedIOException.class, () -> new ImageFolder(folder.resolve("missing")));
    }

    @Test
    void classesAreInTheOrderOfCodePoints() throws IOException {
        for (String name : List.of("\uFF21", "\uD83D\uDE00", "b", "B")) {
            Files.createDirectories(folder.resolve(name));
        }
        assertEquals(
                List.of("B", "b", "\uFF21", "\uD83D\uDE00"),
                new ImageFolder(folder, o -> o.allowEmpty(true)).classes());
    }

    @Test
    void whatIsNoImageIsNamed() throws IOException {
        Path file = folder.resolve("x.png");
        Files.writeString(file, "not an image");
        assertTrue(assertThrows(TorchException.class, () -> Images.read(file))
                .getMessage()
                .startsWith(file + ": is not an image that ImageIO can read"));
        byte[] whole = Files.readAllBytes(ROOT.resolve("png/rgb.png"));
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertTrue(assertThrows(TorchException.class, () -> Images.read(file))
                .getMessage()
                .startsWith(file + ": the image cannot be read"));
        byte[] jpeg = Files.readAllBytes(ROOT.resolve("jpeg/more/rgb.jpg"));
        Files.write(file, java.util.Arrays.copyOf(jpeg, jpeg.length - 1));
        assertEquals(
                file + ": the image cannot be read: the file is truncated",
                assertThrows(TorchException.class, () -> Images.read(file)).getMessage());
        assertThrows(UncheckedIOException.class, () -> Images.read(folder.resolve("missing.png")));
    }

    @Test
    void anImageThatClaimsToBeHugeIsRefused() throws IOException {
        byte[] png = Files.readAllBytes(ROOT.resolve("png/rgb.png"));
        ByteBuffer.wrap(png).putInt(16, 100_000).putInt(20, 100_000);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        Path file = Files.write(folder.resolve("huge.png"), png);
        assertEquals(
                file + ": claims to have 10000000000 pixels, more than the limit of 178956970",
                assertThrows(TorchException.class, () -> Images.read(file)).getMessage());
    }
}
