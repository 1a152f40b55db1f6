package org.jtorch.parity.hostile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.MemoryFormat;
import org.jtorch.Tensor;
import org.jtorch.TensorIndex;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.TrustedOperators;

/** Tensors of every dtype, layout and state, as expressions. */
final class Tensors {

    /** A way to make an unusual tensor from an ordinary one. */
    private record Twist(String text, Form form) {
        private interface Form {
            Tensor of(Tensor plain) throws Throwable;
        }
    }

    private static final List<Twist> USUAL = List.of(
            new Twist(".requiresGrad_()", x -> x.requiresGrad_(true)),
            new Twist(".requiresGrad_()", x -> x.requiresGrad_(true)),
            new Twist(".transpose(0, -1)", x -> x.transpose(0, -1)),
            new Twist(".unsqueeze(0).expand(3, …)", x -> x.unsqueeze(0).expand(prepend(3, x.shape()))),
            new Twist(".flip(0).index(slice(null, null, 2))", x -> x.flip(0).index(TensorIndex.slice(null, null, 2L))),
            new Twist(".to(CHANNELS_LAST)", x -> x.to(MemoryFormat.CHANNELS_LAST)));

    private static final List<Twist> STRANGE = List.of(
            new Twist(".to(Device.META)", x -> x.to(Device.META)),
            new Twist(".toSparse()", Tensor::toSparse),
            new Twist(" to_sparse_csr", x -> operator("aten::_to_sparse_csr", x, null)),
            new Twist(" to_sparse_csc", x -> operator("aten::_to_sparse_csc", x, null)),
            new Twist(" to_sparse_bsr {1, 1}", x -> operator("aten::_to_sparse_bsr", x, new long[] {1, 1}, null)),
            new Twist(
                    " nested",
                    x -> operator("aten::_nested_tensor_from_tensor_list", List.of(x, x), null, null, null, null)),
            new Twist(" quantized", x -> operator("aten::quantize_per_tensor", x.float32(), 0.1, 10L, DType.QUINT8)),
            new Twist(
                    " quantized per channel",
                    x -> operator(
                            "aten::quantize_per_channel",
                            x.float32(),
                            Torch.full(new long[] {x.size(0)}, 0.1),
                            Torch.zeros(new long[] {x.size(0)}, DType.INT64),
                            0L,
                            DType.QINT8)),
            new Twist(".narrow(0, 0, 0)", x -> x.narrow(0, 0, 0)),
            new Twist(".get(0).expand(5, …)", x -> x.select(0, 0)
                    .expand(prepend(5, x.select(0, 0).shape()))),
            new Twist(".asStrided({3, 3}, {1, 1})", x -> x.asStrided(new long[] {3, 3}, new long[] {1, 1})),
            new Twist(".asStrided({4}, {0})", x -> x.asStrided(new long[] {4}, new long[] {0})),
            new Twist(".complex.conj()", x -> Torch.complex(x.float32(), x.float32())
                    .conj()),
            new Twist(
                    ".complex.conj().imag()",
                    x -> Torch.complex(x.float32(), x.float32()).conj().imag()),
            new Twist(" in inference mode", Tensors::inference),
            new Twist(".close()", x -> {
                x.close();
                return x;
            }),
            new Twist(".repeat of 17 dims", x -> x.view(prepend(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, x.numel()))),
            new Twist(".reshape(-1)", x -> x.reshape(-1)),
            new Twist(".squeeze()", x -> x.squeeze()));

    private static final double[] ODD = {
        0,
        -0.0,
        1,
        -1,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1e30,
        -1e30,
        1e-40,
        127,
        255,
        32767,
        2147483647.0,
        -2147483648.0,
        4294967296.0,
        9.3e18,
        -9.3e18
    };

    private final Mood mood;

    Tensors(Mood mood) {
        this.mood = mood;
    }

    private static Tensor operator(String name, @Nullable Object... arguments) {
        return (Tensor) TrustedOperators.find(name, "").call(arguments).get(0);
    }

    private static Tensor inference(Tensor x) {
        try (GradMode mode = Autograd.inferenceMode()) {
            return x.clone();
        }
    }

    private static long[] prepend(long first, long... others) {
        return LongStream.concat(LongStream.of(first), Arrays.stream(others)).toArray();
    }

