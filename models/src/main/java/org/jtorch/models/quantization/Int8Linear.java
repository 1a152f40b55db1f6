package org.jtorch.models.quantization;

import java.util.Objects;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.TrustedOperators;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;

/**
 * A linear map for inference whose weight has 8 bits: {@code y = (x W^T) * scales + b}, {@code (*, in_features)} to {@code (*,
 * out_features)}, of floating-point numbers.
 *
 * <p>State: {@code weight} (out_features, in_features), int8, from -127 to 127; {@code scales} (out_features), bfloat16; {@code bias}
 * (out_features) or none.
 *
 * <p><b>Accuracy.</b> Each row of the weight has a scale, and each of its numbers is off by at most half of it, that is by at most
 * {@code 1 / 254} of the greatest absolute value of the row. Up to {@value #KERNEL_ROWS} rows of the input are multiplied as bfloat16,
 * which has 8 significant bits, and summed as float32; the result is rounded to bfloat16 before the bias is added. More rows are
 * computed in the dtype of the input.
 *
 * <p><b>Speed.</b> For a few rows, the time is that of reading the weight, which is a quarter of one in float32. For more rows the
 * weight is converted at each call, so that long prompts are read no faster than with float32. Other devices than the CPU always
 * convert.
 *
 * <p><b>Gradients</b> reach the input and the bias; the weight has none. A call that records them converts the weight.
 */
public final class Int8Linear extends Linear {

    /** The greatest number of rows for which the kernel of 8-bit weights is faster than to convert the weight. */
    static final long KERNEL_ROWS = 32;

    /** The kernel reads several numbers at a time, and does not check that a row has a multiple of them. */
    private static final long KERNEL_STEP = 64;

    /** The kernel reads addresses that are multiples of this, and crashes at others. */
    private static final long KERNEL_ALIGNMENT = 64;

    /** The factor of each row of the weight, (out_features), bfloat16. */
    public Buffer scales;

    /**
     * Creates the map of a linear map, whose weight and bias do not change. The bias is shared.
     *
     * @param linear a map of float32, float64, bfloat16 or float16
     * @throws IllegalArgumentException if the weight is of another dtype, or has values that are not finite
     */
    public Int8Linear(Linear linear) {
        super(linear.inFeatures(), linear.outFeatures(), o -> o.bias(false).device(Device.META));
        try (GradMode mode = Autograd.noGrad()) {
            Tensor given = linear.weight.detach();
            if (!given.dtype().isFloatingPoint()) {
                throw new IllegalArgumentException("the weight is of " + given.dtype()
                        + ", but only floating-point weights can be converted to 8 bits");
            }
            Tensor wide = given.to(DType.FLOAT32);
            Tensor greatest = wide.abs().amax(new long[] {1}, true);
            if (greatest.isfinite().all().item() == 0) {
                throw new IllegalArgumentException("the weight has values that are not finite");
            }
            // rounded first, so that the rounding of a scale is no further error
            Tensor scale = greatest.div(127).to(DType.BFLOAT16);
            Tensor divisor = scale.to(DType.FLOAT32);
            Tensor rounded = wide.div(Torch.where(divisor.eq(0), Torch.onesLike(divisor), divisor))
                    .round()
                    .clamp(-127, 127)
                    .to(DType.INT8);
            weight = new Parameter(rounded, false);
            scales = new Buffer(scale.squeeze(1));
            bias = linear.bias;
        }
        train(linear.isTraining());
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor product = usesKernel(x) ? byKernel(x) : converted(x);
        return bias == null ? product : product.add(bias);
    }

    private boolean usesKernel(Tensor x) {
        return x.size(-1) == inFeatures()
                && x.numel() > 0
                && x.numel() <= KERNEL_ROWS * inFeatures()
                && inFeatures() % KERNEL_STEP == 0
                && x.device().type().equals("cpu")
                && !(Autograd.isGradEnabled() && x.requiresGrad())
                && weight.isContiguous()
                && isAligned(weight)
                && weight.dtype() == DType.INT8
                && weight.dim() == 2
                && weight.size(0) == scales.numel()
                && weight.size(1) == inFeatures()
                && weight.device().equals(x.device())
                && scales.device().equals(x.device());
    }

    private Tensor byKernel(Tensor x) {
        Tensor rows = x.to(DType.BFLOAT16).reshape(-1, inFeatures()).contiguous();
        rows = isAligned(rows) ? rows : rows.clone();
        Tensor factors = scales.to(DType.BFLOAT16).contiguous();
        Tensor product =
                (Tensor) Objects.requireNonNull(TrustedOperators.results(Kernel.OPERATOR, rows, weight, factors)[0]);
        long[] shape = x.shape();
        shape[shape.length - 1] = product.size(1);
        return product.to(x.dtype()).view(shape);
    }

    private static boolean isAligned(Tensor tensor) {
        return tensor.dataPtr() % KERNEL_ALIGNMENT == 0;
    }

    private Tensor converted(Tensor x) {
        try (TensorScope scope = new TensorScope()) { // a weight at a time, rather than those of the whole model
            Tensor wide = weight.to(DType.FLOAT32).to(x.dtype()); // the engine is slow to convert to bfloat16 at once
            return scope.keep(F.linear(x, wide, null).mul(scales.to(x.dtype())));
        }
    }

    /** Returns the weight that it computes with, (out_features, in_features). */
    public Tensor dequantized() {
        return weight.to(DType.FLOAT32).mul(scales.to(DType.FLOAT32).unsqueeze(1));
    }

    /** Does nothing: a weight of 8 bits is not drawn. */
    @Override
    public void resetParameters() {}

    private static final class Kernel {
        static final Operator OPERATOR = TrustedOperators.find("aten::_weight_int8pack_mm", "");
    }
}
