package org.jtorch.parity.hostile;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.conv.Conv1d;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.padding.ReplicationPad2d;
import org.jtorch.nn.pooling.MaxPool1d;
import org.jtorch.nn.rnn.GRUCell;
import org.jtorch.nn.rnn.LSTM;

/** Programs written by hand, each of which once ended the JVM or never ended. */
final class WrittenPrograms {

    /** A program and its name. */
    record Written(String name, Body body) {}

    /** The code of a program; it may throw anything. */
    @FunctionalInterface
    interface Body {
        @Nullable
        Object run() throws Throwable;
    }

    private static final List<Written> ALL = new ArrayList<>();

    private WrittenPrograms() {}

    static List<Written> all() {
        return List.copyOf(ALL);
    }

    /** Programs that do end the JVM, which show that the suite notices it. */
    static List<Written> deadly() {
        return List.of(
                new Written("never ends", () -> {
                    for (long i = 0; i >= 0; i = (i + 1) & Integer.MAX_VALUE) {
                        Thread.onSpinWait();
                    }
                    return null;
                }),
                new Written("throws", () -> Torch.zeros(-1)),
                new Written("writes to address 8", () -> new LongPointer(new AtAddressEight()).put(1)));
    }

    private static final class AtAddressEight extends Pointer {
        AtAddressEight() {
            address = 8;
        }
    }

    private static void program(String name, Body body) {
        ALL.add(new Written(name, body));
    }

    private static Tensor line() {
        return Torch.randn(1, 2, 8);
    }

    private static Tensor plane() {
        return Torch.randn(1, 2, 8, 8);
    }

    private static Tensor volume() {
        return Torch.randn(1, 2, 4, 4, 4);
    }

