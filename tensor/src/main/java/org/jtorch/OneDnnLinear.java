package org.jtorch;

import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Modes;

/**
 * Computes {@code x W^T + b}, with the engine's {@code aten::linear} or, for large maps on the CPU, with the inner product of
 * oneDNN, {@code mkldnn::_linear_pointwise}: those of float32, and those of bfloat16 with one row.
 *
 * <p>The engine's own product uses OpenBLAS, whose threads compete with those of libtorch for the cores. oneDNN, which
 * libtorch contains for its convolutions, runs on libtorch's threads, and uses the weight, also a transposed one, without
 * reordering it first. For a row of bfloat16, as in generation, the engine's own product reads the weight at half the speed of
 * oneDNN; for more rows, both are oneDNN's.
 *
 * <p>{@link #isLarge The rule} depends only on sizes and the dtype. Gradients, the number of threads, hooks and recorders do not change
 * which kernel runs, nor does it matter whether the operator is called by its name, as exported graphs do. {@link
 * RecordedLinear} computes the gradients.
 *
 * <p><b>Setting.</b> If the system property {@code jtorch.linear.onednn} is {@code false}, every map uses {@code
 * aten::linear}. The property is read once, when the first linear map runs.
 *
 * <p>To measure both:
 *
 * <pre>
 * ./jtorch bench infer/ train/
 * JAVA_TOOL_OPTIONS=-Djtorch.linear.onednn=false ./jtorch bench infer/ train/
 * </pre>
 */
final class OneDnnLinear {

    /**
     * The number of elements from which a weight is large. With up to 8 rows, oneDNN then takes half the time to the same time. With
     * more it takes up to a quarter more if the cores are idle, but OpenBLAS takes many times longer if other threads use them too.
     */
    private static final long LARGE_WEIGHT = 1L << 17;

    /** For smaller weights, the number of multiplications from which oneDNN is faster than OpenBLAS. */
    private static final long LEAST_PRODUCTS = 1L << 22;

    private static final boolean ON = torch.hasMKLDNN() && isOn(System.getProperty("jtorch.linear.onednn"));

    private OneDnnLinear() {}

    /** Computes {@code aten::linear}. The caller owns the handle. */
    static org.bytedeco.pytorch.Tensor linear(Tensor input, Tensor weight, @Nullable Tensor bias) {
        org.bytedeco.pytorch.Tensor x = Ops.in(input);
        org.bytedeco.pytorch.Tensor w = Ops.in(weight);
        boolean large = ON && w.dim() == 2 && isLarge(x.numel(), w.size(0), w.size(1));
        return large && takes(x, w, bias) && (isSingle(x) || isRowOfBfloat16(x, w))
                ? innerProduct(input, weight, bias)
                : torch.linear(x, w, Ops.optional(bias));
    }

    /** Returns whether the setting allows oneDNN. Only "false" turns it off. */
    static boolean isOn(@Nullable String setting) {
        return !"false".equalsIgnoreCase(setting);
    }

    /**
     * Returns whether oneDNN is faster.
     *
     * @param numel the number of elements of the input, which has {@code numel / in} rows
     * @param out the number of rows of the weight
     * @param in the number of columns of the weight
     */
    static boolean isLarge(long numel, long out, long in) {
        return numel > 0 && (out * in >= LARGE_WEIGHT || numel * out >= LEAST_PRODUCTS);
    }

    /** Returns whether oneDNN accepts these tensors in their present layout. */
    private static boolean takes(org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, @Nullable Tensor bias) {
        int dtype = x.scalar_type().value;
        return x.dim() >= 1
                && x.size(-1) == w.size(1)
                && isPlain(x, dtype)
                && x.is_contiguous()
                && isPlain(w, dtype)
                && (w.is_contiguous() || (w.stride(0) == 1 && w.stride(1) == w.size(0)))
                && (bias == null || takesBias(w, bias.handle(), dtype))
                && !torch.is_autocast_enabled(torch.DeviceType.CPU);
    }

    private static boolean takesBias(org.bytedeco.pytorch.Tensor w, org.bytedeco.pytorch.Tensor bias, int dtype) {
        return bias.dim() == 1 && bias.size(0) == w.size(0) && isPlain(bias, dtype) && bias.is_contiguous();
    }

    private static boolean isPlain(org.bytedeco.pytorch.Tensor tensor, int dtype) {
        return tensor.scalar_type().value == dtype
                && tensor.layout().value == torch.Layout.Strided.value
                && tensor.is_cpu();
    }

    private static boolean isSingle(org.bytedeco.pytorch.Tensor x) {
        return x.scalar_type().value == torch.ScalarType.Float.value;
    }

    private static boolean isRowOfBfloat16(org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w) {
        return x.scalar_type().value == torch.ScalarType.BFloat16.value
                && x.numel() == w.size(1)
                && OneDnnPrecision.hasBfloat16();
    }

    /**
     * Computes the product by oneDNN, for any size. Autograd records it if a gradient is required. The caller owns the
     * handle.
     */
    static org.bytedeco.pytorch.Tensor innerProduct(Tensor input, Tensor weight, @Nullable Tensor bias) {
        boolean recorded = Modes.isGradEnabled()
                && (input.requiresGrad() || weight.requiresGrad() || (bias != null && bias.requiresGrad()));
        return recorded
                ? RecordedLinear.linear(input.handle(), weight.handle(), bias)
                : Inner.PRODUCT
                        .handles(input.handle(), weight.handle(), bias, "none", List.of(), "")
                        .get(0);
    }

    /** Looked up on first use, since not every engine has oneDNN. {@link #takes} checks the arguments. */
    private static final class Inner {
        static final Operator PRODUCT = Operator.found("mkldnn::_linear_pointwise", "");
    }
}
