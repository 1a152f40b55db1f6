package org.jtorch.serialize.python;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.LentBytes;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.elements.NumpyTypes;
import org.jtorch.serialize.internal.elements.Strides;
import org.jtorch.serialize.internal.elements.Unfinished;

/** A numpy array of numbers. Its elements are little-endian and row-major, regardless of their order in the file. */
public final class NumpyArray implements PythonValue {

    private String dtype = "float64";
    private long[] shape = {0};
    private byte[] bytes = {};

    static {
        Unfinished.open(NumpyArray.class, new Unfinished.Arrays<NumpyArray>() {
            @Override
            public NumpyArray make() {
                return new NumpyArray();
            }

            @Override
            public void set(NumpyArray array, String dtype, long[] shape, byte[] bytes) {
                array.set(dtype, shape, bytes);
            }
        });
    }

    private NumpyArray() {}

    private void set(String dtype, long[] shape, byte[] bytes) {
        this.dtype = dtype;
        this.shape = shape;
        this.bytes = bytes;
    }

    /**
     * Returns an array with a copy of a tensor's elements, as {@code tensor.numpy()}.
     *
     * @throws CheckpointException if numpy does not have the type, such as {@code bfloat16}
     */
    public static NumpyArray of(Tensor tensor) {
        String dtype = NumpyTypes.name(NumpyTypes.code(tensor.dtype().torchName()));
        NumpyArray array = new NumpyArray();
        Tensor values = tensor.detach().to(Device.CPU).contiguous();
        byte[] bytes = new byte[Math.toIntExact(values.numel() * values.dtype().itemSize())];
        try (UntypedStorage storage = UntypedStorage.of(values)) {
            LentBytes.of(storage, values.storageOffset() * values.dtype().itemSize(), bytes.length)
                    .get(bytes);
        }
        array.set(String.valueOf(dtype), values.shape(), bytes);
        return array;
    }

    /** Returns numpy's name for the type of the elements, such as {@code float32}. */
    public String dtype() {
        return dtype;
    }

    /** Returns the shape in a new array. */
    public long[] shape() {
        return shape.clone();
    }

    /** Returns the bytes of the elements in a new array. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns a tensor with a copy of the elements. */
    public Tensor toTensor() {
        DType type = DType.of(dtype);
        try (UntypedStorage storage = UntypedStorage.allocate(bytes.length)) {
            storage.buffer(0, bytes.length).put(bytes);
            return storage.tensor(type, 0, shape, Strides.contiguous(shape));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NumpyArray array
                && dtype.equals(array.dtype)
                && Arrays.equals(shape, array.shape)
                && Arrays.equals(bytes, array.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "NumpyArray(dtype=" + dtype + ", shape=" + Arrays.toString(shape) + ")";
    }
}
