package org.jtorch.models.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.vision.ops.Boxes;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares operators on boxes with what {@code parity/record/vision_families.py} recorded of torchvision's. */
class BoxesTest {

    private final Map<String, Tensor> recorded = Checkpoint.load(Path.of("src/test/resources/vision/ops.safetensors"))
            .tensors();

    @Test
    void overlapsAreThoseOfTorchvision() {
        Tensor iou = Boxes.boxIou(get("a"), get("b"));
        assertTrue(iou.equal(get("box_iou")), () -> "the overlaps are " + iou);
        assertEquals(
                DType.FLOAT32,
                Boxes.boxIou(get("a").to(DType.FLOAT16), get("b").to(DType.FLOAT16))
                        .dtype());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1", "0.3", "0.7"})
    void theSameBoxesAreKept(String threshold) {
        double number = Double.parseDouble(threshold);
        assertArrayEquals(
                get("nms." + threshold).toLongArray(),
                Boxes.nms(get("a"), get("scores"), number).toLongArray());
        assertArrayEquals(
                get("batched_nms." + threshold).toLongArray(),
                Boxes.batchedNms(get("a"), get("scores"), get("labels"), number).toLongArray());
    }

    @Test
    void manyBoxesAreComparedClassByClass() {
        Tensor labels = Torch.arange(1100).remainder(5);
        assertArrayEquals(
                get("all_nms").toLongArray(),
                Boxes.batchedNms(get("c"), get("many"), labels, 0.3).toLongArray());
    }

    @Test
    void anOverlapIsRoundedToThePrecisionOfTheBoxes() {
        Tensor boxes = Torch.tensor(new float[] {0, 0, 10, 1, 0, 0, 3, 1}).view(2, 4);
        Tensor scores = Torch.tensor(new float[] {0.9f, 0.8f});
        assertArrayEquals(
                get("edge.nms").toLongArray(), Boxes.nms(boxes, scores, 0.3).toLongArray());
        assertEquals(2, Boxes.nms(boxes.to(DType.FLOAT64), scores, 0.3).numel());
    }

    @Test
    void noBoxesAreNoResults() {
        Tensor none = Torch.empty(0, 4);
        assertEquals(0, Boxes.nms(none, Torch.empty(0), 0.5).numel());
        assertEquals(
                0, Boxes.batchedNms(none, Torch.empty(0), Torch.empty(0), 0.5).numel());
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        Tensor boxes = get("a");
        Exception e = assertThrows(
                IllegalArgumentException.class,
                () -> Boxes.nms(boxes, get("scores").narrow(0, 0, 3), 0.5));
        assertEquals(
                "there must be one score for each of the 40 boxes, but the scores have the shape [3]", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Boxes.nms(boxes.narrow(1, 0, 3), get("scores"), 0.5));
        assertThrows(IllegalArgumentException.class, () -> Boxes.boxIou(boxes, get("rois")));
        assertThrows(IllegalArgumentException.class, () -> Boxes.roiAlign(get("image"), boxes, 2, 2));
    }

    @ParameterizedTest
    @CsvSource({"false, -1", "false, 2", "true, -1", "true, 2"})
    void partsOfImagesAreThoseOfTorchvision(boolean aligned, int ratio) {
        String name = "roi_align." + aligned + "." + ratio;
        Tensor image = get("image").detach().requiresGrad_(true);
        Tensor parts = Boxes.roiAlign(image, get("rois"), 3, 5, o -> o.spatialScale(0.8)
                .samplingRatio(ratio)
                .aligned(aligned));
        assertClose(get(name), parts);
        parts.square().sum().backward();
        assertClose(get(name + ".grad"), Noise.digest("image", Objects.requireNonNull(image.grad())));
    }

    private Tensor get(String name) {
        return Objects.requireNonNull(recorded.get(name), name);
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        double difference = actual.sub(expected).abs().max().item();
        assertTrue(
                difference <= 1e-5 * Math.max(1, expected.abs().max().item()), () -> "the difference is " + difference);
    }
}
