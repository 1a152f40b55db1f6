package org.jtorch;

import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.autograd.Autograd;
import org.jtorch.internal.Kernels;

/**
 * {@code x W^T + b} by the fastest of the engine's kernels. {@code aten::linear} goes to OpenBLAS, whose threads are its own and
 * must first take their cores from libtorch's, which wait there for more work after each parallel op. oneDNN, which libtorch
 * brings for its convolutions, runs on libtorch's threads.
 *
 * <p>The map is a convolution of 1 by 1: forward and backward take four fifths of the time of a linear map's. oneDNN brings a
 * convolution's kernels into its own layout first. So with few rows, where the weight is most of what is read and nothing is
 * recorded, the operands change places, {@code (W x^T)^T}, and the smaller is the kernels.
 */
final class InnerProduct {

    /** Below this, a product takes about as long as oneDNN's preparations. */
    private static final long LEAST_WEIGHT = 1L << 14;

    /** Above this, the copy of the weight in oneDNN's layout is memory that a caller did not expect to need. */
    private static final long MOST_WEIGHT = 1L << 26;

    /** Rows below which the weight is read once for little work: memory bounds that, not the kernel. */
    private static final long LEAST_ROWS = 16;

    /** Multiplications below which OpenBLAS is done before oneDNN has begun. */
    private static final long LEAST_PRODUCTS = 1L << 22;

    /** Rows are many where this many times the elements of input and output are at least the weight's. */
    private static final long MANY = 3;

    /** Above this, the backward is as fast by OpenBLAS. */
    private static final long MOST_RECORDED_WEIGHT = 1L << 20;

    private static final long[] ONE = {1, 1};
    private static final long[] NONE = {0, 0};

    private InnerProduct() {}

    /** As {@code aten::linear}. The handle is the caller's. */
    static org.bytedeco.pytorch.Tensor linear(Tensor input, Tensor weight, @Nullable Tensor bias) {
        org.bytedeco.pytorch.Tensor x = Ops.in(input);
        org.bytedeco.pytorch.Tensor w = Ops.in(weight);
        if (Kernels.wideOneDnn() && oneDnnCan(x, w, bias)) {
            long in = w.size(1);
            long out = w.size(0);
            long rows = x.numel() / in;
            boolean many = MANY * rows * (in + out) >= in * out;
            if (!records(input, weight, bias)) {
                return many ? convolution(x, w, bias) : turned(x, w, bias);
            } else if (many && in * out <= MOST_RECORDED_WEIGHT) {
                return convolution(x, w, bias);
            }
        }
        return torch.linear(x, w, Ops.optional(bias));
    }

    /** Whether oneDNN takes these, and they are enough for it to win. */
    private static boolean oneDnnCan(
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

    /** The map as a convolution. */
    static org.bytedeco.pytorch.Tensor convolution(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, @Nullable Tensor bias) {
        try (org.bytedeco.pytorch.Tensor product = product(x, w, bias)) {
            return product.reshape(shape(x, w.size(0)));
        }
    }

    /** {@code (W x^T)^T} by a convolution. Records nothing. */
    static org.bytedeco.pytorch.Tensor turned(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, @Nullable Tensor bias) {
        long out = w.size(0);
        org.bytedeco.pytorch.Tensor y = torch.empty(shape(x, out));
        try (org.bytedeco.pytorch.Tensor rows = x.view(-1, w.size(1));
                org.bytedeco.pytorch.Tensor product = product(w, rows, null);
                org.bytedeco.pytorch.Tensor values = product.t();
                org.bytedeco.pytorch.Tensor target = y.view(-1, out)) {
            if (bias == null) {
                target.copy_(values);
            } else {
                torch.add_out(target, values, bias.handle());
            }
        }
        return y;
    }

    /** {@code a b^T + bias}: a's rows are the pixels of one image that lies channels last, b's the kernels. */
    private static org.bytedeco.pytorch.Tensor product(
            org.bytedeco.pytorch.Tensor a, org.bytedeco.pytorch.Tensor b, @Nullable Tensor bias) {
        long depth = b.size(1);
        try (org.bytedeco.pytorch.Tensor pixels = a.view(1, -1, 1, depth);
                org.bytedeco.pytorch.Tensor image = pixels.permute(0, 3, 1, 2);
                org.bytedeco.pytorch.Tensor kernels = b.view(-1, depth, 1, 1);
                org.bytedeco.pytorch.Tensor result =
                        torch.conv2d(image, kernels, Ops.optional(bias), ONE, NONE, ONE, 1);
                org.bytedeco.pytorch.Tensor channelsLast = result.permute(0, 2, 3, 1)) {
            return channelsLast.reshape(-1, b.size(0));
        }
    }

    /** That of {@code x}, with another last size. */
    private static long[] shape(org.bytedeco.pytorch.Tensor x, long last) {
        long[] shape = new long[(int) x.dim()];
        for (int i = 0; i < shape.length - 1; i++) {
            shape[i] = x.size(i);
        }
        shape[shape.length - 1] = last;
        return shape;
    }
}
