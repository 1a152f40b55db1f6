package org.jtorch.nn.rnn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The float32 LSTM, for which the engine has one kernel with gradients and another one without. */
class LSTMTest {

    private static int[] bits(Tensor tensor) {
        float[] values = tensor.detach().flatten().toFloatArray();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /** Tests it with projections, which that kernel does not support, and without. */
    @ParameterizedTest
    @ValueSource(longs = {0, 5})
    void theBitsAreTheSameWithGradientsAndWithout(long projSize) {
        Torch.manualSeed(0);
        LSTM lstm = new LSTM(16, 32, o -> o.numLayers(2).batchFirst(true).projSize(projSize));
        lstm.eval();
        Tensor x = Torch.randn(4, 20, 16);
        int[] expected = bits(lstm.call(x).output());
        try (GradMode mode = Autograd.noGrad()) {
            List<Object> weights = new ArrayList<>();
            Tensor y;
            try (OpRecorder recorder = OpRecorder.start(op -> weights.addAll(op.arguments()))) {
                y = lstm.call(x).output();
            }
            assertArrayEquals(expected, bits(y));
            assertFalse(y.requiresGrad());
            assertFalse(Autograd.isGradEnabled());
            assertTrue(
                    weights.stream()
                            .anyMatch(w -> w instanceof List<?> list
                                    && list.contains(lstm.parameters().get(0))),
                    "a recorder sees the weights themselves");
        }
        try (GradMode mode = Autograd.inferenceMode()) {
            assertArrayEquals(expected, bits(lstm.call(x).output()));
        }
        assertTrue(Autograd.isGradEnabled());
    }
}
