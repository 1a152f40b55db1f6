package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.PaddingMode;
import org.jtorch.nn.functional.Reduction;
import org.junit.jupiter.api.Test;

/** Compares the functions that layers do not use, and the short forms, with known values. */
class FunctionalTest {

    private static final double CLOSE = 1e-6;

    private static float[] values(Tensor tensor) {
        return tensor.flatten().toFloatArray();
    }

    private static Tensor vector(float... values) {
        return Torch.tensor(values);
    }

    @Test
    void activations() {
        Tensor x = vector(-1, 0, 2);
        assertArrayEquals(new float[] {0, 0, 2}, values(F.relu(x)));
        assertEquals(0.8413447, F.gelu(vector(1)).item(), CLOSE);
        assertEquals(0.8411920, F.gelu(vector(1), "tanh").item(), CLOSE);
        assertEquals(0.5, F.sigmoid(vector(0)).item());
        assertEquals(Math.tanh(1), F.tanh(vector(1)).item(), CLOSE);
        assertEquals(1, F.softmax(x, 0).sum().item(), CLOSE);
        assertEquals(Math.log(0.5), F.logSoftmax(vector(3, 3), -1).select(0, 0).item(), CLOSE);
        assertEquals(DType.FLOAT64, F.softmax(x, 0, DType.FLOAT64).dtype());
        assertEquals(DType.FLOAT64, F.logSoftmax(x, 0, DType.FLOAT64).dtype());
        assertSame(x, F.relu(x, true));
    }

    @Test
    void linearAndConvolution() {
        Tensor weight = Torch.tensor(new float[] {1, 2, 3, 4}, 2, 2);
        assertArrayEquals(new float[] {3, 7}, values(F.linear(vector(1, 1), weight)));
        assertArrayEquals(new float[] {13, 17}, values(F.linear(vector(1, 1), weight, vector(10, 10))));
        Tensor image = Torch.ones(1, 1, 3, 3);
        Tensor kernel = Torch.ones(1, 1, 2, 2);
        assertArrayEquals(new float[] {5, 5, 5, 5}, values(F.conv2d(image, kernel, vector(1))));
        long[] one = {1};
        assertArrayEquals(
                new long[] {1, 1, 3, 3},
                F.conv2d(image, kernel, null, one, "same", one, 1).shape());
        assertArrayEquals(
                new long[] {1, 1, 2, 2},
                F.conv2d(image, kernel, null, new long[] {2}, new long[] {1}, one, 1)
                        .shape());
    }

    @Test
    void pooling() {
        Tensor x = Torch.tensor(new float[] {1, 2, 3, 4}, 1, 2, 2);
        assertArrayEquals(new float[] {4}, values(F.maxPool2d(x, 2)));
        long[] one = {1};
        assertArrayEquals(
                new long[] {3},
                F.maxPool2dWithIndices(x, new long[] {2}, null, new long[] {0}, one, false)
                        .indices()
                        .flatten()
                        .toLongArray());
        assertArrayEquals(new float[] {2.5f}, values(F.adaptiveAvgPool2d(x, 1)));
        assertArrayEquals(new float[] {1.5f, 3.5f}, values(F.adaptiveAvgPool2d(x, null, 1)));
    }

    @Test
    void normalisation() {
        Tensor x = Torch.tensor(new float[] {0, 2, 4, 6}, 2, 2);
        assertArrayEquals(new float[] {-1, 1, -1, 1}, values(F.layerNorm(x, 2)), 1e-4f);
        assertArrayEquals(new float[] {-1, 1, 3, 5}, values(F.batchNorm(x, vector(1, 1), vector(1, 1))), 1e-4f);
        assertArrayEquals(
                new float[] {-1, -1, 1, 1}, values(F.batchNorm(x, null, null, null, null, true, 0.1, 1e-5)), 1e-4f);
    }

