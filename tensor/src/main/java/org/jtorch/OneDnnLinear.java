package org.jtorch;

import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Modes;

/**
 * {@code x W^T + b}: by the engine's {@code aten::linear}, or, for large maps of float32 on the CPU, by the inner product of oneDNN,
 * {@code mkldnn::_linear_pointwise}.
 *
 * <p>The engine's own product goes to OpenBLAS, whose threads are its own and must first take their cores from libtorch's. oneDNN,
 * which libtorch brings for its convolutions, runs on libtorch's threads, and uses the weight without reordering it first.
 *
 * <p>{@link #isLarge The rule} looks at sizes alone. Gradients, the number of threads, hooks and recorders do not change which kernel
 * runs. The gradients are those of {@link RecordedLinear}.
 *
 * <p><b>Setting.</b> With the system property {@code jtorch.linear.onednn=false}, read once when the first linear map runs, every map
 * goes to {@code aten::linear}.
 *
 * <p>To measure both again:
 *
 * <pre>
 * ./jtorch bench infer/ train/
 * JAVA_TOOL_OPTIONS=-Djtorch.linear.onednn=false ./jtorch bench infer/ train/
 * </pre>
 */
final class OneDnnLinear {

    /** A weight of this many elements is large: for any number of rows, oneDNN reads it faster. */
    private static final long LARGE_WEIGHT = 1L << 18;

    /** With a smaller weight, the multiplications below which OpenBLAS is done before oneDNN has begun. */
    private static final long LEAST_PRODUCTS = 1L << 22;

    private static final boolean ON = torch.hasMKLDNN() && isOn(System.getProperty("jtorch.linear.onednn"));

    private OneDnnLinear() {}

    /** As {@code aten::linear}. The handle is the caller's. */
    static org.bytedeco.pytorch.Tensor linear(Tensor input, Tensor weight, @Nullable Tensor bias) {
        org.bytedeco.pytorch.Tensor x = Ops.in(input);
        org.bytedeco.pytorch.Tensor w = Ops.in(weight);
        boolean large = ON && w.dim() == 2 && isLarge(x.numel(), w.size(0), w.size(1));
        return large && takes(x, w, bias) ? innerProduct(input, weight, bias) : torch.linear(x, w, Ops.optional(bias));
    }

    /** What the setting says: only "false" turns oneDNN off. */
    static boolean isOn(@Nullable String setting) {
        return !"false".equalsIgnoreCase(setting);
    }

    /**
     * Whether oneDNN is faster.
     *
     * @param numel the elements of the input, which has {@code numel / in} rows
     * @param out the rows of the weight
     * @param in its columns
     */
    static boolean isLarge(long numel, long out, long in) {
        return numel > 0 && (out * in >= LARGE_WEIGHT || numel * out >= LEAST_PRODUCTS);
    }

    /** Whether oneDNN takes these as they lie in memory. */
    private static boolean takes(org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, @Nullable Tensor bias) {
        return x.dim() >= 1
                && x.size(-1) == w.size(1)
                && isPlain(x)
                && isPlain(w)
                && (bias == null || (bias.dim() == 1 && bias.size(0) == w.size(0) && isPlain(bias.handle())))
                && !torch.is_autocast_enabled(torch.DeviceType.CPU);
    }

    private static boolean isPlain(org.bytedeco.pytorch.Tensor tensor) {
        return tensor.scalar_type().value == torch.ScalarType.Float.value
                && tensor.layout().value == torch.Layout.Strided.value
                && tensor.is_cpu()
                && tensor.is_contiguous();
    }

    /** By oneDNN, whatever the size; recorded if a gradient is asked for. The handle is the caller's. */
    static org.bytedeco.pytorch.Tensor innerProduct(Tensor input, Tensor weight, @Nullable Tensor bias) {
        boolean recorded = Modes.isGradEnabled()
                && (input.requiresGrad() || weight.requiresGrad() || (bias != null && bias.requiresGrad()));
        return recorded
                ? RecordedLinear.linear(input.handle(), weight.handle(), bias)
                : Inner.PRODUCT
                        .handles(input.handle(), weight.handle(), bias, "none", List.of(), "")
                        .get(0);
    }

    /** Looked up when it is first called: not every engine has oneDNN. Its arguments are checked by {@link #takes}. */
    private static final class Inner {
        static final Operator PRODUCT = Operator.found("mkldnn::_linear_pointwise", "");
    }
}
