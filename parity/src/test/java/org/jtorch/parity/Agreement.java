package org.jtorch.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;

/** When a tensor is what PyTorch recorded. */
final class Agreement {

    private Agreement() {}

    /** Same dtype and shape; floating point within the tolerance of its precision, everything else equal. */
    static void close(String what, Tensor expected, @Nullable Tensor actual) {
        sameForm(what, expected, actual);
        if (!expected.isFloatingPoint()) {
            assertArrayEquals(longs(expected), longs(actual), what);
            return;
        }
        boolean doubles = expected.dtype() == DType.FLOAT64;
        double absolute = doubles ? 1e-9 : 1e-5;
        double relative = doubles ? 1e-7 : 1e-4;
        double[] e = doubles(expected);
        double[] a = doubles(actual);
        for (int i = 0; i < e.length; i++) {
            boolean agree = e[i] == a[i]
                    || (Double.isNaN(e[i]) && Double.isNaN(a[i]))
                    || Math.abs(a[i] - e[i]) <= absolute + relative * Math.abs(e[i]);
            if (!agree) {
                assertEquals(e[i], a[i], what + ", element " + i + " of " + e.length);
            }
        }
    }

    /** Same dtype, shape and bits. */
    static void identical(String what, Tensor expected, @Nullable Tensor actual) {
        sameForm(what, expected, actual);
        if (expected.isFloatingPoint()) {
            double[] e = doubles(expected);
            double[] a = doubles(actual);
            for (int i = 0; i < e.length; i++) {
                assertEquals(
                        Double.doubleToRawLongBits(e[i]), Double.doubleToRawLongBits(a[i]), what + ", element " + i);
            }
        } else {
            assertArrayEquals(longs(expected), longs(actual), what);
        }
    }

    /** The same names, and each tensor close. */
    static void close(String what, Map<String, Tensor> expected, Map<String, Tensor> actual) {
        assertEquals(Set.copyOf(expected.keySet()), Set.copyOf(actual.keySet()), what);
        expected.forEach((name, tensor) -> close(what + " " + name, tensor, actual.get(name)));
    }

    private static void sameForm(String what, Tensor expected, @Nullable Tensor actual) {
        assertNotNull(actual, what);
        assertEquals(expected.dtype(), actual.dtype(), what);
        assertArrayEquals(expected.shape(), actual.shape(), what);
    }

    private static double[] doubles(Tensor tensor) {
        return tensor.detach().to(DType.FLOAT64).toDoubleArray();
    }

    private static long[] longs(Tensor tensor) {
        return tensor.detach().to(DType.INT64).toLongArray();
    }
}
