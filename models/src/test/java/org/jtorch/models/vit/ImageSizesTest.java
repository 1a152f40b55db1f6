package org.jtorch.models.vit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.dinov2.Dinov2Config;
import org.jtorch.models.dinov2.Dinov2Model;
import org.jtorch.models.pretrained.ConfigException;
import org.junit.jupiter.api.Test;

class ImageSizesTest {

    @Test
    void aSizeIsOneNumberOrTwo() {
        assertEquals(List.of(32L, 32L), new ViTConfig(Map.of("image_size", 32)).imageSize);
        assertEquals(List.of(32L, 48L), new ViTConfig(Map.of("image_size", List.of(32, 48))).imageSize);
        assertEquals(List.of(16L, 16L), new ViTConfig(Map.of()).patchSize);
        for (Object wrong : List.of(List.of(1, 2, 3), "32", List.of("a", "b"), 1.5)) {
            ConfigException e = assertThrows(ConfigException.class, () -> new ViTConfig(Map.of("patch_size", wrong)));
            assertTrue(String.valueOf(e.getMessage()).contains("patch_size"), e.toString());
        }
    }

    @Test
    void imagesOfAnotherSizeAreRefused() {
        ViTModel model = ViTModel.fromPretrained(Path.of("src/test/resources/families/vit"));
        Tensor images = Torch.zeros(1, 3, 12, 16);
        Exception e = assertThrows(Exception.class, () -> model.call(images));
        assertTrue(String.valueOf(e.getMessage()).contains("12 x 16, but the model is for 12 x 12"), e.toString());
    }

    @Test
    void pathsAreDroppedOnlyInTraining() {
        Dinov2Model model = new Dinov2Model(new Dinov2Config(Map.of(
                "hidden_size",
                8,
                "num_hidden_layers",
                1,
                "num_attention_heads",
                2,
                "image_size",
                8,
                "patch_size",
                4,
                "drop_path_rate",
                0.5)));
        Tensor images = Torch.ones(64, 3, 8, 8);
        Tensor trained = model.call(images).lastHiddenState();
        assertArrayEquals(new long[] {64, 5, 8}, trained.shape());
        long different = trained.flatten(1).mul(100).round().uniqueDim(0).get(0).size(0);
        assertTrue(different > 1 && different <= 8, different + " results of two paths that are dropped or not");
        model.eval();
        Tensor evaluated = model.call(images).lastHiddenState();
        assertTrue(evaluated.allclose(evaluated.narrow(0, 0, 1).expand(64, -1, -1), 1e-5, 1e-5, false));
    }
}
