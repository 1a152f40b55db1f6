package org.jtorch;

/**
 * Python's brackets: {@code x[…]} and {@code x[…] = value}. Integers, slices, {@code ...} and {@code None} give views;
 * tensors give copies. Errors are {@link TorchException}s with PyTorch's texts.
 */
public sealed interface SubscriptOps permits Tensor {

    /**
     * Python's {@code x[indices]}.
     *
     * @param indices see {@link TensorIndex}; dimensions that none of them takes are whole
     * @return a view of this tensor, or a copy where one of the indices is a tensor or a truth value
     * @throws TorchException if an index is outside of its dimension, or there are too many
     */
    default Tensor index(TensorIndex... indices) {
        return Subscripts.get((Tensor) this, indices);
    }

    /**
     * Python's {@code x[indices] = value}.
     *
     * @param value broadcast, and converted to this dtype
     * @param indices see {@link TensorIndex}
     * @return this tensor
     * @throws TorchException if {@code value} does not broadcast to what the indices name
     */
    default Tensor indexPut_(Tensor value, TensorIndex... indices) {
        return Subscripts.put((Tensor) this, value, false, indices);
    }

    /**
     * Python's {@code x[indices] = value}.
     *
     * @param value a number of this dtype
     * @param indices see {@link TensorIndex}
     * @return this tensor
     */
    default Tensor indexPut_(Number value, TensorIndex... indices) {
        return Subscripts.put((Tensor) this, value, false, indices);
    }

    /**
     * Python's {@code x[indices] = value}, or {@code +=} where places that are named twice count twice
     * ({@code index_put_(…, accumulate=True)}).
     *
     * @param accumulate whether the values are added to what is there
     */
    default Tensor indexPut_(Tensor value, boolean accumulate, TensorIndex... indices) {
        return Subscripts.put((Tensor) this, value, accumulate, indices);
    }

    /**
     * Python's {@code x[indices] = value}, or {@code +=} where places that are named twice count twice.
     *
     * @param accumulate whether the value is added to what is there
     */
    default Tensor indexPut_(Number value, boolean accumulate, TensorIndex... indices) {
        return Subscripts.put((Tensor) this, value, accumulate, indices);
    }

    /** A copy with {@link #indexPut_(Tensor, boolean, TensorIndex...)} done to it. */
    default Tensor indexPut(Tensor value, boolean accumulate, TensorIndex... indices) {
        return Subscripts.put(((Tensor) this).clone(), value, accumulate, indices);
    }

    /** A copy with {@link #indexPut_(Tensor, TensorIndex...)} done to it. */
    default Tensor indexPut(Tensor value, TensorIndex... indices) {
        return Subscripts.put(((Tensor) this).clone(), value, false, indices);
    }

    /** A copy with {@link #indexPut_(Number, TensorIndex...)} done to it. */
    default Tensor indexPut(Number value, TensorIndex... indices) {
        return Subscripts.put(((Tensor) this).clone(), value, false, indices);
    }
}
