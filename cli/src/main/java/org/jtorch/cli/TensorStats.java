package org.jtorch.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;

/**
 * What a tensor's elements are like.
 *
 * @param min of the finite ones; null where there is none, or they have no order
 * @param max of the finite ones
 * @param mean of the finite ones
 * @param nan how many are NaN
 * @param inf how many are infinite
 */
record TensorStats(
        @Nullable Double min,
        @Nullable Double max,
        @Nullable Double mean,
        long nan,
        long inf) {

    /** Elements that are looked at in one go. */
    private static final long PIECE = 1 << 22;

    static TensorStats of(Tensor tensor) {
        if (tensor.isComplex()) {
            TensorStats parts = of(Torch.viewAsReal(tensor.resolveConj()));
            return new TensorStats(null, null, null, parts.nan, parts.inf);
        }
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        long finite = 0;
        long nan = 0;
        long inf = 0;
        try (TensorScope all = new TensorScope()) {
            Tensor flat = tensor.detach().reshape(-1);
            for (long at = 0; at < flat.numel(); at += PIECE) {
                try (TensorScope scope = new TensorScope()) {
                    Tensor piece = flat.narrow(0, at, Math.min(PIECE, flat.numel() - at))
                            .to(DType.FLOAT64);
                    Tensor isFinite = piece.isfinite();
                    long here = isFinite.sum().itemLong();
                    long nanHere = piece.isnan().sum().itemLong();
                    nan += nanHere;
                    inf += piece.numel() - here - nanHere;
                    finite += here;
                    if (here > 0) {
                        min = Math.min(
                                min,
                                Torch.where(isFinite, piece, Double.POSITIVE_INFINITY)
                                        .min()
                                        .item());
                        max = Math.max(
                                max,
                                Torch.where(isFinite, piece, Double.NEGATIVE_INFINITY)
                                        .max()
                                        .item());
                        sum += Torch.where(isFinite, piece, 0.0).sum().item();
                    }
                }
            }
        }
        return finite == 0
                ? new TensorStats(null, null, null, nan, inf)
                : new TensorStats(min, max, sum / finite, nan, inf);
    }

    /** A number in few characters. */
    static String text(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4g", value);
    }
}
