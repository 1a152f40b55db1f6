package org.jtorch.serialize.internal.file;

import java.io.IOException;
import org.jtorch.DType;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.LentBytes;
import org.jtorch.serialize.internal.zip.ByteSink;

/** Writes a tensor's elements dense and row-major, in pieces, so that there is never a complete copy. */
public final class DensePieces {

    /** The greatest number of bytes of a piece. */
    private static final long PIECE = 1L << 24;

    private DensePieces() {}

    /**
     * Writes {@code tensor}.
     *
     * @param dtype the dtype to which it is converted
     * @param written called after each piece
     */
    public static void write(Tensor tensor, DType dtype, ByteSink sink, Runnable written) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            split(tensor.detach(), dtype, sink, written);
        }
    }

    private static void split(Tensor tensor, DType dtype, ByteSink sink, Runnable written) throws IOException {
        long bytes = tensor.numel() * Math.max(dtype.itemSize(), tensor.dtype().itemSize());
        if (bytes <= PIECE) {
            piece(tensor, dtype, sink);
            written.run();
            return;
        }
        long first = tensor.size(0);
        long rows = Math.max(1, PIECE / (bytes / first));
        for (long row = 0; row < first; row += rows) {
            try (TensorScope scope = new TensorScope()) {
                boolean single = rows == 1 && tensor.dim() > 1;
                split(
                        single ? tensor.select(0, row) : tensor.narrow(0, row, Math.min(rows, first - row)),
                        dtype,
                        sink,
                        written);
            }
        }
    }

    private static void piece(Tensor tensor, DType dtype, ByteSink sink) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            Tensor near = tensor.to(dtype).resolveConj();
            Tensor dense = (near.isNeg() ? resolved(near) : near).contiguous();
            try (UntypedStorage storage = UntypedStorage.of(dense)) {
                long length = dense.numel() * dtype.itemSize();
                sink.write(LentBytes.of(storage, dense.storageOffset() * dtype.itemSize(), (int) length));
            }
        }
    }

    private static Tensor resolved(Tensor negative) {
        return (Tensor) Operator.find("aten::resolve_neg", "").call(negative).get(0);
    }
}
