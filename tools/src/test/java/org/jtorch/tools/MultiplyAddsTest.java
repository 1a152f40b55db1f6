package org.jtorch.tools;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.Softmax;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.pooling.MaxPool2d;
import org.jtorch.nn.transformer.TransformerEncoderLayer;
import org.junit.jupiter.api.Test;

/** Compares the multiply-adds of each kind of op with numbers calculated by hand. */
class MultiplyAddsTest {

    private static Tensor ones(long... shape) {
        return Torch.ones(shape);
    }

    private static long count(Runnable ops) {
        long[] sum = {0};
        try (var recorder = OpRecorder.start(op -> sum[0] += MultiplyAdds.of(op))) {
            ops.run();
        }
        return sum[0];
    }

    @Test
    void linearMaps() {
        assertEquals(32 * 64 * 128, count(() -> ones(32, 64).linear(ones(128, 64))));
        assertEquals(2 * 3 * 4 * 5, count(() -> ones(2, 3, 4).linear(ones(5, 4), ones(5))), "a bias counts nothing");
        // For each of 7 rows: 5 matrices of 3 x 4, then 5 products of vectors of 4.
        assertEquals(7 * (5 * 3 * 4 + 5 * 4), count(() -> ones(7, 3).bilinear(ones(7, 4), ones(5, 3, 4))));
    }

    @Test
    void aLargeLinearMapCountsOnceWhateverKernelComputesIt() {
        Tensor weight = ones(256, 256).requiresGrad_();
        assertEquals(1024L * 256 * 256, count(() -> ones(1024, 256).linear(weight)));
    }

    @Test
    void products() {
        assertEquals(2 * 3 * 4, count(() -> ones(2, 3).mm(ones(3, 4))));
        assertEquals(5 * 2 * 3 * 4, count(() -> ones(5, 2, 3).matmul(ones(3, 4))));
        assertEquals(5 * 2 * 3 * 4, count(() -> ones(5, 2, 3).bmm(ones(5, 3, 4))));
        assertEquals(2 * 3, count(() -> ones(2, 3).mv(ones(3))));
        assertEquals(7, count(() -> ones(7).dot(ones(7))));
        assertEquals(3 * 4, count(() -> ones(3).outer(ones(4))));
        assertEquals(2 * 3 * 4, count(() -> ones(2, 4).addmm(ones(2, 3), ones(3, 4))));
        assertEquals(2 * 3 * 4, count(() -> ones(2, 4).addmm_(ones(2, 3), ones(3, 4))), "in place");
        assertEquals(2 * 3, count(() -> ones(2).addmv(ones(2, 3), ones(3))));
        assertEquals(5 * 2 * 3 * 4, count(() -> ones(2, 4).addbmm(ones(5, 2, 3), ones(5, 3, 4))));
        assertEquals(5 * 2 * 3 * 4, count(() -> ones(5, 2, 4).baddbmm(ones(5, 2, 3), ones(5, 3, 4))));
        long[] dims = {1, 2};
        assertEquals(2 * 5 * 3 * 4, count(() -> ones(2, 3, 4).tensordot(ones(5, 3, 4), dims, dims)));
    }

    @Test
    void einsums() {
        assertEquals(2 * 3 * 4 * 5, einsum("bij,bjk->bik", ones(2, 3, 4), ones(2, 4, 5)));
        assertEquals(2 * 3 * 4 * 5, einsum("bij, bjk", ones(2, 3, 4), ones(2, 4, 5)), "without an arrow");
        assertEquals(6 * 2 * 3 * 4, einsum("...ij,jk->...ik", ones(6, 2, 3), ones(3, 4)));
        assertEquals(0, einsum("ij->ji", ones(2, 3)), "one operand is not multiplied");
        // (2x3)(3x4), then (2x4)(4x5)
        assertEquals(2 * 3 * 4 + 2 * 4 * 5, einsum("ij,jk,kl->il", ones(2, 3), ones(3, 4), ones(4, 5)));
    }

    private static long einsum(String equation, Tensor... operands) {
        return count(() -> Torch.einsum(equation, List.of(operands)));
    }

    @Test
    void convolutions() {
        long[] one = {1, 1};
        long[] zero = {0, 0};
        // 8 filters of 3 x 3 x 3 at 8 x 8 positions of 2 images.
        assertEquals(2 * 8 * 8 * 8 * 27, count(() -> ones(2, 3, 16, 16)
                .conv2d(ones(8, 3, 3, 3), null, new long[] {2, 2}, new long[] {1, 1}, one, 1)));
        // Depthwise: 8 filters of 1 x 3 x 3 at 3 x 3 positions.
        assertEquals(8 * 9 * 9, count(() -> ones(1, 4, 5, 5).conv2d(ones(8, 1, 3, 3), ones(8), one, zero, one, 4)));
        // Transposed: each of 4 x 3 x 3 elements is multiplied by 2 x 2 x 2 weights.
        assertEquals(4 * 9 * 8, count(() -> ones(1, 4, 3, 3)
                .convTranspose2d(ones(4, 2, 2, 2), null, new long[] {2, 2}, zero, zero, 1, one)));
    }

    @Test
    void attention() {
        // For each of 2 x 3 heads: 4 x 5 scores of 8, then 4 x 6 results of 5.
        assertEquals(6 * (4 * 5 * 8 + 4 * 6 * 5), count(() -> ones(2, 3, 4, 8)
                .scaledDotProductAttention(ones(2, 3, 5, 8), ones(2, 3, 5, 6), null, 0.0, false, null, false)));
    }

