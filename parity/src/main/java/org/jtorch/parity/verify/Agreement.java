package org.jtorch.parity.verify;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;

/** Checks whether a tensor is what PyTorch recorded. */
final class Agreement {

    private Agreement() {}

    /**
     * Checks that dtype and shape are equal, that floating-point elements are within the tolerance of their precision, and that
     * others are equal.
     *
     * @param lower the dtype in which products were computed, or null if it is that of the tensor. The tolerance is then
     *     relative to the greatest element
     */
    static void close(String what, Tensor expected, @Nullable Tensor actual, @Nullable DType lower) {
        close(what, expected, actual, lower, 1);
    }

    /** Checks the same with a tolerance that is {@code factor} times as large. */
    static void close(String what, Tensor expected, @Nullable Tensor actual, @Nullable DType lower, double factor) {
        Tensor given = sameForm(what, expected, actual);
        if (!expected.isFloatingPoint()) {
            equal(what, expected, given);
            return;
        }
        boolean doubles = expected.dtype() == DType.FLOAT64;
        double absolute = doubles ? 1e-9 : 1e-5;
        double relative = doubles ? 1e-7 : 1e-4;
        double[] e = doubles(expected);
        double[] a = doubles(given);
        if (lower != null) {
            double greatest = 0;
            for (double value : e) {
                greatest = Double.isFinite(value) ? Math.max(greatest, Math.abs(value)) : greatest;
            }
            absolute = greatest * (lower == DType.BFLOAT16 ? 0x1p-5 : 0x1p-6);
            relative = 0;
        }
        absolute *= factor;
        relative *= factor;
        int wrong = 0;
        int first = -1;
        double worst = 0;
        for (int i = 0; i < e.length; i++) {
            boolean agree = e[i] == a[i]
                    || (Double.isNaN(e[i]) && Double.isNaN(a[i]))
                    || Math.abs(a[i] - e[i]) <= absolute + relative * Math.abs(e[i]);
            if (!agree) {
                wrong++;
                first = first < 0 ? i : first;
                worst = Math.max(worst, Math.abs(a[i] - e[i]));
            }
        }
        if (wrong > 0) {
            throw new Disagreement(what + ": " + wrong + " of " + e.length + " elements are off, by " + worst
                    + " at most; element " + first + " is " + a[first] + ", not " + e[first]);
        }
    }

    /** Checks that dtype, shape and bits are equal. */
    static void identical(String what, Tensor expected, @Nullable Tensor actual) {
        Tensor given = sameForm(what, expected, actual);
        if (!expected.isFloatingPoint()) {
            equal(what, expected, given);
            return;
        }
        double[] e = doubles(expected);
        double[] a = doubles(given);
        for (int i = 0; i < e.length; i++) {
            if (Double.doubleToRawLongBits(e[i]) != Double.doubleToRawLongBits(a[i])) {
                throw new Disagreement(
                        what + ": element " + i + " of " + e.length + " is " + a[i] + ", not " + e[i] + " bit for bit");
            }
        }
    }

    private static void equal(String what, Tensor expected, Tensor actual) {
        long[] e = expected.detach().to(DType.INT64).toLongArray();
        long[] a = actual.detach().to(DType.INT64).toLongArray();
        int at = Arrays.mismatch(e, a);
        if (at >= 0) {
            throw new Disagreement(what + ": element " + at + " of " + e.length + " is " + a[at] + ", not " + e[at]);
        }
    }

    /** Checks that the names are equal and the tensors are close. */
    static void close(String what, Map<String, Tensor> expected, Map<String, Tensor> actual, @Nullable DType lower) {
        same(what + ": names", new TreeSet<>(expected.keySet()), new TreeSet<>(actual.keySet()));
        expected.forEach((name, tensor) -> close(what + " " + name, tensor, actual.get(name), lower));
    }

    /** Checks that the values are equal. */
    static void same(String what, @Nullable Object expected, @Nullable Object actual) {
        if (!String.valueOf(expected).equals(String.valueOf(actual))) {
            throw new Disagreement(what + ": " + actual + ", not " + expected);
        }
    }

    private static Tensor sameForm(String what, Tensor expected, @Nullable Tensor actual) {
        if (actual == null) {
            throw new Disagreement(what + ": there is none");
        }
        same(what + ": dtype", expected.dtype(), actual.dtype());
        same(what + ": shape", Arrays.toString(expected.shape()), Arrays.toString(actual.shape()));
        return actual;
    }

    private static double[] doubles(Tensor tensor) {
        return tensor.detach().to(DType.FLOAT64).toDoubleArray();
    }
}
