package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Checks whether the elements of a tensor are within bounds. */
final class Within {

    private Within() {}

    /** Returns whether each element is a number from {@code least} to {@code greatest}. NaN is not. */
    static boolean all(Tensor tensor, long least, long greatest) {
        try (Scalar low = new Scalar(least);
                Scalar high = new Scalar(greatest);
                Tensor notLess = torch.ge(tensor, low);
                Tensor notGreater = torch.le(tensor, high);
                Tensor both = torch.logical_and(notLess, notGreater);
                Tensor all = both.all()) {
            return all.item_bool();
        }
    }
}