    @Test
    void embeddings() {
        Tensor weight = Torch.tensor(new float[] {0, 1, 2, 3}, 2, 2);
        Tensor indices = Torch.tensor(new long[] {1, 0});
        assertArrayEquals(new float[] {2, 3, 0, 1}, values(F.embedding(indices, weight)));
        assertThrows(IllegalArgumentException.class, () -> F.embedding(indices, weight, 2L, null, 2, false, false));
        Tensor scaled = weight.clone().requiresGrad_();
        F.embedding(indices, scaled, -2L, 1.0, 1, false, false).sum().backward();
        assertArrayEquals(new float[] {0, 1, 0.4f, 0.6f}, values(scaled.detach()), 1e-5f);
        assertArrayEquals(new float[] {0, 0, 1, 1}, values(scaled.grad()));
    }

    @Test
    void dropout() {
        Tensor x = Torch.ones(4);
        assertEquals(0, F.dropout(x, 1).sum().item());
        assertEquals(4, F.dropout(x, 1, false).sum().item());
        assertSame(x, F.dropout(x, 1, true, true));
        assertEquals(0, x.sum().item());
        assertThrows(IllegalArgumentException.class, () -> F.dropout(x, Double.NaN));
    }

    @Test
    void padding() {
        Tensor x = Torch.tensor(new float[] {1, 2, 3}, 1, 1, 3);
        assertArrayEquals(new float[] {0, 1, 2, 3, 0, 0}, values(F.pad(x, 1, 2)));
        assertArrayEquals(new float[] {7, 1, 2, 3}, values(F.pad(x, new long[] {1, 0}, 7)));
        assertArrayEquals(new float[] {1, 2}, values(F.pad(x, 0, -1)));
        assertArrayEquals(new float[] {0, 1, 2, 3}, values(F.pad(x, new long[] {1, 0}, PaddingMode.ZEROS)));
        assertArrayEquals(new float[] {3, 2, 1, 2, 3}, values(F.pad(x, new long[] {2, 0}, PaddingMode.REFLECT)));
        assertArrayEquals(new float[] {1, 1, 1, 2, 3}, values(F.pad(x, new long[] {2, 0}, PaddingMode.REPLICATE)));
        assertArrayEquals(new float[] {2, 3, 1, 2, 3}, values(F.pad(x, new long[] {2, 0}, PaddingMode.CIRCULAR)));
    }

    @Test
    void losses() {
        Tensor logits = Torch.zeros(2, 2);
        Tensor classes = Torch.tensor(new long[] {0, 1});
        assertEquals(Math.log(2), F.crossEntropy(logits, classes).item(), CLOSE);
        Tensor logProbabilities = Torch.tensor(new float[] {-1, -2, -3, -4}, 2, 2);
        assertEquals(2.5, F.nllLoss(logProbabilities, classes).item(), CLOSE);
        assertEquals(
                3.25,
                F.nllLoss(logProbabilities, classes, vector(1, 3), -100, Reduction.MEAN)
                        .item(),
                CLOSE);
        assertArrayEquals(new float[] {0, 4}, values(F.nllLoss(logProbabilities, classes, null, 0, Reduction.NONE)));
        Tensor x = vector(0, 0);
        Tensor y = vector(1, 2);
        assertEquals(2.5, F.mseLoss(x, y).item(), CLOSE);
        assertEquals(5, F.mseLoss(x, y, Reduction.SUM).item(), CLOSE);
        Tensor weight = vector(1, 3);
        assertEquals(3.25, F.mseLoss(x, y, Reduction.MEAN, weight).item(), CLOSE);
        assertEquals(13, F.mseLoss(x, y, Reduction.SUM, weight).item(), CLOSE);
        assertArrayEquals(new float[] {1, 12}, values(F.mseLoss(x, y, Reduction.NONE, weight)));
    }

    @Test
    void aBroadcastLossIsTheMeanOverAllPairs() {
        Tensor x = Torch.zeros(2, 1).requiresGrad_();
        Tensor loss = F.mseLoss(x, vector(1, 3));
        assertEquals(5, loss.item(), CLOSE);
        loss.backward();
        assertArrayEquals(new long[] {2, 1}, x.grad().shape());
        assertArrayEquals(new float[] {-2, -2}, values(x.grad()));
    }
}
