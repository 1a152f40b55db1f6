package org.jtorch.models.swin;

import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/** The distances between the S pixels of a window. */
final class RelativePositions {

    private RelativePositions() {}

    /** Returns for each pair of pixels the number of their distance, (S * S), int64. */
    static Tensor index(long[] window) {
        int height = Math.toIntExact(window[0]);
        int width = Math.toIntExact(window[1]);
        int size = height * width;
        long[] index = new long[size * size];
        for (int from = 0; from < size; from++) {
            for (int to = 0; to < size; to++) {
                int down = from / width - to / width + height - 1;
                int right = from % width - to % width + width - 1;
                index[from * size + to] = (long) down * (2 * width - 1) + right;
            }
        }
        return Torch.tensor(index);
    }

    /** Returns all distances on a scale of logarithms, (1, 2 height - 1, 2 width - 1, 2), float32. */
    static Tensor table(long[] window) {
        List<Tensor> axes = Torch.meshgrid(List.of(axis(window[0]), axis(window[1])), "ij");
        Tensor table = Torch.stack(axes).permute(1, 2, 0).contiguous().unsqueeze(0);
        return table.sign().mul(table.abs().add(1).log2()).div(3);
    }

    private static Tensor axis(long size) {
        return Torch.arange(1 - size, size, 1, TensorOptions.of(DType.FLOAT32))
                .div(size - 1)
                .mul(8);
    }

    /**
     * Returns what is added to the scores of each pair of pixels, (1, heads, S, S).
     *
     * @param values a value for each distance, (distances, heads)
     * @param index the distance of each pair, (S * S)
     * @param pixels the number S of pixels
     */
    static Tensor bias(Tensor values, Tensor index, long pixels) {
        return values.indexSelect(0, index)
                .view(pixels, pixels, -1)
                .permute(2, 0, 1)
                .contiguous()
                .unsqueeze(0);
    }
}
