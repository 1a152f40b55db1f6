package org.jtorch.nn.rnn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LSTMs give the values and gradients of float64, also on machines on which oneDNN's in bfloat16 are wrong. */
class LowPrecisionLstmTest {

    @ParameterizedTest
    @CsvSource({"float32, 1e-4", "bfloat16, 6e-2"})
    void valuesAndGradientsAreThoseOfDoubles(String name, double tolerance) {
        DType dtype = DType.of(name);
        Torch.manualSeed(0);
        for (int in : new int[] {1, 3, 16}) {
            for (int hidden : new int[] {1, 8, 20}) {
                for (int length : new int[] {1, 2}) {
                    try (var scope = new TensorScope()) {
                        LSTM low = new LSTM(in, hidden, o -> o.numLayers(2));
                        low.to(dtype);
                        LSTM wide = new LSTM(in, hidden, o -> o.numLayers(2));
                        wide.to(DType.FLOAT64);
                        wide.loadStateDict(low.stateDict());
                        Tensor x = Torch.randn(length, 3, in).to(dtype).requiresGrad_();
                        Tensor doubles = x.detach().float64().requiresGrad_();
                        Tensor y = low.call(x).output();
                        Tensor right = wide.call(doubles).output();
                        y.sum().backward();
                        right.sum().backward();
                        String size = in + " to " + hidden + ", " + length + " steps: ";
                        assertClose(size + "output", right, y, tolerance);
                        assertClose(
                                size + "gradient",
                                Objects.requireNonNull(doubles.grad()),
                                Objects.requireNonNull(x.grad()),
                                tolerance);
                    }
                }
            }
        }
    }

    private static void assertClose(String what, Tensor right, Tensor given, double tolerance) {
        double error = given.float64().sub(right).abs().max().item();
        double greatest = right.abs().max().item();
        assertTrue(error <= tolerance * greatest, what + " is off by " + error + " of " + greatest);
    }
}
