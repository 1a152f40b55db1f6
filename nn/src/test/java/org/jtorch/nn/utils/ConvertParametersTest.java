package org.jtorch.nn.utils;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.RecordedCases;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Parameters as one vector and back, as in PyTorch. */
class ConvertParametersTest {

    private static Stream<DynamicTest> each(String function, RecordedCases.Replay replay) {
        return RecordedCases.each(ConvertParametersTest.class, "convert_parameters.json", function, replay);
    }

    @TestFactory
    Stream<DynamicTest> toVector() {
        return each("parameters_to_vector", c -> {
            List<Tensor> parameters = RecordedCases.tensors(c.get("parameters"));
            boolean transposed = c.path("error").asText().startsWith("view size");
            RecordedCases.same(
                    c.get("vector"),
                    ConvertParameters.parametersToVector(
                            transposed ? List.of(parameters.get(0).t()) : parameters));
        });
    }

    @TestFactory
    Stream<DynamicTest> fromVector() {
        return each("vector_to_parameters", c -> {
            List<Tensor> parameters = new ArrayList<>();
            for (JsonNode shape : c.get("shapes")) {
                parameters.add(Torch.zeros(RecordedCases.longs(shape)));
            }
            ConvertParameters.vectorToParameters(RecordedCases.tensor(c.get("vector")), parameters);
            RecordedCases.allClose(c.get("parameters"), parameters, 0);
        });
    }

    @Test
    void autogradPassesThroughTheVector() {
        Linear linear = new Linear(3, 2);
        ConvertParameters.parametersToVector(linear.parameters()).mul(2).sum().backward();
        Tensor grad = linear.weight.grad();
        assertNotNull(grad);
        assertTrue(grad.equal(Torch.full(new long[] {2, 3}, 2.0)));
    }

    @Test
    void parametersShareTheVectorsMemoryAndKeepTheirGradients() {
        Linear linear = new Linear(3, 2);
        Parameter weight = linear.weight;
        linear.call(Torch.ones(1, 3)).sum().backward();
        Tensor vector = Torch.arange(8.0);
        ConvertParameters.vectorToParameters(vector, linear.parameters());
        assertEquals(weight, linear.weight);
        assertTrue(weight.requiresGrad() && weight.isLeaf());
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, weight.detach().toFloatArray());
        assertNotNull(weight.grad());
        vector.fill_(7);
        assertArrayEquals(new float[] {7, 7}, linear.bias.detach().toFloatArray());
    }
}
