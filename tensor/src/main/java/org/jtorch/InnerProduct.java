package org.jtorch;

import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.autograd.Autograd;
import org.jtorch.internal.Kernels;

/**
 * {@code x W^T + b} by the fastest of the engine's kernels. {@code aten::linear} goes to OpenBLAS, whose threads are its own and
 * must first take their cores from libtorch's, which wait there for more work after each parallel op. oneDNN, which libtorch
 * brings for its convolutions, runs on libtorch's threads.
 *
 * <p>oneDNN has several ways. Its inner product takes the weight as it lies, but packs it piece by piece for every few rows of
 * input. So where the weight is most of what is read, the operands change places, {@code (W x^T)^T}, as a convolution of 1 by
 * 1, which brings its kernels, then the rows, into its own layout, and reads the weight once. The packing is slow, too, where
 * the rows of input and weight lie a multiple of 4 KiB apart and so share few sets of the cache; the convolution, turned or
 * not, then is a tenth to a fifth faster. Neither has a derivative of its own; where one is recorded, {@link RecordedLinear}
 * gives the inner product one.
 */
final class InnerProduct {

    /** Below this, a product takes about as long as oneDNN's preparations. */
    private static final long LEAST_WEIGHT = 1L << 14;

    /** Multiplications below which OpenBLAS is done before oneDNN has begun. */
    private static final long LEAST_PRODUCTS = 1L << 22;

    /** Fewer rows are few: OpenBLAS is slow to read a large weight for them. */
    private static final long FEW_ROWS = 16;

    /** With few rows, the weight from which on oneDNN is faster. */
    private static final long LEAST_WEIGHT_OF_FEW_ROWS = 1L << 18;

    /** Rows up to which the weight is read as by a product with vectors, which OpenBLAS does better than one of few rows. */
    private static final long VECTORS = 2;

    /** With those, the weight from which on oneDNN is faster. */
    private static final long LEAST_WEIGHT_OF_VECTORS = 1L << 20;

    /** With few rows, the multiplications from which on it pays to turn the map. */
    private static final long LEAST_PRODUCTS_TURNED = 1L << 24;

    /** With more rows, the weight above which it pays to turn the map, unless the rows are many. */
    private static final long LEAST_WEIGHT_TURNED = 1L << 19;

    /** Elements of 4 KiB: the rows of a multiple of them begin in the same sets of the cache. */
    private static final long ALIASED = 1L << 10;

    /** With those, the weight from which on a convolution is faster. */
    private static final long LEAST_WEIGHT_OF_ALIASED = 1L << 18;

    /** With those, the longest row of input up to which a convolution is faster. */
    private static final long MOST_IN_OF_ALIASED = 3 * ALIASED;

    /** With those, the longest row of output up to which it is. */
    private static final long MOST_OUT_OF_ALIASED = 768;

    /** With those, the rows up to which it pays to turn the map, and twice as many where the weight is large. */
    private static final long MOST_ROWS_TURNED_OF_ALIASED = 128;

    /** Rows are many where this many times the elements of input and output are at least the weight's. */
    private static final long MANY = 3;

    /** Recorded, with the two products of the backward: the weight below which OpenBLAS is always faster. */
    private static final long LEAST_RECORDED_WEIGHT = 1L << 12;

    /** The multiplications from which on oneDNN is faster then, if not alone on its thread. */
    private static final long LEAST_RECORDED_PRODUCTS = 1L << 23;

    /** The weight from which on it is faster already at a quarter of them. */
    private static final long LARGE_RECORDED_WEIGHT = 1L << 18;

    private static final long[] ONE = {1, 1};
    private static final long[] NONE = {0, 0};

    /** One of the kernels. */
    private enum Way {
        OPEN_BLAS,
        INNER_PRODUCT,
        TURNED,
        CONVOLUTION,
        RECORDED
    }

    private InnerProduct() {}

