package org.jtorch;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/**
 * Values out of a tensor, into Java's arrays and buffers. They come in row-major order whatever the strides, from
 * whatever device, out of any graph, and converted as {@link Tensor#to(DType)} converts: real numbers to integers are
 * cut towards zero, and wide integers to narrow ones keep their low bits.
 *
 * <p>Complex values are refused (take {@code real()}, {@code imag()} or {@code viewAsReal()}), as are sparse layouts
 * and tensors without values, all with a {@link TorchException}; more elements than an array can hold with an
 * {@link IllegalArgumentException}.
 */
public sealed interface HostOps permits Tensor {

    /** The values as float32. */
    default float[] toFloatArray() {
        return HostArrays.toFloatArray((Tensor) this);
    }

    /** The values as float64. */
    default double[] toDoubleArray() {
        return HostArrays.toDoubleArray((Tensor) this);
    }

    /** The values as int64. */
    default long[] toLongArray() {
        return HostArrays.toLongArray((Tensor) this);
    }

    /** The values as int32. */
    default int[] toIntArray() {
        return HostArrays.toIntArray((Tensor) this);
    }

    /** The values as int16. */
    default short[] toShortArray() {
        return HostArrays.toShortArray((Tensor) this);
    }

    /** The values as int8; those of a uint8 tensor bit for bit ({@code b & 0xff} is the value). */
    default byte[] toByteArray() {
        return HostArrays.toByteArray((Tensor) this);
    }

    /** Whether each value is not zero. */
    default boolean[] toBooleanArray() {
        return HostArrays.toBooleanArray((Tensor) this);
    }

    /**
     * Puts the values into {@code target} as float32; its position moves after them.
     *
     * @throws IllegalArgumentException if it has too little room
     */
    default void copyTo(FloatBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * Puts the values into {@code target} as float64; its position moves after them.
     *
     * @throws IllegalArgumentException if it has too little room
     */
    default void copyTo(DoubleBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * Puts the values into {@code target} as int64; its position moves after them.
     *
     * @throws IllegalArgumentException if it has too little room
     */
    default void copyTo(LongBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * Puts the values into {@code target} as int32; its position moves after them.
     *
     * @throws IllegalArgumentException if it has too little room
     */
    default void copyTo(IntBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * Puts the values into {@code target} as int16; its position moves after them.
     *
     * @throws IllegalArgumentException if it has too little room
     */
    default void copyTo(ShortBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * Puts the elements' own bytes into {@code target}, whatever the dtype, each element in the buffer's byte order;
     * its position moves after them.
     *
     * @throws IllegalArgumentException if it has too little room
     */
    default void copyTo(ByteBuffer target) {
        HostBuffers.copyTo((Tensor) this, target);
    }

    /**
     * The memory of a dense row-major tensor of the CPU, not copied: a direct buffer in native order, through
     * which the values can be read and written. The memory lives as long as the buffer or a slice of it is reachable,
     * also when the tensor was closed before. From now on the tensor's storage cannot be resized: an operation that would do so
     * throws. Autograd does not see what is written.
     *
     * @throws TorchException if the tensor lies otherwise or elsewhere: {@code contiguous()}, {@code cpu()}
     * @throws IllegalArgumentException if it has 2 GiB or more: see {@link #byteBuffer(long, int)}
     */
    default ByteBuffer byteBuffer() {
        return HostBuffers.byteBuffer((Tensor) this);
    }

    /**
     * As {@link #byteBuffer()}, a piece of the memory; for tensors of 2 GiB and more.
     *
     * @param offsetBytes where the piece starts
     * @param length its bytes
     * @throws IndexOutOfBoundsException if it is not inside of the tensor's bytes
     */
    default ByteBuffer byteBuffer(long offsetBytes, int length) {
        return HostBuffers.byteBuffer((Tensor) this, offsetBytes, length);
    }

    /**
     * The address of the first element, in the device's memory; 0 where there is none. Tells tensors that share memory.
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
     * A typed strided view into this dense uint8 vector; the memory is shared. Where {@code byteOffset} is not a
     * multiple of the element's size in the storage, the elements looked at are copied instead.
     *
     * @param dtype the view's
     * @param byteOffset where its first element starts
     * @param shape the view's
     * @param strides in elements, not negative
     * @throws IllegalArgumentException if this is no such vector, or shape and strides do not fit together
     * @throws IndexOutOfBoundsException if the view would reach outside of it
     */
    default Tensor viewBytes(DType dtype, long byteOffset, long[] shape, long[] strides) {
        return ByteViews.viewBytes((Tensor) this, dtype, byteOffset, shape, strides);
    }

    /** {@link #viewBytes(DType, long, long[], long[])} with row-major strides. */
    default Tensor viewBytes(DType dtype, long byteOffset, long... shape) {
        return ByteViews.viewBytes((Tensor) this, dtype, byteOffset, shape);
    }

    /**
     * All bytes of the storage that this tensor looks into, a uint8 vector over the same memory (PyTorch's
     * {@code untyped_storage()}). Tensors share a storage where the {@link #dataPtr} of this are the same.
     */
    default Tensor untypedStorage() {
        return ByteViews.storageBytes((Tensor) this);
    }
}
