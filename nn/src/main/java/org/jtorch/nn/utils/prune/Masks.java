package org.jtorch.nn.utils.prune;

import java.util.Arrays;
import org.jtorch.Tensor;
import org.jtorch.TensorIndex;
import org.jtorch.Torch;
import org.jtorch.internal.text.PythonText;

/** Operations on masks that several methods use. */
final class Masks {

    private Masks() {}

    /** Sets entries to zero, given their positions in the flattened mask. */
    static void zeroAt(Tensor mask, Tensor places) {
        mask.view(-1).indexPut_(0, TensorIndex.tensor(places));
    }

    /**
     * Returns a mask that is one in some channels, given as indices or as truth values, and zero in the others and where
     * {@code defaultMask} is zero.
     */
    static Tensor ofChannels(Tensor t, long dim, Tensor channels, Tensor defaultMask) {
        TensorIndex[] slice = new TensorIndex[t.dim()];
        Arrays.fill(slice, TensorIndex.slice());
        slice[(int) (dim < 0 ? dim + t.dim() : dim)] = TensorIndex.tensor(channels);
        Tensor mask = Torch.zerosLike(t).indexPut_(1, slice);
        return mask.mul(defaultMask.to(mask.dtype()));
    }

    /** Returns the number of channels along {@code dim}. */
    static long channels(Tensor t, long dim) {
        int dims = t.dim();
        String size = PythonText.size(t.shape());
        if (dims <= 1) {
            throw new IllegalArgumentException("Structured pruning can only be applied to multidimensional tensors. "
                    + "Found tensor of shape " + size + " with " + dims + " dims");
        }
        if (dim >= dims || dim < -dims) {
            throw new IndexOutOfBoundsException("Invalid index " + dim + " for tensor of size " + size);
        }
        return t.size(dim);
    }
}
