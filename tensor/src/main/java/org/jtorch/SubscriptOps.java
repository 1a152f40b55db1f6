package org.jtorch;

/**
 * Python's subscripts: {@code x[…]} and {@code x[…] = value}. Integers, slices, {@code ...} and {@code None} return views;
 * tensors return copies. Errors are {@link TorchException}s with PyTorch's messages.
 */
public sealed interface SubscriptOps permits Tensor {

    /**
     * Returns Python's {@code x[indices]}.
     *
     * @param indices see {@link TensorIndex}; the result has all indices of dimensions for which none is given
     * @return a view of this tensor, or a copy if one of the indices is a tensor or a boolean
     * @throws TorchException if an index is out of bounds, or there are too many
     */
    default Tensor index(TensorIndex... indices) {
        return Subscripts.get((Tensor) this, indices);
    }

    /**
     * Assigns Python's {@code x[indices] = value}.
     *
     * @param value broadcast, and converted to this dtype
     * @param indices see {@link TensorIndex}
     * @return this tensor
     * @throws TorchException if {@code value} does not broadcast to the shape that the indices select
     */
    default Tensor indexPut_(Tensor value, TensorIndex... indices) {
        return Subscripts.put((Tensor) this, value, false, indices);
    }

    /**
     * Assigns Python's {@code x[indices] = value}.
     *
     * @param value a number of this dtype
     * @param indices see {@link TensorIndex}
     * @return this tensor
     */
    default Tensor indexPut_(Number value, TensorIndex... indices) {
        return Subscripts.put((Tensor) this, value, false, indices);
    }

    /**
     * Assigns Python's {@code x[indices] = value} or, if {@code accumulate} is true, adds as {@code +=} ({@code
     * index_put_(…, accumulate=True)}). An element that the indices select twice is added to twice.
     *
     * @param accumulate whether the values are added to the existing ones
     */
    default Tensor indexPut_(Tensor value, boolean accumulate, TensorIndex... indices) {
        return Subscripts.put((Tensor) this, value, accumulate, indices);
    }

    /**
     * Assigns Python's {@code x[indices] = value} or, if {@code accumulate} is true, adds as {@code +=}. An element that
     * the indices select twice is added to twice.
     *
     * @param accumulate whether the value is added to the existing ones
     */
    default Tensor indexPut_(Number value, boolean accumulate, TensorIndex... indices) {
        return Subscripts.put((Tensor) this, value, accumulate, indices);
    }

    /** Returns a copy to which {@link #indexPut_(Tensor, boolean, TensorIndex...)} was applied. */
    default Tensor indexPut(Tensor value, boolean accumulate, TensorIndex... indices) {
        return Subscripts.put(((Tensor) this).clone(), value, accumulate, indices);
    }

    /** Returns a copy to which {@link #indexPut_(Tensor, TensorIndex...)} was applied. */
    default Tensor indexPut(Tensor value, TensorIndex... indices) {
        return Subscripts.put(((Tensor) this).clone(), value, false, indices);
    }

    /** Returns a copy to which {@link #indexPut_(Number, TensorIndex...)} was applied. */
    default Tensor indexPut(Number value, TensorIndex... indices) {
        return Subscripts.put(((Tensor) this).clone(), value, false, indices);
    }
}
