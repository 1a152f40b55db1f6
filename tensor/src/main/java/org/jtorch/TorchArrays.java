package org.jtorch;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The static methods of {@link Torch} that create tensors from Java's arrays, buffers and files.
 *
 * <p>The dtype follows the Java type: float32 for {@code float}, float64 for {@code double}, int64 for {@code long}, int32
 * for {@code int}, int16 for {@code short}, int8 for {@code byte} and bool for {@code boolean}. A single number follows
 * PyTorch's rule for Python numbers: float32 for a floating-point number, int64 for an integer.
 *
 * <p>Java and Kotlin call these methods on {@code Torch}; Scala, which does not see inherited static methods, calls them on
 * this class.
 */
public abstract sealed class TorchArrays extends TorchOps permits Torch {

    TorchArrays() {}

    // --- single values -----------------------------------------------------------------------------------------

    /** Returns a float32 tensor without dimensions, as Python's {@code torch.tensor(3.5)}. */
    public static Tensor tensor(double value) {
        return HostArrays.tensor(value, TensorOptions.DEFAULT);
    }

    /** Returns an int64 tensor without dimensions, as Python's {@code torch.tensor(3)}. */
    public static Tensor tensor(long value) {
        return HostArrays.tensor(value, TensorOptions.DEFAULT);
    }

    /** Returns a bool tensor without dimensions. */
    public static Tensor tensor(boolean value) {
        return HostArrays.tensor(value, TensorOptions.DEFAULT);
    }

    /** Returns a float32 tensor without dimensions, for any kind of number. */
    public static Tensor scalarTensor(Number value) {
        return HostArrays.tensor(value, TensorOptions.of(DType.FLOAT32));
    }

    /** Returns a tensor without dimensions; float32 unless {@code options} have a dtype. */
    public static Tensor scalarTensor(Number value, TensorOptions options) {
        return HostArrays.tensor(value, options.dtype() == null ? options.dtype(DType.FLOAT32) : options);
    }

    // --- flat arrays --------------------------------------------------------------------------------------------

    /** Returns a float32 vector with a copy of the array's values. */
    public static Tensor tensor(float[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * Returns a float32 tensor with a copy of the array's values in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(float[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** Returns a float64 vector with a copy of the array's values. */
    public static Tensor tensor(double[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * Returns a float64 tensor with a copy of the array's values in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(double[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** Returns an int64 vector with a copy of the array's values. */
    public static Tensor tensor(long[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * Returns an int64 tensor with a copy of the array's values in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(long[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** Returns an int32 vector with a copy of the array's values. */
    public static Tensor tensor(int[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * Returns an int32 tensor with a copy of the array's values in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(int[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** Returns an int16 vector with a copy of the array's values. */
    public static Tensor tensor(short[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * Returns an int16 tensor with a copy of the array's values in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(short[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** Returns an int8 vector with a copy of the array's values. */
    public static Tensor tensor(byte[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * Returns an int8 tensor with a copy of the array's values in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(byte[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    /** Returns a bool vector with a copy of the array's values. */
    public static Tensor tensor(boolean[] values) {
        return HostArrays.tensor(values, new long[] {values.length}, TensorOptions.DEFAULT);
    }

    /**
     * Returns a bool tensor with a copy of the array's values in row-major order.
     *
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(boolean[] values, long... shape) {
        return HostArrays.tensor(values, shape, TensorOptions.DEFAULT);
    }

    // --- any of them -------------------------------------------------------------------------------------------

    /**
     * Returns a tensor with a copy of the values of a nested array of primitives, such as {@code float[][]} or {@code
     * long[][][]}.
     *
     * @param nested an array with one level for each dimension; if an outer length is 0, the inner ones are 0
     * @throws IllegalArgumentException if its rows differ in length (the message names the index), or its elements are
     *     neither numbers nor booleans
     */
    public static Tensor tensor(Object[] nested) {
        return HostArrays.tensor(nested, TensorOptions.DEFAULT);
    }

    /**
     * Returns a tensor with a copy of the values of {@code data} in a dtype.
     *
     * @param data a number, a boolean, a flat array or a nested one
     * @param dtype the dtype of the result; values are converted as by {@link Tensor#to(DType)}
     * @throws IllegalArgumentException if {@code data} is none of these, or its rows differ in length
     */
    public static Tensor tensor(Object data, DType dtype) {
        return HostArrays.tensor(data, TensorOptions.of(dtype));
    }

    /**
     * Returns a tensor with a copy of the values of {@code data}.
     *
     * @param data a number, a boolean, a flat array or a nested one
     * @param options the dtype, the device, and whether the tensor requires grad; the dtype follows {@code data} if it is
     *     not set
     * @throws IllegalArgumentException if {@code data} is none of these, or its rows differ in length
     */
    public static Tensor tensor(Object data, TensorOptions options) {
        return HostArrays.tensor(data, options);
    }

    /**
     * Returns a tensor with a copy of the values of a flat array in row-major order.
     *
     * @param values a flat array of numbers or booleans
     * @param shape the shape of the tensor
     * @param options the dtype, the device, and whether the tensor requires grad; the dtype follows the array if it is not
     *     set
     * @throws IllegalArgumentException if {@code shape} has another number of elements than the array
     */
    public static Tensor tensor(Object values, long[] shape, TensorOptions options) {
        return HostArrays.tensor(values, shape, options);
    }

    // --- buffers and files -------------------------------------------------------------------------------------

    /**
     * Returns a tensor with a copy of the next elements of a buffer, and advances the buffer's position.
     *
     * @param source read in its byte order, which in Java is big-endian unless it is set; tensors in files are nearly
     *     always {@link java.nio.ByteOrder#LITTLE_ENDIAN}
     * @param dtype the type of the elements
     * @param shape the shape of the tensor
     * @throws IllegalArgumentException if the buffer has too few bytes left
     */
    public static Tensor fromBuffer(ByteBuffer source, DType dtype, long... shape) {
        return HostBuffers.fromBuffer(source, dtype, shape);
    }

    /**
     * Returns a uint8 vector over the bytes of a file. They are read from the disk when they are accessed, so the file may
     * be larger than the memory. Writing to the tensor changes private copies of the pages, and never the file. {@link
     * Tensor#viewBytes} returns typed tensors over parts of it.
     *
     * @param path a file of the default file system, which must not shrink while the tensor is in use
     * @throws UncheckedIOException if the file does not exist or cannot be mapped
     */
    public static Tensor mapFile(Path path) {
        return ByteViews.mapFile(path);
    }

    /**
     * Returns a uint8 vector over the first bytes of a file, as {@link #mapFile(Path)}.
     *
     * @param path a file of the default file system, which must not shrink while the tensor is in use
     * @param size the number of bytes, at most the size of the file
     * @throws UncheckedIOException if the file does not exist or cannot be mapped
     * @throws IllegalArgumentException if the file is shorter than {@code size}
     */
    public static Tensor mapFile(Path path, long size) {
        return ByteViews.mapFile(path, size);
    }
}
