package org.jtorch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Modes;

/**
 * A tensor's values as dense row-major memory on the CPU, in a dtype. This is the tensor's own memory if it has that form,
 * and otherwise a copy that lives until {@link #close}. Autograd and recorders do not see it.
 */
final class HostView implements AutoCloseable {

    private final org.bytedeco.pytorch.Tensor dense;
    private final boolean owned;
    private final @Nullable Pointer pointer;
    private final long bytes;

    private HostView(org.bytedeco.pytorch.Tensor dense, boolean owned) {
        this.dense = dense;
        this.owned = owned;
        this.bytes = dense.nbytes();
        this.pointer = bytes == 0 ? null : dense.const_data_ptr();
    }

    static HostView of(Tensor tensor, DType dtype) {
        Ops.tapRead(tensor);
        org.bytedeco.pytorch.Tensor handle = tensor.handle();
        if (tensor.layout() != Layout.STRIDED) {
            throw new TorchException("the values of a tensor of layout " + tensor.layout()
                    + " have no row-major order: call toDense() first");
        }
        if (handle.is_meta()) {
            throw new TorchException("a meta tensor has a shape but no values");
        }
        if (handle.is_quantized()) {
            throw new TorchException("the values of a quantized tensor cannot be read: call dequantize() first");
        }
        if (handle.is_complex() && !dtype.isComplex() && dtype != DType.BOOL) {
            throw new TorchException(
                    "complex values do not fit into " + dtype + ": take real() or imag(), or viewAsReal()");
        }
        Modes.apply();
        try {
            if (handle.is_cpu()
                    && handle.scalar_type().value == dtype.scalarType.value
                    && handle.is_contiguous()
                    && !handle.is_conj()
                    && !handle.is_neg()) {
                return new HostView(handle, false);
            }
            try (var cpu = Device.CPU.handle();
                    var detached = handle.detach();
                    var unconjugated = detached.resolve_conj();
                    var plain = unconjugated.resolve_neg();
                    var here = plain.to(cpu, dtype.scalarType)) {
                return new HostView(here.contiguous(), true);
            }
        } catch (RuntimeException e) {
            throw Ops.failure("to", e);
        }
    }

    /** Returns the address of the first value. Must not be called if there are no values. */
    Pointer pointer() {
        Pointer current = pointer;
        if (current == null) {
            throw new IllegalStateException("an empty tensor has no memory");
        }
        return current;
    }

    /** Returns the number of bytes. */
    long bytes() {
        return bytes;
    }

    /** Returns a piece of the bytes in native order, valid while this view and its tensor are open. */
    ByteBuffer slice(long offset, int length) {
        return slice(pointer, offset, length);
    }

    static ByteBuffer slice(@Nullable Pointer pointer, long offset, int length) {
        if (pointer == null || length == 0) {
            return ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());
        }
        // not by the pointer's position, which becomes an int position of the buffer
        try (BytePointer bytes = new BytePointer(pointer).getPointer(offset)) {
            return bytes.limit(length).asByteBuffer();
        }
    }

    @Override
    public void close() {
        if (owned) {
            dense.close();
        }
    }
}
