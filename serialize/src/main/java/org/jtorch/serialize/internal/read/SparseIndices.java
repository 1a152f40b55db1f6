package org.jtorch.serialize.internal.read;

import java.util.List;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.stored.StoredTensor;

/**
 * Checks that the indices of a sparse tensor are within its shape and fit its values. The engine does not check them, and
 * would read and write outside of its memory.
 */
public final class SparseIndices {

    private final long[] shape;
    private final long[] values;

    private SparseIndices(StoredTensor info) {
        this.shape = info.shape();
        this.values = info.parts().get(info.parts().size() - 1).shape();
    }

    /**
     * Checks the indices.
     *
     * @param indices all parts except the values, on the CPU
     */
    static void check(StoredTensor info, List<Tensor> indices) {
        SparseIndices check = new SparseIndices(info);
        if (info.layout() == Layout.SPARSE_COO) {
            check.coordinates(indices.get(0), info.coalesced());
        } else {
            check.compressed(info.layout(), indices.get(0), indices.get(1));
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new CheckpointException("a sparse tensor is damaged: " + what);
        }
    }

    private static long[] longs(Tensor tensor) {
        try (TensorScope scope = new TensorScope()) {
            return tensor.to(DType.INT64).contiguous().toLongArray();
        }
    }

    /** Checks that the sizes of the values from {@code from} on are the last sizes of the shape. */
    private void checkDense(int from, int sparse) {
        require(values.length - from == shape.length - sparse, "its values have another number of dimensions");
        for (int i = sparse; i < shape.length; i++) {
            require(values[from + i - sparse] == shape[i], "its values are of another shape");
        }
    }

    private void coordinates(Tensor indices, boolean coalesced) {
        require(indices.shape().length == 2 && values.length > 0, "its indices are not a matrix");
        int rows = (int) Math.min(indices.size(0), shape.length + 1);
        require(rows <= shape.length, "it has more indices than dimensions");
        require(indices.size(1) == values[0], "it does not have as many values as indices");
        checkDense(1, rows);
        int count = (int) Math.min(values[0], Integer.MAX_VALUE);
        long[] all = longs(indices);
        for (int i = 0; i < all.length; i++) {
            require(all[i] >= 0 && all[i] < shape[i / count], "an index is outside of its shape");
        }
        for (int i = 1; coalesced && i < count; i++) {
            int order = 0;
            for (int row = 0; order == 0 && row < rows; row++) {
                order = Long.compare(all[row * count + i - 1], all[row * count + i]);
            }
            require(order < 0, "its indices are not in order, although the file says so");
        }
    }

    private void compressed(Layout layout, Tensor compressedIndices, Tensor plainIndices) {
        boolean blocks = layout == Layout.SPARSE_BSR || layout == Layout.SPARSE_BSC;
        boolean rows = layout == Layout.SPARSE_CSR || layout == Layout.SPARSE_BSR;
        require(
                shape.length >= 2 && compressedIndices.shape().length == 1 && plainIndices.shape().length == 1,
                "its indices are not vectors (batches are not read)");
        require(
                values.length >= (blocks ? 3 : 1) && plainIndices.size(0) == values[0],
                "it does not have as many values as indices");
        checkDense(blocks ? 3 : 1, 2);
        long[] counts = {shape[0], shape[1]};
        for (int i = 0; blocks && i < 2; i++) {
            require(values[1 + i] > 0 && shape[i] % values[1 + i] == 0, "its blocks do not fill its shape");
            counts[i] /= values[1 + i];
        }
        long lines = rows ? counts[0] : counts[1];
        long width = rows ? counts[1] : counts[0];
        require(compressedIndices.size(0) - 1 == lines, "its compressed indices do not fit its shape");
        long[] starts = longs(compressedIndices);
        long[] plain = longs(plainIndices);
        require(
                starts[0] == 0 && starts[starts.length - 1] == plain.length,
                "its compressed indices are wrong at an end");
        for (int line = 1; line < starts.length; line++) {
            require(
                    starts[line] >= starts[line - 1] && starts[line] <= plain.length,
                    "its compressed indices decrease");
            for (int i = (int) starts[line - 1]; i < starts[line]; i++) {
                require(plain[i] >= 0 && plain[i] < width, "an index is outside of its shape");
                require(i == starts[line - 1] || plain[i] > plain[i - 1], "its indices are not in order");
            }
        }
    }
}
