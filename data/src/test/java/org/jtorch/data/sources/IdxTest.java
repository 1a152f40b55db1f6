package org.jtorch.data.sources;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxTest {

    private static final Path IMAGES = Recorded.file("images-idx3-ubyte.gz");
    private static final Path LABELS = Recorded.file("labels-idx1-ubyte");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 11, 12, 13, 14})
    void valuesAreThoseOfTorchvision(int type) {
        JsonNode python = Recorded.python("idx").get(String.valueOf(type));
        Tensor tensor = Idx.read(Recorded.file("type" + type + ".idx"));
        assertEquals(python.get("dtype").asText(), tensor.dtype().toString());
        assertEquals(
                python.get("shape").toString(), Arrays.toString(tensor.shape()).replace(" ", ""));
        double[] values = tensor.to(DType.FLOAT64).flatten().toDoubleArray();
        assertEquals(python.get("values").size(), values.length);
        for (int i = 0; i < values.length; i++) {
            assertEquals(python.get("values").get(i).asDouble(), values[i]);
        }
    }

    @Test
    void imagesAndLabels() {
        IdxDataset data;
        try (var scope = new TensorScope()) {
            data = new IdxDataset(IMAGES, LABELS);
        }
        JsonNode python = Recorded.python("idx");
        assertEquals(4, data.size());
        int[] pixels = data.images().to(DType.INT32).flatten().toIntArray();
        for (int i = 0; i < pixels.length; i++) {
            assertEquals(python.get("images").get(i).asInt(), pixels[i]);
        }
        for (int i = 0; i < 4; i++) {
            LabeledImage example = data.get(i);
            assertArrayEquals(new long[] {1, 5, 3}, example.image().shape());
            assertEquals(python.get("labels").get(i).asInt(), example.label().item());
            assertEquals(DType.INT64, example.label().dtype());
            assertEquals(
                    pixels[15 * i], example.image().to(DType.INT32).flatten().toIntArray()[0]);
        }
        assertThrows(IndexOutOfBoundsException.class, () -> data.get(4));
        assertThrows(IndexOutOfBoundsException.class, () -> data.get(-1));
        IdxDataset scaled = new IdxDataset(
                IMAGES, LABELS, o -> o.transform(x -> x.to(DType.FLOAT32).div(255)));
        assertEquals(DType.FLOAT32, scaled.get(0).image().dtype());
    }

    private Path file(int... bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(bytes).forEach(out::write);
        return Files.write(folder.resolve("x.idx"), out.toByteArray());
    }

    private Path compressed(int... bytes) throws IOException {
        Path file = file(bytes);
        byte[] content = Files.readAllBytes(file);
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(content);
        }
        return file;
    }

    private static void refused(Path file, String what) {
        String message =
                assertThrows(TorchException.class, () -> Idx.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": ") && message.contains(what), message);
    }

    @Test
    void badFilesAreRefused() throws IOException {
        refused(file(), "ends before");
        refused(file(0, 0, 8), "ends before");
        refused(file(0, 0, 8, 2, 0, 0, 0, 1), "ends before");
        refused(file(0, 0, 8, 1, 0, 0, 0, 3, 1, 2), "ends before");
        refused(file(0, 0, 8, 1, 0, 0, 0, 1, 1, 2), "goes on after the values");
        refused(file(0, 0, 10, 1, 0, 0, 0, 0), "has the type 10");
        refused(file(0, 0, 8, 0), "at least 1 dimension");
        refused(file('P', 'K', 3, 4), "is not an IDX file");
        assertEquals(0, Idx.read(file(0, 0, 8, 1, 0, 0, 0, 0)).numel());
        assertThrows(UncheckedIOException.class, () -> Idx.read(folder.resolve("missing.idx")));
    }

    @Test
    void aHeaderThatAnnouncesTooMuchIsRefusedBeforeMemoryIsTaken() throws IOException {
        int[] huge = {0, 0, 14, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3};
        refused(file(huge), "announces an impossible shape");
        refused(compressed(huge), "announces an impossible shape");
        int[] large = {0, 0, 8, 1, 0xff, 0xff, 0xff, 0xff, 1, 2, 3};
        refused(file(large), "its header announces the shape [4294967295]");
        refused(compressed(large), "its header announces the shape [4294967295]");
        int[] many = new int[4 + 255 * 4];
        Arrays.fill(many, 255);
        many[0] = 0;
        many[1] = 0;
        many[2] = 8;
        refused(file(many), "announces an impossible shape");
    }

    @Test
    void filesThatDoNotFitTogetherAreRefused() throws IOException {
        assertThrows(TorchException.class, () -> new IdxDataset(LABELS, IMAGES));
        Path labels = file(0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3);
        String message = assertThrows(TorchException.class, () -> new IdxDataset(IMAGES, labels))
                .getMessage();
        assertEquals(IMAGES + " has 4 images, but " + labels + " has 3 labels", message);
    }
}