    /** As {@code aten::linear}. The handle is the caller's. */
    static org.bytedeco.pytorch.Tensor linear(Tensor input, Tensor weight, @Nullable Tensor bias) {
        org.bytedeco.pytorch.Tensor x = Ops.in(input);
        org.bytedeco.pytorch.Tensor w = Ops.in(weight);
        boolean recorded = records(input, weight, bias);
        Way way = Way.OPEN_BLAS;
        if (Kernels.wideOneDnn()
                && w.numel() >= (recorded ? LEAST_RECORDED_WEIGHT : LEAST_WEIGHT)
                && oneDnnCan(x, w, bias)) {
            long rows = x.numel() / w.size(1);
            way = recorded ? recorded(rows, w.size(1) * w.size(0)) : unrecorded(rows, w.size(1), w.size(0));
        }
        return switch (way) {
            case OPEN_BLAS -> torch.linear(x, w, Ops.optional(bias));
            case INNER_PRODUCT -> asItLies(x, w, bias);
            case TURNED -> turned(x, w, bias);
            case CONVOLUTION -> convolution(x, w, bias);
            case RECORDED -> RecordedLinear.linear(x, w, bias);
        };
    }

    private static Way recorded(long rows, long weights) {
        boolean alone = torch.get_num_threads() == 1;
        boolean large = weights >= LARGE_RECORDED_WEIGHT
                && rows >= VECTORS
                && rows * weights >= LEAST_RECORDED_PRODUCTS / 4
                && (rows <= FEW_ROWS || !alone);
        return large || (rows * weights >= LEAST_RECORDED_PRODUCTS && !alone) ? Way.RECORDED : Way.OPEN_BLAS;
    }

    private static Way unrecorded(long rows, long in, long out) {
        long weights = in * out;
        if (rows <= VECTORS) {
            return rows > 0 && weights >= LEAST_WEIGHT_OF_VECTORS ? Way.INNER_PRODUCT : Way.OPEN_BLAS;
        }
        if (rows < FEW_ROWS) {
            return rows * weights >= LEAST_PRODUCTS_TURNED
                    ? Way.TURNED
                    : weights >= LEAST_WEIGHT_OF_FEW_ROWS ? Way.INNER_PRODUCT : Way.OPEN_BLAS;
        }
        if (rows * weights < LEAST_PRODUCTS) {
            return Way.OPEN_BLAS;
        }
        if (weights > LEAST_WEIGHT_TURNED && !isMany(rows, in, out)) {
            return Way.TURNED;
        }
        if (torch.get_num_threads() == 1) {
            // alone, OpenBLAS has nobody to take its cores from, and the faster kernel
            return Way.OPEN_BLAS;
        }
        if (isAliased(in, out)) {
            long few = weights >= LEAST_WEIGHT_TURNED ? 2 * MOST_ROWS_TURNED_OF_ALIASED : MOST_ROWS_TURNED_OF_ALIASED;
            return rows <= few ? Way.TURNED : Way.CONVOLUTION;
        }
        return Way.INNER_PRODUCT;
    }

    private static boolean isAliased(long in, long out) {
        return in % ALIASED == 0
                && in * out >= LEAST_WEIGHT_OF_ALIASED
                && in <= MOST_IN_OF_ALIASED
                && out <= MOST_OUT_OF_ALIASED;
    }

    private static boolean isMany(long rows, long in, long out) {
        return MANY * rows * (in + out) >= in * out;
    }

    /** Whether oneDNN takes these. */
    private static boolean oneDnnCan(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, @Nullable Tensor bias) {
        return w.dim() == 2
                && x.dim() >= 1
                && x.size(-1) == w.size(1)
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

    /** The map as oneDNN's inner product, which takes the weight as it lies. Records nothing. */
    static org.bytedeco.pytorch.Tensor asItLies(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, @Nullable Tensor bias) {
        return OneDnn.LINEAR.handles(x, w, bias, "none", List.of(), "").get(0);
    }

    /** Looked up where it is called for: not every engine has oneDNN. */
    private static final class OneDnn {
        static final Operator LINEAR = Operator.find("mkldnn::_linear_pointwise", "");
    }

    /** {@code x W^T} by a convolution. Records nothing. */
    static org.bytedeco.pytorch.Tensor convolution(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor w, @Nullable Tensor bias) {
        try (org.bytedeco.pytorch.Tensor rows = x.view(-1, w.size(1));
                org.bytedeco.pytorch.Tensor y = product(rows, w, bias)) {
            return y.view(shape(x, w.size(0)));
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
