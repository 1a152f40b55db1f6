package org.jtorch.models.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares with Pillow, to the bit. */
class ResizeTest {

    @TestFactory
    List<DynamicTest> allSizesAreThoseOfPillow() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode each : Recorded.python("resize")) {
            Resampling filter = Resampling.valueOf(each.get("filter").asText());
            int height = each.get("height").asInt();
            int width = each.get("width").asInt();
            JsonNode box = each.get("box");
            String name = each.get("image").asText();
            tests.add(DynamicTest.dynamicTest(name + " to " + height + "x" + width + " " + filter + " " + box, () -> {
                RgbImage image = Recorded.image("resized.safetensors", name);
                RgbImage resized = box.isNull()
                        ? image.resize(height, width, filter)
                        : image.resize(height, width, filter, box(box));
                assertEquals(height, resized.height());
                assertEquals(width, resized.width());
                assertEquals(each.get("sha256").asText(), Recorded.sha256(resized.toTensor()));
            }));
        }
        assertTrue(tests.size() > 90, "only " + tests.size());
        return tests;
    }

    private static Resize.Box box(JsonNode box) {
        return new Resize.Box(
                (float) box.get(0).asDouble(),
                (float) box.get(1).asDouble(),
                (float) box.get(2).asDouble(),
                (float) box.get(3).asDouble());
    }

    /** Shows the pixels if they differ, which a hash does not. */
    @ParameterizedTest
    @EnumSource
    void pixelsAreThoseOfPillow(Resampling filter) {
        RgbImage image = Recorded.image("resized.safetensors", "17x23");
        for (int[] size : new int[][] {{8, 11}, {30, 40}}) {
            RgbImage expected =
                    Recorded.image("resized.safetensors", "17x23 " + size[0] + "x" + size[1] + " " + filter.name());
            assertArrayEquals(
                    expected.planes(), image.resize(size[0], size[1], filter).planes());
        }
    }

    @Test
    void theSameSizeIsTheSameImage() {
        RgbImage image = Recorded.noise()[0];
        assertSame(image, image.resize(21, 30, Resampling.LANCZOS));
        assertEquals(image, image.resize(21, 30, Resampling.NEAREST));
    }

    @Test
    void sizesAndBoxesThatAreNoneAreRefused() {
        RgbImage image = Recorded.noise()[0];
        assertRefused("0 rows of 5 pixels", () -> image.resize(0, 5, Resampling.BOX));
        assertRefused("50000 rows of 50000 pixels", () -> image.resize(50_000, 50_000, Resampling.BOX));
        for (float[] box :
                new float[][] {{-1, 0, 5, 5}, {0, 0, 31, 5}, {0, 0, 5, 22}, {5, 0, 5, 5}, {0, Float.NaN, 5, 5}}) {
            assertRefused(
                    "within the image of 21 x 30 pixels",
                    () -> image.resize(5, 5, Resampling.BOX, new Resize.Box(box[0], box[1], box[2], box[3])));
        }
    }

    private static void assertRefused(String words, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(String.valueOf(message).contains(words), message);
    }
}