    static {
        program("reflectionPad3d with an empty padding", () -> volume().reflectionPad3d(new long[0]));
        program("replicationPad3d with an empty padding", () -> volume().replicationPad3d(new long[0]));
        program("reflectionPad2d with an empty padding", () -> plane().reflectionPad2d(new long[0]));
        program("reflectionPad1d with an empty padding", () -> line().reflectionPad1d(new long[0]));
        program("replicationPad2d of 2^63 - 1", () -> new ReplicationPad2d(Long.MAX_VALUE).call(plane()));
        program("replicationPad2d of 2^62", () -> new ReplicationPad2d(1L << 62).call(plane()));
        program("reflectionPad1d of -2^63", () -> line().reflectionPad1d(new long[] {Long.MIN_VALUE, 1}));
        program("weightNorm with another g", () -> Torch.weightNorm(Torch.randn(1000, 1000), Torch.randn(1), 0));
        program("weightNorm with a longer v", () -> Torch.weightNorm(Torch.randn(100_000, 3), Torch.randn(2, 1), 0));
        program("CTC targets beyond the classes", () -> ctc(1_000_000_000L));
        program("CTC targets below zero", () -> ctc(-1_000_000_000L));
        program("CSR indices beyond the columns", () -> csr(1_000_000_000L));
        program("CSR indices below zero", () -> csr(-1_000_000_000L));
        program("COO indices beyond the sizes", () -> Torch.sparseCooTensor(
                        Torch.tensor(new long[] {1_000_000_000L, 1}, 2, 1), Torch.randn(1), new long[] {3, 3}, true)
                .toDense());
        program("Long.MIN_VALUE / -1", () -> Torch.tensor(new long[] {Long.MIN_VALUE})
                .div(-1, "trunc"));
        program("Long.MIN_VALUE / -1, floor", () -> Torch.tensor(new long[] {Long.MIN_VALUE})
                .div(-1, "floor"));
        program("Long.MIN_VALUE / a tensor of -1", () -> Torch.tensor(new long[] {Long.MIN_VALUE})
                .div(Torch.tensor(new long[] {-1}), "trunc"));
        program("Long.MIN_VALUE remainder -1", () -> Torch.tensor(new long[] {Long.MIN_VALUE})
                .remainder(-1));
        program("Long.MIN_VALUE fmod -1", () -> Torch.tensor(new long[] {Long.MIN_VALUE})
                .fmod(-1));
        program("Integer.MIN_VALUE / -1", () -> Torch.tensor(new int[] {Integer.MIN_VALUE})
                .div(-1, "trunc"));
        program("Integer.MIN_VALUE floorDivide -1", () -> Torch.tensor(new int[] {Integer.MIN_VALUE})
                .floorDivide(-1));
        program("0 / 0 of integers", () -> Torch.tensor(new long[] {0}).div(0, "trunc"));
        program("adaptiveMaxPool3d to 2^63 - 1", () -> volume().adaptiveMaxPool3d(new long[] {Long.MAX_VALUE, 1, 1}));
        program("adaptiveMaxPool3d to 2^33", () -> volume().adaptiveMaxPool3d(
                        new long[] {1L << 33, 1L << 33, 1L << 33}));
        program("adaptiveAvgPool2d to 2^63 - 1", () -> plane().adaptiveAvgPool2d(new long[] {Long.MAX_VALUE, 1}));
        program("matrixPower of -2^63", () -> Torch.eye(3).matrixPower(Long.MIN_VALUE));
        program("binomial of NaN", () -> binomial(Double.NaN, 0.5));
        program("binomial of a probability NaN", () -> binomial(10, Double.NaN));
        program("binomial of infinity", () -> binomial(Double.POSITIVE_INFINITY, 0.5));
        program("MaxPool1d(2^63 - 1)", () -> new MaxPool1d(Long.MAX_VALUE).call(line()));
        program("MaxPool1d(2^33)", () -> new MaxPool1d(1L << 33, o -> o.padding(1L << 32)).call(line()));
        program("MaxPool1d(2^33), plain", () -> new MaxPool1d(1L << 33).call(line()));
        program("a convolution with a stride of 2^32", () -> new Conv1d(2, 2, 1, o -> o.stride(1L << 32)).call(line()));
        program("a convolution with a dilation of 2^32", () -> new Conv1d(2, 2, 2, o -> o.dilation(1L << 32))
                .call(line()));
        program("a convolution with a padding of 2^62", () -> new Conv1d(2, 2, 2, o -> o.padding(1L << 62))
                .call(line()));
        program("an LSTM whose weight_hh was replaced", () -> lstm("weight_hh_l0", 4, 64));
        program("an LSTM whose weight_ih was replaced", () -> lstm("weight_ih_l0", 4, 32));
        program("an LSTM whose bias was replaced", () -> lstm("bias_ih_l0", 4));
        program("a GRU cell with another state", () -> new GRUCell(3, 4).call(Torch.randn(2, 3), Torch.randn(1, 4)));
        program("zeros of null", () -> Torch.zeros((long[]) null));
        program("interpolate without dimensions", () -> F.interpolate(Torch.tensor(1.0), new long[] {2}, "nearest"));
        program(
                "gaussianNllLoss without dimensions",
                () -> F.gaussianNllLoss(Torch.tensor(1.0), Torch.tensor(1.0), Torch.ones(2)));
        program("an operator given a string for a tensor", () -> operator("aten::neg", "no tensor"));
        program("an operator given null for a tensor", () -> operator("aten::neg", (Object) null));
        program("an operator given a tensor for a list", () -> operator("aten::cat", Torch.randn(2), 0L));
        program(
                "an operator given a tensor for an int",
                () -> operator("aten::cat", List.of(Torch.randn(2)), Torch.randn(2)));
        program("setNumThreads(2^31 - 1)", () -> {
            Torch.setNumThreads(Integer.MAX_VALUE);
            try {
                return Torch.randn(1 << 20).exp();
            } finally {
                Torch.setNumThreads(1);
            }
        });
    }

    private static Object operator(String name, @Nullable Object... arguments) {
        return Operator.find(name, "").call(arguments);
    }

    private static Object binomial(double count, double p) {
        return operator("aten::binomial", Torch.full(new long[] {3}, count), Torch.full(new long[] {3}, p), null);
    }

    private static Tensor csr(long column) {
        return Torch.sparseCsrTensor(
                        Torch.tensor(new long[] {0, 1, 2}),
                        Torch.tensor(new long[] {0, column}),
                        Torch.ones(2),
                        new long[] {2, 2})
                .matmul(Torch.randn(2, 2));
    }

    private static Tensor ctc(long target) {
        return F.ctcLoss(
                Torch.randn(5, 1, 4).logSoftmax(2),
                Torch.full(new long[] {1, 3}, target, DType.INT64),
                Torch.tensor(new long[] {5}),
                Torch.tensor(new long[] {3}));
    }

    private static Object lstm(String weight, long... shape) {
        LSTM lstm = new LSTM(32, 64);
        lstm.registerParameter(weight, new Parameter(Torch.randn(shape)));
        return lstm.infer(new LSTM.Input(Torch.randn(50, 20, 32), null, null));
    }
}
