package org.jtorch.serialize.internal.read;

import java.util.List;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.internal.stored.StoredTensor;

/** Creates sparse tensors from their parts, which {@link SparseIndices} has checked. */
public final class SparseTensors {

    private SparseTensors() {}

    static Tensor make(StoredTensor info, List<Tensor> parts) {
        Tensor first = parts.get(0);
        long[] shape = info.shape();
        if (info.layout() == Layout.SPARSE_COO) {
            return Torch.sparseCooTensor(first, parts.get(1), shape, info.coalesced());
        }
        Tensor plain = parts.get(1);
        Tensor values = parts.get(2);
        return switch (info.layout()) {
            case SPARSE_CSR -> Torch.sparseCsrTensor(first, plain, values, shape);
            case SPARSE_CSC -> Torch.sparseCscTensor(first, plain, values, shape);
            case SPARSE_BSR -> Torch.sparseBsrTensor(first, plain, values, shape);
            default -> Torch.sparseBscTensor(first, plain, values, shape);
        };
    }
}