    @Test
    void attentionAndEncoderLayersInOneKernelAreWhatTheyAreInMany() {
        TransformerEncoderLayer layer = new TransformerEncoderLayer(
                8, 2, o -> o.dimFeedforward(16).batchFirst(true).dropout(0.0));
        layer.eval();
        Tensor x = ones(3, 5, 8);
        long many = count(() -> layer.call(x));
        assertEquals(15 * (4 * 64 + 2 * 128) + 2 * 15 * 5 * 8 + 2 * x.numel(), many);
        long attention = count(() -> layer.selfAttn.call(x, x, x, false));
        try (GradMode mode = Autograd.noGrad()) {
            assertEquals(many, count(() -> layer.call(x)));
            assertEquals(attention, count(() -> layer.selfAttn.call(x, x, x, false)));
        }
    }

    @Test
    void recurrentNetworks() {
        // 5 steps of 2 sequences; 4 gates of 4 units that read 3 inputs and 4 units.
        List<Tensor> parameters = List.of(ones(16, 3), ones(16, 4), ones(16), ones(16));
        List<Tensor> state = List.of(ones(1, 2, 4), ones(1, 2, 4));
        assertEquals(5 * 2 * 16 * (3 + 4), count(() -> ones(5, 2, 3)
                .lstm(state, parameters, true, 1, 0.0, false, false, false)));
        assertEquals(2 * 16 * (3 + 4), count(() -> ones(2, 3)
                .lstmCell(List.of(ones(2, 4), ones(2, 4)), ones(16, 3), ones(16, 4), ones(16), ones(16))));
        List<Tensor> gru = List.of(ones(12, 3), ones(12, 4), ones(12), ones(12));
        assertEquals(5 * 2 * 12 * (3 + 4), count(() -> ones(5, 2, 3)
                .gru(ones(1, 2, 4), gru, true, 1, 0.0, false, false, false)));
    }

    @Test
    void normalisationCountsOneForEachElementAndOtherOpsNothing() {
        assertEquals(2 * 8 * 16, count(() -> ones(2, 8, 4, 4)
                .batchNorm(null, null, ones(8), ones(8), false, 0.1, 1e-5, false)));
        assertEquals(3 * 5, count(() -> ones(3, 5).layerNorm(new long[] {5}, null, null, 1e-5)));
        assertEquals(0, count(() -> ones(3, 5).relu().add(1).softmax(1).sum()));
    }

    private static final Map<String, Runnable> CASES = Map.ofEntries(
            entry("linear", () -> ones(5, 6, 7).linear(ones(8, 7), ones(8))),
            entry("mm", () -> ones(5, 6).mm(ones(6, 7))),
            entry("matmul broadcast", () -> ones(4, 1, 5, 6).matmul(ones(3, 6, 7))),
            entry("baddbmm", () -> ones(3, 5, 7).baddbmm(ones(3, 5, 6), ones(3, 6, 7))),
            entry("addmm", () -> ones(5, 7).addmm(ones(5, 6), ones(6, 7))),
            entry("einsum", () -> einsum("bhid,bhjd->bhij", ones(2, 3, 4, 5), ones(2, 3, 6, 5))),
            entry("tensordot", () -> ones(2, 3, 4).tensordot(ones(4, 3, 5), new long[] {1, 2}, new long[] {1, 0})),
            entry("conv1d", () -> ones(2, 4, 30)
                    .conv1d(ones(6, 2, 5), null, new long[] {2}, new long[] {1}, new long[] {2}, 2)),
            entry("conv2d", () -> ones(2, 3, 17, 19)
                    .conv2d(ones(8, 3, 3, 5), ones(8), new long[] {2, 1}, new long[] {1, 2}, new long[] {1, 1}, 1)),
            entry("conv3d", () -> ones(1, 2, 7, 8, 9)
                    .conv3d(ones(4, 2, 3, 3, 3), null, new long[] {1, 1, 1}, new long[3], new long[] {1, 1, 1}, 1)),
            entry("conv_transpose2d", () -> ones(2, 4, 5, 6)
                    .convTranspose2d(
                            ones(4, 3, 3, 3),
                            null,
                            new long[] {2, 2},
                            new long[] {1, 1},
                            new long[] {1, 1},
                            2,
                            new long[] {1, 1})),
            entry("attention", () -> ones(2, 3, 4, 8)
                    .scaledDotProductAttention(ones(2, 3, 5, 8), ones(2, 3, 5, 8), null, 0.0, false, null, false)),
            entry("Sequential", () -> new Sequential(
                            new Conv2d(3, 8, 3, o -> o.padding(1)),
                            new ReLU(),
                            new MaxPool2d(2),
                            new Flatten(),
                            new Linear(128, 10),
                            new Softmax(1))
                    .call(ones(2, 3, 8, 8))));

    /** Compares with what parity/record/flops.py wrote. */
    @Test
    void pytorchCountsTheSame() throws IOException {
        Map<String, Long> expected = new TreeMap<>();
        Map<String, Long> counted = new TreeMap<>();
        try (InputStream in = MultiplyAddsTest.class.getResourceAsStream("flops.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String[] parts = line.split(": ");
                expected.put(parts[0], Long.parseLong(parts[1]));
            }
        }
        CASES.forEach((name, ops) -> counted.put(name, 2 * count(ops)));
        assertEquals(expected, counted);
    }
}
