package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Convolutions are right on every machine, also on those on which oneDNN's are not. */
class OneDnnTest {

    /** On machines whose caches oneDNN cannot read, it gave [1, 0, 0, 0, 1, 0, 0, 0]. */
    @Test
    void theGradientOfASmallConvolution() {
        Tensor weight = Torch.tensor(new float[] {1, 2, 3, 4}).view(1, 1, 2, 2);
        Tensor x = Torch.ones(2, 1, 2, 2).requiresGrad_();
        convolution(x, weight).sum().backward();
        assertArrayEquals(
                new double[] {1, 2, 3, 4, 1, 2, 3, 4},
                Objects.requireNonNull(x.grad()).toDoubleArray());
    }

    @Test
    void gradientsOfManyConvolutionsAreThoseOfDoubles() {
        Torch.manualSeed(0);
        List<String> wrong = new ArrayList<>();
        for (DType dtype : List.of(DType.FLOAT32, DType.BFLOAT16)) {
            double tolerance = dtype == DType.FLOAT32 ? 1e-4 : 2e-2;
            for (int n : new int[] {1, 2, 8}) {
                for (int in : new int[] {1, 3, 16}) {
                    for (int out : new int[] {1, 8, 16, 33}) {
                        for (int kernel : new int[] {1, 2, 3}) {
                            try (var scope = new TensorScope()) {
                                Tensor x = Torch.randn(n, in, 6, 6).to(dtype);
                                Tensor w = Torch.randn(out, in, kernel, kernel).to(dtype);
                                double error = difference(x, w);
                                if (!(error < tolerance)) {
                                    wrong.add(dtype + " " + n + " " + in + " " + out + " " + kernel + ": " + error);
                                }
                            }
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** Returns the greatest difference from float64, of the result and both gradients, relative to the greatest element. */
    private static double difference(Tensor x, Tensor w) {
        double greatest = 0;
        List<List<Tensor>> results = new ArrayList<>();
        for (boolean wide : new boolean[] {false, true}) {
            Tensor input = (wide ? x.float64() : x.clone()).requiresGrad_();
            Tensor weight = (wide ? w.float64() : w.clone()).requiresGrad_();
            Tensor output = convolution(input, weight);
            output.sum().backward();
            results.add(List.of(
                    output.detach(), Objects.requireNonNull(input.grad()), Objects.requireNonNull(weight.grad())));
        }
        for (int i = 0; i < 3; i++) {
            Tensor right = results.get(1).get(i);
            Tensor error = results.get(0).get(i).float64().sub(right).abs().max();
            greatest = Math.max(greatest, error.item() / right.abs().max().item());
        }
        return greatest;
    }

    private static Tensor convolution(Tensor x, Tensor weight) {
        return x.conv2d(weight, null, new long[] {1, 1}, new long[] {0, 0}, new long[] {1, 1}, 1);
    }
}
