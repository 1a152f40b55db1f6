package org.jtorch;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/**
 * Copies the values of a tensor to Java's arrays and buffers. The values are in row-major order regardless of the strides
 * and the device, and are converted as {@link Tensor#to(DType)} converts them: real numbers become integers by truncation
 * towards zero, and integers become narrower ones by keeping the low bits. Autograd does not record this.
 *
 * <p>These methods throw a {@link TorchException} for complex values (use {@code real()}, {@code imag()} or {@code
 * viewAsReal()}), for sparse layouts, and for tensors without values. They throw an {@link IllegalArgumentException} if
 * there are more elements than an array can hold.
 */
public sealed interface HostOps permits Tensor {

    /** Returns the values as float32. */
    default float[] toFloatArray() {
        return HostArrays.toFloatArray((Tensor) this);
    }

    /** Returns the values as float64. */
    default double[] toDoubleArray() {
        return HostArrays.toDoubleArray((Tensor) this);
    }

    /** Returns the values as int64. */
    default long[] toLongArray() {
        return HostArrays.toLongArray((Tensor) this);
    }

    /** Returns the values as int32. */
    default int[] toIntArray() {
        return HostArrays.toIntArray((Tensor) this);
    }

    /** Returns the values as int16. */
    default short[] toShortArray() {
        return HostArrays.toShortArray((Tensor) this);
    }

    /** Returns the values as int8. The bits of a uint8 tensor are kept ({@code b & 0xff} is the value). */
    default byte[] toByteArray() {
        return HostArrays.toByteArray((Tensor) this);
    }

    /** Returns for each value whether it is not zero. */
    default boolean[] toBooleanArray() {
        return HostArrays.toBooleanArray((Tensor) this);
    }

    /**
     * Copies the values to {@code target} as float32, and advances its position.
     *
     * @throws IllegalArgumentException if the buffer does not have enough room
     */
    default void copyTo(FloatBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * Copies the values to {@code target} as float64, and advances its position.
     *
     * @throws IllegalArgumentException if the buffer does not have enough room
     */
    default void copyTo(DoubleBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * Copies the values to {@code target} as int64, and advances its position.
     *
     * @throws IllegalArgumentException if the buffer does not have enough room
     */
    default void copyTo(LongBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * Copies the values to {@code target} as int32, and advances its position.
     *
     * @throws IllegalArgumentException if the buffer does not have enough room
     */
    default void copyTo(IntBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * Copies the values to {@code target} as int16, and advances its position.
     *
     * @throws IllegalArgumentException if the buffer does not have enough room
     */
    default void copyTo(ShortBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * Copies the bytes of the elements to {@code target}, for any dtype. Each element is written in the buffer's byte
     * order. The buffer's position is advanced.
     *
     * @throws IllegalArgumentException if the buffer does not have enough room
     */
    default void copyTo(ByteBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * Returns a direct buffer, in native order, over the memory of a dense row-major tensor on the CPU. The values can be
     * read and written through it; autograd does not see what is written. The memory lives as long as the buffer or a slice
     * of it is reachable, even if the tensor was closed before. From now on the tensor's storage cannot be resized: an
     * operation that would do so throws.
     *
     * @throws TorchException if the tensor is not dense and row-major, or not on the CPU: call {@code contiguous()} or
     *     {@code cpu()} first
     * @throws IllegalArgumentException if the tensor has 2 GiB or more: see {@link #byteBuffer(long, int)}
     */
    default ByteBuffer byteBuffer() {
        return HostBuffers.byteBuffer((Tensor) this);
    }

    /**
     * Returns a buffer over a piece of the memory, as {@link #byteBuffer()}. For tensors of 2 GiB and more.
     *
     * @param offsetBytes the offset of the piece
     * @param length the number of bytes
     * @throws IndexOutOfBoundsException if the piece is not within the tensor's bytes
     */
    default ByteBuffer byteBuffer(long offsetBytes, int length) {
        return HostBuffers.byteBuffer((Tensor) this, offsetBytes, length);
    }

    /**
     * Returns the address of the first element in the device's memory, or 0 if there is none. Tensors with the same address
     * share memory.
     */
    default long dataPtr() {
        try {
            var pointer = ((Tensor) this).handle().const_data_ptr();
            return pointer == null ? 0 : pointer.address();
        } catch (RuntimeException e) {
            throw Ops.failure("data_ptr", e);
        }
    }

    /**
     * Returns a typed strided view of this dense uint8 vector, which shares its memory. If {@code byteOffset} is not a
     * multiple of the size of an element in the storage, the elements are copied instead.
     *
     * @param dtype the dtype of the view
     * @param byteOffset the offset of the first element
     * @param shape the shape of the view
     * @param strides the strides of the view in elements, not negative
     * @throws IllegalArgumentException if this tensor is not such a vector, or the shape and the strides do not fit
     *     together
     * @throws IndexOutOfBoundsException if the view is not within this tensor
     */
    default Tensor viewBytes(DType dtype, long byteOffset, long[] shape, long[] strides) {
        return ByteViews.viewBytes((Tensor) this, dtype, byteOffset, shape, strides);
    }

    /** Returns a typed view as {@link #viewBytes(DType, long, long[], long[])} with row-major strides. */
    default Tensor viewBytes(DType dtype, long byteOffset, long... shape) {
        return ByteViews.viewBytes((Tensor) this, dtype, byteOffset, shape);
    }

    /**
     * Returns all bytes of this tensor's storage as a uint8 vector over the same memory (PyTorch's {@code
     * untyped_storage()}). Two tensors share a storage if the results have the same {@link #dataPtr}.
     */
    default Tensor untypedStorage() {
        return ByteViews.storageBytes((Tensor) this);
    }
}