    private static long[] prepend(
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            long g,
            long h,
            long i,
            long j,
            long k,
            long l,
            long m,
            long n,
            long last) {
        return new long[] {a, b, c, d, e, f, g, h, i, j, k, l, m, n, 1, 1, last};
    }

    /** Returns a tensor for the parameter {@code name}. */
    Expression tensor(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        Expression plain;
        if (lower.contains("ind")
                || lower.contains("target")
                || lower.contains("lengths")
                || lower.contains("offsets")
                || lower.contains("batchsizes")
                || lower.contains("batch_sizes")) {
            plain = mood.chance(0.85) ? integers(lower) : values(mood.shape());
        } else if (lower.contains("mask") || lower.contains("condition")) {
            plain = mood.chance(0.7) ? mask() : values(mood.shape());
        } else if (lower.contains("weight")
                || lower.contains("bias")
                || lower.contains("running")
                || lower.contains("mean")
                || lower.contains("std")) {
            plain = mood.chance(0.4) ? values(new long[] {mood.size()}) : values(mood.shape());
        } else {
            plain = values(mood.shape());
        }
        if (mood.chance(0.35)) {
            plain = twisted(plain, mood.pick(USUAL));
        }
        if (mood.hostile()) {
            plain = twisted(plain, mood.pick(STRANGE));
        }
        return plain;
    }

    private static Expression twisted(Expression plain, Twist twist) {
        return Expression.enclosed("", List.of(plain), twist.text, parts -> {
            try {
                return twist.form.of((Tensor) parts[0]);
            } catch (RuntimeException e) {
                return parts[0]; // This tensor does not have such a form.
            }
        });
    }

    static String java(long... values) {
        return Arrays.stream(values)
                .mapToObj(v -> v + (v == (int) v ? "" : "L"))
                .collect(Collectors.joining(", "));
    }

    private Expression values(long[] shape) {
        DType dtype = DType.valueOf(mood.dtype());
        String tail = "new long[] {" + java(shape) + "}";
        if (mood.hostile()) {
            double odd = ODD[mood.below(ODD.length)];
            return Expression.fresh(
                    "Torch.full(" + tail + ", " + odd + ").to(DType." + dtype.name() + ")",
                    parts -> Torch.full(shape, odd, DType.FLOAT64).to(dtype));
        }
        return Expression.fresh(
                "Torch.randn(" + tail + ").mul(3).to(DType." + dtype.name() + ")",
                parts -> Torch.randn(shape).mul(3).to(dtype));
    }

    private Expression mask() {
        long[] shape = mood.shape();
        return Expression.fresh("Torch.randn(new long[] {" + java(shape) + "}).gt(0)", parts -> Torch.randn(shape)
                .gt(0));
    }

    private Expression integers(String name) {
        long[] shape = name.contains("len") || name.contains("off") || name.contains("batch")
                ? new long[] {mood.size()}
                : mood.shape();
        long bound = mood.size();
        String size = "new long[] {" + java(shape) + "}";
        DType dtype = mood.chance(0.85) ? DType.INT64 : DType.INT32;
        if (mood.hostile()) {
            long odd = mood.pick(
                    -1,
                    bound,
                    bound + 1,
                    -bound,
                    1L << 31,
                    1L << 32,
                    1L << 40,
                    1L << 62,
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    1000,
                    100_000,
                    -100_000);
            if (mood.chance(0.5)) {
                return Expression.fresh(
                        "Torch.full(" + size + ", " + odd + "L).to(DType." + dtype.name() + ")",
                        parts -> Torch.full(shape, odd).to(dtype));
            }
            // One among ordinary ones.
            return Expression.fresh(
                    "Torch.randint(0, " + bound + ", " + size + ").to(DType." + dtype.name() + ") with last = " + odd
                            + "L",
                    parts -> {
                        Tensor made = Torch.randint(0, bound, shape);
                        if (made.numel() > 0) {
                            made.view(-1).select(0, -1).fill_(odd);
                        }
                        return made.to(dtype);
                    });
        }
        return Expression.fresh(
                "Torch.randint(0, " + bound + ", " + size + ").to(DType." + dtype.name() + ")",
                parts -> Torch.randint(0, bound, shape).to(dtype));
    }
}
