package org.jtorch;

import java.util.List;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;
import org.jtorch.internal.Kernels;

/**
 * {@code x W^T + b} by the faster of the engine's two kernels. {@code aten::linear} goes to OpenBLAS; oneDNN, which libtorch
 * brings for its convolutions, has an inner product too, and where its vectors are wider than OpenBLAS's it takes half the
 * time of a large product. It first brings the weight into its own layout, so it wins only with rows enough to share that.
 */
final class InnerProduct {

    /** Below this, a product takes about as long as oneDNN's preparations. */
    private static final long LEAST_WEIGHT = 1L << 15;

    /** Above this, the copy of the weight in oneDNN's layout is memory that a caller did not expect to need. */
    private static final long MOST_WEIGHT = 1L << 26;

    /** Multiplications below which OpenBLAS is done before oneDNN has begun. */
    private static final long LEAST_PRODUCTS = 1L << 24;

    private InnerProduct() {}

    /** As {@code aten::linear}. The handle is the caller's. */
    static org.bytedeco.pytorch.Tensor linear(Tensor input, Tensor weight, @Nullable Tensor bias) {
        org.bytedeco.pytorch.Tensor x = Ops.in(input);
        org.bytedeco.pytorch.Tensor w = Ops.in(weight);
        if (!oneDnnWins(x, w, bias)) {
            return torch.linear(x, w, Ops.optional(bias));
        }
        return oneDnn(input, weight, bias, Kernels.oneDnnBeatsBlas());
    }

    /** By oneDNN, whatever it takes; its gradients by oneDNN too where {@code backwardToo}. */
    static org.bytedeco.pytorch.Tensor oneDnn(Tensor input, Tensor weight, @Nullable Tensor bias, boolean backwardToo) {
        if (!records(input, weight, bias)) {
            return forward(Ops.in(input), Ops.in(weight), bias);
        }
        Recorded product = new Recorded(bias != null, backwardToo);
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
        long elements = x.numel();
        long in = w.size(1);
        long rows = elements / in;
        return rows >= Kernels.oneDnnRows()
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
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, @Nullable Tensor bias) {
        try (org.bytedeco.pytorch.Tensor blocked = x.to_mkldnn();
                org.bytedeco.pytorch.Tensor product = torch.mkldnn_linear(blocked, w, Ops.optional(bias))) {
            return product.to_dense();
        }
    }

    /** The recorded form: libtorch's own derivative of oneDNN's product cannot be differentiated again. */
    private static final class Recorded extends Function {

        private final boolean biased;
        private final boolean backwardToo;

        Recorded(boolean biased, boolean backwardToo) {
            this.biased = biased;
            this.backwardToo = backwardToo;
        }

        @Override
        protected String name() {
            return "linear";
        }

        @Override
        protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
            ctx.saveForBackward(inputs.get(0), inputs.get(1));
            Tensor bias = biased ? inputs.get(2) : null;
            return List.of(Ops.own(
                    InnerProduct.forward(inputs.get(0).handle(), inputs.get(1).handle(), bias)));
        }

        @Override
        protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
            Tensor x = ctx.savedTensors().get(0);
            Tensor w = ctx.savedTensors().get(1);
            long in = w.size(1);
            long out = w.size(0);
            Tensor grad = gradOutputs.get(0).reshape(-1, out);
            boolean oneDnn = backwardToo && !Autograd.isGradEnabled();
            try (org.bytedeco.pytorch.Tensor blocked = oneDnn ? blocked(grad) : null) {
                Tensor gradX = null;
                if (ctx.needsInputGrad(0)) {
                    Tensor flat = blocked == null ? grad.mm(w) : gradInput(x, w, blocked);
                    gradX = flat.view(x.shape());
                }
                Tensor gradW = null;
                if (ctx.needsInputGrad(1)) {
                    Tensor rows = x.reshape(-1, in);
                    gradW = blocked == null ? grad.t().mm(rows) : gradWeight(rows, w, blocked);
                }
                if (!biased) {
                    return gradients(gradX, gradW);
                }
                return gradients(gradX, gradW, ctx.needsInputGrad(2) ? grad.sum(0) : null);
            }
        }

        private static org.bytedeco.pytorch.Tensor blocked(Tensor grad) {
            return grad.contiguous().handle().to_mkldnn();
        }

        private static Tensor gradInput(Tensor x, Tensor w, org.bytedeco.pytorch.Tensor grad) {
            long[] shape = {x.numel() / w.size(1), w.size(1)};
            try (org.bytedeco.pytorch.Tensor product = torch.mkldnn_linear_backward_input(shape, grad, w.handle())) {
                return Ops.own(product.to_dense());
            }
        }

        private static Tensor gradWeight(Tensor x, Tensor w, org.bytedeco.pytorch.Tensor grad) {
            try (org.bytedeco.pytorch.Tensor blocked = x.handle().to_mkldnn();
                    T_TensorTensor_T both = torch.mkldnn_linear_backward_weights(grad, blocked, w.handle(), false)) {
                // the pair lends what is in it
                return Ops.own(new org.bytedeco.pytorch.Tensor(both.get0()));
            }
        }
    }
}
