package org.jtorch.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.junit.jupiter.api.Test;

/** Lion changes parameters as {@code examples/python/lion.py}, whose output was recorded. */
class LionTest {

    @Test
    void fiveStepsAreAsInPython() throws Exception {
        TensorOptions doubles = TensorOptions.of(DType.FLOAT64);
        Parameter p = new Parameter(Torch.linspace(-1, 1, 8, doubles));
        Lion lion = new Lion(List.of(p), o -> o.lr(0.05).betas(0.8, 0.9).weightDecay(0.1));
        for (int step = 0; step < 5; step++) {
            Tensor numbers = Torch.arange(0, 8, 1, doubles);
            p.setGrad(numbers.mul(1.7).add(step * 0.9).sin());
            lion.step();
        }
        try (InputStream in = LionTest.class.getResourceAsStream("lion.txt")) {
            double[] expected = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertArrayEquals(expected, p.toDoubleArray(), 1e-14);
        }
    }
}
