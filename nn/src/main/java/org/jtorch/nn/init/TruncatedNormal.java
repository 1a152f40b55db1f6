package org.jtorch.nn.init;

import java.lang.System.Logger;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;

/**
 * The implementation of {@link Init#truncNormal_(Tensor, double, double, double, double, Generator)}, which draws until all
 * values are within the bounds.
 */
final class TruncatedNormal {

    /**
     * The number of widths of the density beyond which an interval is narrowed. PyTorch draws from all of it, however long that
     * takes.
     */
    private static final double WIDE = 1e4;

    /** The number of widths of the density on each side of its peak beyond which no value is ever accepted. */
    private static final double REACH = 40;

    private TruncatedNormal() {}

    static Tensor fill(Tensor tensor, double mean, double std, double a, double b, @Nullable Generator generator) {
        if (Init.isMeta(tensor)) {
            return tensor;
        }
        if (mean < a - 2 * std || mean > b + 2 * std) {
            Init.LOG.log(
                    Logger.Level.WARNING,
                    "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
                            + "The distribution of values may be incorrect.");
        }
        if (std == 0) {
            throw new IllegalArgumentException("division by zero: std is 0; use Init.constant_");
        }
        if (std < 0) {
            throw new IllegalArgumentException("std is " + std + ", but must be positive");
        }
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            double inside = cdf((b - mean) / std) - cdf((a - mean) / std);
            if (inside > 0.3) {
                redraw(tensor, mean, std, a, b, generator);
            } else {
                acceptUniform(tensor, mean, std, a, b, generator);
            }
            return tensor;
        }
    }

    /** Returns the cumulative distribution function of the standard normal distribution. */
    private static double cdf(double x) {
        Tensor argument = Torch.full(new long[0], x / Math.sqrt(2.0), TensorOptions.of(DType.FLOAT64));
        return (1.0 + argument.erf().item()) / 2.0;
    }

    /** Draws from the normal distribution until all values are within the bounds. */
    private static void redraw(
            Tensor tensor, double mean, double std, double a, double b, @Nullable Generator generator) {
        // The bounds are rounded to the tensor's dtype, so that a value equal to one counts as within.
        double low = tensor.newFull(new long[0], a).item();
        double high = tensor.newFull(new long[0], b).item();
        tensor.normal_(mean, std, generator);
        Tensor outside = tensor.lt(low).logicalOr(tensor.gt(high));
        while (isAnyTrue(outside)) {
            Tensor again = Torch.emptyLike(tensor).normal_(mean, std, generator);
            tensor.copy_(again.where(outside, tensor));
            outside = tensor.lt(low).logicalOr(tensor.gt(high));
        }
    }

    /** Draws candidates uniformly, and accepts each in proportion to its density relative to the peak. */
    private static void acceptUniform(
            Tensor tensor, double mean, double std, double a, double b, @Nullable Generator generator) {
        double peak = Math.max(a, Math.min(mean, b));
        double logPeak = -0.5 * Math.pow((peak - mean) / std, 2);
        // Nearly all of the density is close to its peak. In a wide interval, most other candidates would be rejected.
        double width = 2.5 * std / Math.max(1, Math.abs(peak - mean) / std);
        boolean wide = b - a > WIDE * width;
        double from = wide ? Math.max(a, peak - REACH * width) : a;
        double to = wide ? Math.min(b, peak + REACH * width) : b;
        Tensor candidates = Torch.emptyLike(tensor);
        Tensor acceptance = Torch.emptyLike(tensor);
        Tensor pending = Torch.onesLike(tensor).to(DType.BOOL);
        do {
            candidates.uniform_(from, to, generator);
            tensor.copy_(candidates.where(pending, tensor));
            Tensor logDensity =
                    candidates.sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(logPeak);
            Tensor refused = acceptance.uniform_(0.0, 1.0, generator).log_().gt(logDensity);
            pending = pending.logicalAnd(refused);
        } while (isAnyTrue(pending));
    }

    private static boolean isAnyTrue(Tensor condition) {
        return condition.any().itemLong() != 0;
    }
}
