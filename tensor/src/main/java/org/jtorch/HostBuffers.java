package org.jtorch;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Storage;
import org.jtorch.internal.engine.Modes;

/** Copies between NIO buffers and tensors, and creates buffers over a tensor's own memory. */
final class HostBuffers {

    /**
     * The number of bytes copied at a time: a multiple of every element's size, and within the range of a ByteBuffer's int.
     */
    private static final int PIECE = 1 << 30;

    /** Frees what a buffer kept alive after the buffer has become unreachable. */
    static final Cleaner CLEANER = Cleaner.create();

    private HostBuffers() {}

    // --- from tensors -- ----------------------------------------------------------------------------------------

    /** Receives the next piece of the values. */
    private interface Sink {
        void take(ByteBuffer piece);
    }

    static void copyTo(Tensor tensor, FloatBuffer target) {
        copyTo(tensor, DType.FLOAT32, target.remaining(), piece -> target.put(piece.asFloatBuffer()));
    }

    static void copyTo(Tensor tensor, DoubleBuffer target) {
        copyTo(tensor, DType.FLOAT64, target.remaining(), piece -> target.put(piece.asDoubleBuffer()));
    }

    static void copyTo(Tensor tensor, LongBuffer target) {
        copyTo(tensor, DType.INT64, target.remaining(), piece -> target.put(piece.asLongBuffer()));
    }

    static void copyTo(Tensor tensor, IntBuffer target) {
        copyTo(tensor, DType.INT32, target.remaining(), piece -> target.put(piece.asIntBuffer()));
    }

    static void copyTo(Tensor tensor, ShortBuffer target) {
        copyTo(tensor, DType.INT16, target.remaining(), piece -> target.put(piece.asShortBuffer()));
    }

    /** Copies the bytes of the elements. The order of the bytes of one element is the buffer's. */
    static void copyTo(Tensor tensor, ByteBuffer target) {
        DType dtype = tensor.dtype();
        copyTo(tensor, dtype, target.remaining() / dtype.itemSize(), piece -> putInOrder(piece, target, dtype));
    }

    private static void copyTo(Tensor tensor, DType dtype, long room, Sink sink) {
        if (tensor.numel() > room) {
            throw new IllegalArgumentException("the buffer has room for " + room + " elements of " + dtype
                    + ", but the tensor has " + tensor.numel());
        }
        try (HostView view = HostView.of(tensor, dtype)) {
            for (long at = 0; at < view.bytes(); at += PIECE) {
                sink.take(view.slice(at, (int) Math.min(PIECE, view.bytes() - at)));
            }
        }
    }

    // --- to tensors --------------------------------------------------------------------------------------------

    static Tensor fromBuffer(ByteBuffer source, DType dtype, long[] shape) {
        long numel = Shapes.numel(shape);
        long bytes = numel * dtype.itemSize();
        if (bytes > source.remaining()) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " of " + dtype + " takes " + bytes
                    + " bytes, but the buffer has " + source.remaining() + " left");
        }
        return HostArrays.build(shape, dtype, TensorOptions.DEFAULT, handle -> {
            if (bytes > 0) {
                ByteBuffer piece = source.duplicate().order(source.order());
                piece.limit(piece.position() + (int) bytes);
                putInOrder(piece, HostView.slice(handle.data_ptr(), 0, (int) bytes), dtype);
                source.position(source.position() + (int) bytes);
            }
        });
    }

    /** Copies whole elements. If the byte orders differ, the bytes of each element are reversed. */
    private static void putInOrder(ByteBuffer source, ByteBuffer target, DType dtype) {
        int unit = dtype.isComplex() ? dtype.itemSize() / 2 : dtype.itemSize();
        if (unit == 1 || source.order() == target.order()) {
            target.put(source);
            return;
        }
        int bytes = source.remaining();
        switch (unit) {
            case 2 -> target.asShortBuffer().put(source.asShortBuffer());
            case 4 -> target.asIntBuffer().put(source.asIntBuffer());
            case 8 -> target.asLongBuffer().put(source.asLongBuffer());
            default -> throw new IllegalArgumentException("elements of " + unit + " bytes cannot be reversed");
        }
        target.position(target.position() + bytes);
    }

    // --- a tensor's own memory ---------------------------------------------------------------------------------

    /** Prevents operations from moving the bytes of {@code storage}: resizing it throws from now on. */
    static void pin(Storage storage) {
        try (var impl = storage.unsafeGetStorageImpl()) {
            impl.set_resizable(false);
        }
    }

    /**
     * Returns a buffer over a piece of memory. The buffer keeps {@code holder}, and with it the memory, until the buffer
     * and all its slices are unreachable. The memory must not move: see {@link #pin}.
     */
    static ByteBuffer keeping(Pointer holder, Pointer start, long offset, int length) {
        ByteBuffer buffer = HostView.slice(start, offset, length);
        CLEANER.register(buffer, holder::close);
        return buffer;
    }

    static ByteBuffer byteBuffer(Tensor tensor) {
        checkRowMajor(tensor);
        long bytes = tensor.nbytes();
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a ByteBuffer cannot span the " + bytes
                    + " bytes of this tensor; read it in pieces with byteBuffer(offsetBytes, length)");
        }
        return byteBuffer(tensor, 0, (int) bytes);
    }

    static ByteBuffer byteBuffer(Tensor tensor, long offset, int length) {
        Ops.tapRead(tensor);
        checkRowMajor(tensor);
        org.bytedeco.pytorch.Tensor handle = tensor.handle();
        long bytes = handle.nbytes();
        if (offset < 0 || length < 0 || offset > bytes - length) {
            throw new IndexOutOfBoundsException(
                    length + " bytes at " + offset + " are outside of the tensor's " + bytes + " bytes");
        }
        try {
            if (length == 0) {
                return ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());
            }
            Modes.apply();
            org.bytedeco.pytorch.Tensor alias = handle.detach();
            try (Storage storage = alias.storage()) {
                pin(storage);
            }
            return keeping(alias, alias.data_ptr(), offset, length);
        } catch (RuntimeException e) {
            throw Ops.failure("data_ptr", e);
        }
    }

    private static void checkRowMajor(Tensor tensor) {
        org.bytedeco.pytorch.Tensor handle = tensor.handle();
        boolean strided = tensor.layout() == Layout.STRIDED && !handle.is_nested();
        if (!strided || !handle.is_cpu() || !handle.is_contiguous() || handle.is_conj() || handle.is_neg()) {
            throw new TorchException(
                    "only the memory of a dense row-major tensor on the CPU can be read in place; this one has"
                            + " layout " + tensor.layout()
                            + (strided ? ", strides " + Arrays.toString(tensor.strides()) : "")
                            + " and is on " + tensor.device() + ": call cpu() and contiguous() first");
        }
    }
}
