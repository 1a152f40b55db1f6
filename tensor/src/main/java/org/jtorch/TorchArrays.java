package org.jtorch;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The statics of {@link Torch} that bring Java's arrays, buffers and files into tensors.
 *
 * <p>The dtype follows the Java type: {@code float} gives float32, {@code double} float64, {@code long} int64, {@code
 * int} int32, {@code short} int16, {@code byte} int8 and {@code boolean} bool. A single number follows PyTorch's rule
 * for Python numbers: float32 for a real one, int64 for an integer.
 *
 * <p>In Java and Kotlin call them as those of {@code Torch}; Scala, which does not see inherited statics, as those of this class.
 */
public abstract sealed class TorchArrays extends TorchOps permits Torch {

    TorchArrays() {}

    // --- single values -----------------------------------------------------------------------------------------

    /** A float32 tensor with no dimensions, as Python's {@code torch.tensor(3.5)}. */
    public static Tensor tensor(double value) {
        return HostArrays.tensor(value, TensorOptions.DEFAULT);
    }

    /** An int64 tensor with no dimensions, as Python's {@code torch.tensor(3)}. */
    public static Tensor tensor(long value) {
        return HostArrays.tensor(value, TensorOptions.DEFAULT);
    }

    /** A bool tensor with no dimensions. */
    public static Tensor tensor(boolean value) {
        return HostArrays.tensor(value, TensorOptions.DEFAULT);
    }

    /** A float32 tensor with no dimensions, whatever kind of number {@code value} is. */
    public static Tensor scalarTensor(Number value) {
        return HostArrays.tensor(value, TensorOptions.of(DType.FLOAT32));
    }

    /** A tensor with no dimensions; float32 where {@code options} name no dtype. */
    public static Tensor scalarTensor(Number value, TensorOptions options) {
        return HostArrays.tensor(value, options.dtype() == null ? options.dtype(DType.FLOAT32) : options);
    }

    // --- flat arrays --------------------------------------------------------------------------------------------

    /** A float32 vector with the array's values, copied. */
    public static Tensor tensor(float[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * A float32 tensor with the array's values, copied in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(float[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** A float64 vector with the array's values, copied. */
    public static Tensor tensor(double[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * A float64 tensor with the array's values, copied in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(double[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** A int64 vector with the array's values, copied. */
    public static Tensor tensor(long[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * A int64 tensor with the array's values, copied in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(long[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** A int32 vector with the array's values, copied. */
    public static Tensor tensor(int[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * A int32 tensor with the array's values, copied in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(int[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** A int16 vector with the array's values, copied. */
    public static Tensor tensor(short[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * A int16 tensor with the array's values, copied in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(short[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** A int8 vector with the array's values, copied. */
    public static Tensor tensor(byte[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * A int8 tensor with the array's values, copied in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(byte[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** A bool vector with the array's values, copied. */
    public static Tensor tensor(boolean[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * A bool tensor with the array's values, copied in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(boolean[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    // --- any of them -------------------------------------------------------------------------------------------

    /**
     * A tensor with the values of a nested array of primitives, {@code float[][]}, {@code long[][][]}, …, copied.
     *
     * @param nested one dimension for each depth; where an outer length is 0, so are those inside of it
     * @throws IllegalArgumentException if its rows differ in length (the message names the place), or its elements
     *     are neither numbers nor booleans
     */
    public static Tensor tensor(Object[] nested) {
        return HostArrays.tensor(nested, TensorOptions.DEFAULT);
    }

    /**
     * A tensor with the values of {@code data}, copied, in a dtype.
     *
     * @param data a number, a boolean, a flat array or a nested one
     * @param dtype the result's; values are converted as {@link Tensor#to(DType)} does
     * @throws IllegalArgumentException if {@code data} is none of these, or ragged
     */
    public static Tensor tensor(Object data, DType dtype) {
        return HostArrays.tensor(data, TensorOptions.of(dtype));
    }

    /**
     * A tensor with the values of {@code data}, copied.
     *
     * @param data a number, a boolean, a flat array or a nested one
     * @param options dtype, device, and whether it requires grad; the dtype follows {@code data} where they name none
     * @throws IllegalArgumentException if {@code data} is none of these, or ragged
     */
    public static Tensor tensor(Object data, TensorOptions options) {
        return HostArrays.tensor(data, options);
    }

    /**
     * A tensor with the values of a flat array, copied in row-major order.
     *
     * @param values a flat array of numbers or booleans
     * @param shape its shape
     * @param options dtype, device, and whether it requires grad; the dtype follows the array where they name none
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(Object values, long[] shape, TensorOptions options) {
        return HostArrays.tensor(values, shape, options);
    }

    // --- buffers and files -------------------------------------------------------------------------------------

    /**
     * A tensor with the next elements of a buffer, copied; the buffer's position moves after them.
     *
     * @param source read in its own byte order, which in Java is big-endian unless set: files of tensors are nearly
     *     always {@link java.nio.ByteOrder#LITTLE_ENDIAN}
     * @param dtype the elements' type
     * @param shape the result's
     * @throws IllegalArgumentException if the buffer has too few bytes left
     */
    public static Tensor fromBuffer(ByteBuffer source, DType dtype, long... shape) {
        return HostBuffers.fromBuffer(source, dtype, shape);
    }

    /**
     * A uint8 vector over a file's bytes, which are read from the disk when they are touched; the file may be greater
     * than the memory. Writing to the tensor changes private copies of the pages it touches, and never the file. {@link
     * Tensor#viewBytes} takes typed tensors out of it.
     *
     * @param path a file of the default file system, which must not shrink while the tensor is in use
     * @throws UncheckedIOException if there is no such file
     */
    public static Tensor mapFile(Path path) {
        return ByteViews.mapFile(path);
    }

    /**
     * As {@link #mapFile(Path)}, of a file's first bytes.
     *
     * @param path a file of the default file system, which must not shrink while the tensor is in use
     * @param size how many bytes, not more than it has
     * @throws UncheckedIOException if there is no such file
     * @throws IllegalArgumentException if it is shorter than {@code size}
     */
    public static Tensor mapFile(Path path, long size) {
        return ByteViews.mapFile(path, size);
    }
}
