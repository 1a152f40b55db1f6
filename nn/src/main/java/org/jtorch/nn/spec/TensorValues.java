package org.jtorch.nn.spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;

/**
 * Converts small tensors to nested lists of {@code Boolean}, {@code Long} and {@code Double} and back. A tensor without
 * dimensions is a single value.
 */
final class TensorValues {

    /** Larger tensors belong in a checkpoint. */
    static final long MAX_ELEMENTS = 65_536;

    private static final Set<DType> DTYPES = Set.of(
            DType.BOOL,
            DType.UINT8,
            DType.INT8,
            DType.INT16,
            DType.INT32,
            DType.INT64,
            DType.FLOAT16,
            DType.BFLOAT16,
            DType.FLOAT32,
            DType.FLOAT64);

    private TensorValues() {}

    // --- reading -----------------------------------------------------------------------------------------------

    /**
     * Returns a tensor of these values on the CPU. It belongs to the spec that it is read for, and to no scope.
     *
     * @param dtype the dtype; null to choose bool, int64 or float32 as {@code torch.tensor} does
     */
    static Tensor tensor(Object values, @Nullable DType dtype) {
        List<Object> flat = new ArrayList<>();
        long[] shape = shape(values);
        flatten(values, shape, 0, flat);
        if (dtype != null && !DTYPES.contains(dtype)) {
            throw noForm(dtype);
        }
        try (TensorScope scope = new TensorScope()) {
            return made(flat, shape, dtype).unscoped();
        }
    }

    private static Tensor made(List<Object> flat, long[] shape, @Nullable DType dtype) {
        if (!flat.isEmpty() && flat.stream().allMatch(Boolean.class::isInstance)) {
            boolean[] array = new boolean[flat.size()];
            for (int i = 0; i < array.length; i++) {
                array[i] = Boolean.TRUE.equals(flat.get(i));
            }
            return fits(Torch.tensor(array, shape), dtype == null ? DType.BOOL : dtype, DType.BOOL, flat);
        }
        for (Object number : flat) {
            if (!(number instanceof Number)) {
                throw new IllegalArgumentException(
                        number + " is among the values of a tensor: give only numbers, or only true and false");
            }
        }
        boolean whole = !flat.isEmpty() && flat.stream().allMatch(Long.class::isInstance);
        if (whole && (dtype == null || !dtype.isFloatingPoint())) {
            long[] array =
                    flat.stream().mapToLong(x -> ((Number) x).longValue()).toArray();
            return fits(Torch.tensor(array, shape), dtype == null ? DType.INT64 : dtype, DType.INT64, flat);
        }
        if (dtype != null && !dtype.isFloatingPoint() && !flat.isEmpty()) {
            throw new IllegalArgumentException("values with a point, such as "
                    + flat.stream().filter(Double.class::isInstance).findFirst().orElseThrow() + ", are no " + dtype);
        }
        double[] array =
                flat.stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
        return Torch.tensor(array, shape).to(dtype == null ? DType.FLOAT32 : dtype);
    }

    /** Converts whole numbers and truth values to the given dtype, if that does not change their values. */
    private static Tensor fits(Tensor read, DType dtype, DType natural, List<Object> flat) {
        boolean truth = natural == DType.BOOL;
        Tensor converted = read.to(dtype);
        boolean same = truth == (dtype == DType.BOOL)
                && Arrays.equals(
                        read.to(DType.INT64).toLongArray(),
                        converted.to(DType.INT64).toLongArray());
        if (!same) {
            throw new IllegalArgumentException("the values " + flat.subList(0, Math.min(5, flat.size()))
                    + (flat.size() > 5 ? " .." : "") + " do not fit into " + dtype);
        }
        return converted;
    }

    private static long[] shape(Object values) {
        List<Long> shape = new ArrayList<>();
        Object at = values;
        while (at instanceof List<?> list) {
            shape.add((long) list.size());
            at = list.isEmpty() ? "" : list.get(0);
        }
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    private static void flatten(@Nullable Object value, long[] shape, int dim, List<Object> into) {
        if (dim == shape.length && value != null && !(value instanceof List<?>)) {
            into.add(value);
        } else if (dim < shape.length && value instanceof List<?> list && list.size() == shape[dim]) {
            list.forEach(inner -> flatten(inner, shape, dim + 1, into));
        } else {
            String given = value instanceof List<?> list ? "a list of " + list.size() : String.valueOf(value);
            throw new IllegalArgumentException("a tensor's values are lists of the same lengths, here "
                    + Arrays.toString(shape) + ", but dimension " + dim + " has " + given);
        }
    }

    // --- writing -----------------------------------------------------------------------------------------------

    /**
     * Returns the values. Those of less than 64 bits are {@code Float}s, which are written with fewer digits.
     *
     * @throws IllegalArgumentException if they cannot be represented
     */
    static Object values(Tensor tensor) {
        if (!DTYPES.contains(tensor.dtype())) {
            throw noForm(tensor.dtype());
        } else if (tensor.isUninitialized() || tensor.isMeta() || tensor.layout() != Layout.STRIDED) {
            throw new IllegalArgumentException(
                    "a tensor that is lazy, sparse or on the meta device has no values to write");
        } else if (tensor.numel() > MAX_ELEMENTS || (tensor.numel() == 0 && tensor.dim() > 1)) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + Arrays.toString(tensor.shape()) + " is not written: of 1 to " + MAX_ELEMENTS
                            + " elements a spec's may be; keep others in a checkpoint");
        }
        try (TensorScope scope = new TensorScope()) {
            Tensor plain = tensor.detach().to(Device.CPU);
            long[] shape = tensor.shape();
            if (!tensor.isFloatingPoint()) {
                long[] array = plain.to(DType.INT64).toLongArray();
                boolean truth = tensor.dtype() == DType.BOOL;
                return nested(shape, 0, new int[1], i -> truth ? (Object) (array[i] != 0) : (Object) array[i]);
            }
            double[] array = plain.to(DType.FLOAT64).toDoubleArray();
            boolean doubles = tensor.dtype() == DType.FLOAT64;
            return nested(shape, 0, new int[1], i -> doubles ? (Object) array[i] : shortest(array[i]));
        }
    }

    /** Returns the value as a float if the float's text, read as a double, gives the same value, otherwise as it is. */
    private static Object shortest(double value) {
        float single = (float) value;
        boolean exact = Double.isFinite(value) && (float) Double.parseDouble(Float.toString(single)) == single;
        return exact ? (Object) single : (Object) value;
    }

    private interface Element {
        Object at(int index);
    }

    private static Object nested(long[] shape, int dim, int[] next, Element element) {
        if (dim == shape.length) {
            return element.at(next[0]++);
        }
        List<Object> list = new ArrayList<>();
        for (long i = 0; i < shape[dim]; i++) {
            list.add(nested(shape, dim + 1, next, element));
        }
        return list;
    }

    private static IllegalArgumentException noForm(DType dtype) {
        return new IllegalArgumentException("a tensor of " + dtype
                + " cannot be written as JSON: give one of float, int or bool, and keep others in a checkpoint");
    }
}
