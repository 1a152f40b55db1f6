package org.jtorch.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;

/**
 * {@link ResNet18} is torchvision's: it has the same keys and, with the same seed, the same weights and results.
 * {@code examples/python/resnet18.py} recorded torchvision's results.
 */
class ResNet18Test {

    private static final Path RECORDED = Path.of("src/test/resources/org/jtorch/examples");

    private static Map<String, String> kinds(StateDict state) {
        Map<String, String> kinds = new LinkedHashMap<>();
        state.forEach((key, tensor) -> kinds.put(key, tensor.dtype() + " " + tensor.size()));
        return kinds;
    }

    @Test
    void keysAreTorchvisions() {
        StateDict recorded = Checkpoint.load(
                        RECORDED.resolve("resnet18_keys.pt"), o -> o.mapLocation(org.jtorch.Device.META))
                .stateDict();
        StateDict state = new ResNet18(1000).stateDict();
        assertEquals(122, recorded.size());
        assertEquals(kinds(recorded).toString(), kinds(state).toString());
    }

    @Test
    void resultsAreTorchvisions() throws IOException {
        JsonNode recorded =
                new ObjectMapper().readTree(RECORDED.resolve("resnet18.json").toFile());
        Torch.manualSeed(0);
        ResNet18 model = new ResNet18(1000);
        Tensor x = Torch.randn(2, 3, 64, 64);
        check(recorded.get("fresh"), model.infer(x));
        model.call(x);
        model.call(x.mul(2));
        check(recorded.get("after_two_batches"), model.infer(x));
    }

    private static void check(JsonNode recorded, Tensor logits) {
        for (int row = 0; row < 2; row++) {
            float[] expected = new float[8];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = (float) recorded.get(row).get(i).doubleValue();
            }
            assertArrayEquals(expected, logits.select(0, row).narrow(0, 0, 8).toFloatArray(), 1e-4f);
        }
    }
}
