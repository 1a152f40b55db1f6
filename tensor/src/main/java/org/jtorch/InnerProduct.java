package org.jtorch;

import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;
import org.jtorch.internal.Kernels;

/**
 * {@code x W^T + b} by the faster of the engine's two kernels. {@code aten::linear} goes to OpenBLAS, whose threads are its
 * own and must first take their cores from libtorch's, which wait there for more work after each parallel op. oneDNN, which
 * libtorch brings for its convolutions, has an inner product too; it runs on libtorch's threads and takes a half to nine
 * tenths of the time of a large product.
 *
 * <p>oneDNN first brings its second operand into its own layout, slowly where that lies row by row as a weight does. So with
 * few rows the operands change places: {@code (W x^T)^T}, where {@code x} is the smaller.
 */
final class InnerProduct {

    /** Below this, a product takes about as long as oneDNN's preparations. */
    private static final long LEAST_WEIGHT = 1L << 15;

    /** Above this, the copy of the weight in oneDNN's layout is memory that a caller did not expect to need. */
    private static final long MOST_WEIGHT = 1L << 26;

    /** Rows below which the weight is read once for little work: memory bounds that, not the kernel. */
    private static final long LEAST_ROWS = 16;

    /** Multiplications below which OpenBLAS is done before oneDNN has begun. */
    private static final long LEAST_PRODUCTS = 1L << 22;

    private InnerProduct() {}

    /** As {@code aten::linear}. The handle is the caller's. */
    static org.bytedeco.pytorch.Tensor linear(Tensor input, Tensor weight, @Nullable Tensor bias) {
        org.bytedeco.pytorch.Tensor x = Ops.in(input);
        org.bytedeco.pytorch.Tensor w = Ops.in(weight);
        if (!Kernels.wideOneDnn() || !oneDnnWins(x, w, bias)) {
            return torch.linear(x, w, Ops.optional(bias));
        }
        return oneDnn(input, weight, bias);
    }

    /** By oneDNN, whatever it takes. */
    static org.bytedeco.pytorch.Tensor oneDnn(Tensor input, Tensor weight, @Nullable Tensor bias) {
        if (!records(input, weight, bias)) {
            return forward(Ops.in(input), Ops.in(weight), bias == null ? null : Ops.in(bias));
        }
        Recorded product = new Recorded(bias != null);
        try (Tensor result = bias == null ? product.apply(input, weight) : product.apply(input, weight, bias)) {
            return new org.bytedeco.pytorch.Tensor(result.handle());
        }
    }

    private static boolean oneDnnWins(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, @Nullable Tensor bias) {
        long weights = w.numel();
        if (weights < LEAST_WEIGHT || weights > MOST_WEIGHT || w.dim() != 2) {
            return false;
        }
        long in = w.size(1);
        long rows = x.numel() / in;
        return rows >= LEAST_ROWS
                && rows * weights >= LEAST_PRODUCTS
                && x.dim() >= 2
                && x.size(-1) == in
                && plain(x)
                && plain(w)
                && (bias == null || (bias.dim() == 1 && bias.size(0) == w.size(0) && plain(bias.handle())))
                && !torch.is_autocast_enabled(torch.DeviceType.CPU);
    }

    /** Whether oneDNN reads the tensor as it lies in memory. */
    private static boolean plain(org.bytedeco.pytorch.Tensor tensor) {
        return tensor.scalar_type().value == torch.ScalarType.Float.value
                && tensor.layout().value == torch.Layout.Strided.value
                && tensor.is_cpu()
                && tensor.is_contiguous();
    }

    private static boolean records(Tensor input, Tensor weight, @Nullable Tensor bias) {
        return Autograd.isGradEnabled()
                && (input.requiresGrad() || weight.requiresGrad() || (bias != null && bias.requiresGrad()));
    }

    private static org.bytedeco.pytorch.Tensor forward(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, org.bytedeco.pytorch.@Nullable Tensor bias) {
        long in = w.size(1);
        long out = w.size(0);
        long rows = x.numel() / in;
        if (rows * (in + out) >= in * out) {
            return product(x, w, bias);
        }
        long[] shape = shape(x);
        shape[shape.length - 1] = out;
        org.bytedeco.pytorch.Tensor y = torch.empty(shape);
        try (org.bytedeco.pytorch.Tensor flat = x.view(rows, in);
                org.bytedeco.pytorch.Tensor turned = product(w, flat, null);
                org.bytedeco.pytorch.Tensor values = turned.t();
                org.bytedeco.pytorch.Tensor target = y.view(rows, out)) {
            if (bias == null) {
                target.copy_(values);
            } else {
                torch.add_out(target, values, bias);
            }
        }
        return y;
    }

    private static long[] shape(org.bytedeco.pytorch.Tensor tensor) {
        long[] shape = new long[(int) tensor.dim()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    /** {@code a b^T + bias}, {@code (…, k)} and {@code (n, k)} to {@code (…, n)}. */
    private static org.bytedeco.pytorch.Tensor product(
            org.bytedeco.pytorch.Tensor a, org.bytedeco.pytorch.Tensor b, org.bytedeco.pytorch.@Nullable Tensor bias) {
        return OneDnn.PRODUCT.handles(a, b, bias, "none", List.of(), "").get(0);
    }

    /** Found when first asked for: not every engine has it. */
    private static final class OneDnn {
        static final Operator PRODUCT = Operator.find("mkldnn::_linear_pointwise", "");
    }

    /** The recorded form: oneDNN's product has no derivative in libtorch. */
    private static final class Recorded extends Function {

        private final boolean biased;

        Recorded(boolean biased) {
            this.biased = biased;
        }

        @Override
        protected String name() {
            return "linear";
        }

        @Override
        protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
            ctx.saveForBackward(inputs.get(0), inputs.get(1));
            return List.of(Ops.own(InnerProduct.forward(
                    inputs.get(0).handle(),
                    inputs.get(1).handle(),
                    biased ? inputs.get(2).handle() : null)));
        }

        @Override
        protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
            Tensor x = ctx.savedTensors().get(0);
            Tensor w = ctx.savedTensors().get(1);
            Tensor grad = gradOutputs.get(0).reshape(-1, w.size(0));
            Tensor gradX = ctx.needsInputGrad(0) ? multiply(grad, w.t()).view(x.shape()) : null;
            Tensor gradW = ctx.needsInputGrad(1)
                    ? multiply(grad.t(), x.reshape(-1, w.size(1)).t())
                    : null;
            if (!biased) {
                return gradients(gradX, gradW);
            }
            return gradients(gradX, gradW, ctx.needsInputGrad(2) ? grad.sum(0) : null);
        }

        /** {@code a b^T}; by differentiable ops where a further derivative may be asked for. */
        private static Tensor multiply(Tensor a, Tensor b) {
            if (Autograd.isGradEnabled()) {
                return a.mm(b.t());
            }
            return Ops.own(product(Ops.in(a.contiguous()), Ops.in(b), null));
        }
    }
}
