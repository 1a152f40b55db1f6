package org.jtorch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;

/** The digits run is equal to Python's, which {@code parity/record/digits.py record} wrote. */
class DigitsParityTest {

    @Test
    void trainingEqualsPythons() throws IOException {
        JsonNode recorded = recording("losses.json");
        List<Double> losses = new ArrayList<>();
        DigitsTraining.Accuracy accuracy;
        try (DigitsTraining training = new DigitsTraining(0)) {
            for (int epoch = 1; epoch <= 30; epoch++) {
                training.epoch(epoch, (e, step, loss) -> losses.add(loss));
            }
            accuracy = training.test();
        }
        JsonNode expected = recorded.get("losses");
        assertEquals(200, expected.size());
        for (int step = 0; step < expected.size(); step++) {
            double python = expected.get(step).doubleValue();
            assertEquals(python, losses.get(step), 1e-4 * python, "loss of step " + step);
        }
        long correct = recorded.get("correct").longValue();
        assertTrue(Math.abs(correct - accuracy.correct()) <= 2, accuracy + " here, " + correct + " in Python");
        assertTrue(accuracy.percent() >= 96, accuracy.toString());
    }

    @Test
    void aCheckpointThatPythonWroteGivesPythonsLogits() throws IOException, URISyntaxException {
        Path file = Path.of(Objects.requireNonNull(DigitsParityTest.class.getResource("digits/digits_python.pt"))
                .toURI());
        Module<Tensor, Tensor> model = DigitsModel.MLP.make();
        model.loadStateDict(Checkpoint.load(file).stateDict());
        JsonNode rows = recording("logits.json").get("logits");
        try (DigitsTraining data = new DigitsTraining(0)) {
            Tensor logits = model.infer(data.testImages().narrow(0, 0, rows.size()));
            float[] values = logits.toFloatArray();
            int i = 0;
            for (JsonNode row : rows) {
                for (JsonNode expected : row) {
                    assertEquals(
                            expected.doubleValue(),
                            values[i],
                            1e-6 + 1e-6 * Math.abs(expected.doubleValue()),
                            "logit " + i);
                    i++;
                }
            }
            assertEquals(values.length, i);
        }
    }

    private static JsonNode recording(String name) throws IOException {
        try (InputStream in = DigitsParityTest.class.getResourceAsStream("digits/" + name)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, name));
        }
    }
}
