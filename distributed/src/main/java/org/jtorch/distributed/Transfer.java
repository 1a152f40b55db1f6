package org.jtorch.distributed;

import java.util.EnumSet;
import java.util.Set;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.internal.Versions;

/**
 * A tensor in the form in which the engine sends it: contiguous, and of a dtype that it can combine. The form shares the memory of the
 * tensor if it can.
 */
final class Transfer {

    private static final Set<DType> COMBINED = EnumSet.of(
            DType.FLOAT32,
            DType.FLOAT64,
            DType.FLOAT16,
            DType.BFLOAT16,
            DType.INT8,
            DType.UINT8,
            DType.INT32,
            DType.INT64);

    private final Tensor tensor;
    private final Tensor sent;
    private final boolean copied;

    private Transfer(Tensor tensor, Tensor sent, boolean copied) {
        this.tensor = tensor;
        this.sent = sent;
        this.copied = copied;
    }

    /**
     * Returns this, for operations that write into the tensor.
     *
     * @throws IllegalArgumentException if elements of the tensor share memory
     */
    Transfer written() {
        long[] shape = tensor.shape();
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] > 1 && tensor.stride(i) == 0) {
                throw new IllegalArgumentException(
                        "the elements of dimension " + i + " of the tensor of shape " + tensor.size()
                                + " share memory, as expand() makes them, so that they cannot be written: call contiguous() first");
            }
        }
        return this;
    }

    /** Returns the values as bytes, for operations that only move them. */
    static Transfer ofBytes(Tensor tensor) {
        return of(tensor, contiguous -> contiguous.view(-1).view(DType.UINT8));
    }

    /**
     * Returns the values as numbers, for operations that combine them.
     *
     * @throws IllegalArgumentException if values of this dtype cannot be combined by {@code op}
     */
    static Transfer ofNumbers(Tensor tensor, ReduceOp op) {
        DType dtype = tensor.dtype();
        if (dtype.isComplex()) {
            if (op != ReduceOp.SUM && op != ReduceOp.AVG) {
                throw new IllegalArgumentException("complex values can be combined by SUM or AVG only, not by " + op);
            }
            return of(tensor, Tensor::viewAsReal);
        }
        if (dtype == DType.BOOL) {
            throw new IllegalArgumentException(
                    "booleans cannot be combined by " + op + ": convert them with to(DType.UINT8) first");
        }
        if (!COMBINED.contains(dtype)) {
            throw new IllegalArgumentException("values of " + dtype
                    + " cannot be combined between processes: convert them to one of " + COMBINED + " first");
        }
        if (op == ReduceOp.AVG && !dtype.isFloatingPoint()) {
            throw new IllegalArgumentException(
                    "the mean needs floating-point values, not " + dtype + ": use SUM, or convert them first");
        }
        return of(tensor, contiguous -> contiguous);
    }

    private static Transfer of(Tensor tensor, java.util.function.UnaryOperator<Tensor> form) {
        if (tensor.layout() != Layout.STRIDED) {
            throw new IllegalArgumentException("only dense tensors can be sent to other processes, not "
                    + tensor.layout() + ": call toDense() first");
        }
        if (!tensor.device().equals(Device.CPU)) {
            throw new IllegalArgumentException("tensors of " + tensor.device()
                    + " cannot be sent to other processes by Gloo: move them with to(Device.CPU) first");
        }
        Tensor data = tensor.detach();
        boolean isMarked = data.isConj() || data.isNeg(); // its memory has other values than it
        boolean copied = isMarked || !data.isContiguous();
        Tensor values = isMarked ? Torch.emptyLike(data).copy_(data) : data;
        // a scope may end before the operation does
        Tensor sent = form.apply(copied ? values.contiguous() : values).unscoped();
        return new Transfer(tensor, sent, copied);
    }

    /** Returns what is sent. */
    Tensor sent() {
        return sent;
    }

    /** Returns whether there is anything to send. All processes have tensors of the same size, so that they agree. */
    boolean isEmpty() {
        return sent.numel() == 0;
    }

    /** Ends an operation that has changed the values. */
    void received() {
        if (copied) {
            Tensor data = tensor.detach();
            data.copy_(sent.dtype() == data.dtype() ? sent.view(data.shape()) : restored(data));
        }
        if (!tensor.isInference()) { // such a tensor has no version
            Versions.bump(tensor);
        }
    }

    private Tensor restored(Tensor data) {
        return data.dtype().isComplex() && sent.dtype() != DType.UINT8
                ? sent.viewAsComplex()
                : sent.view(data.dtype()).view(data.shape());
    }
}
