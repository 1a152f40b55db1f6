package org.jtorch.nn.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.text.TextTable;

/**
 * The distance of two tensors of the same shape, computed in one pass over their memory on all cores. NaN at the same place of
 * both, and the same infinity, are not a difference; neither are 0.0 and -0.0. The work is proportional to the number of stored
 * bytes at most.
 *
 * @param most the greatest distance between two elements, NaN if one of them is NaN and the other is not
 * @param near whether all distances are within the tolerance
 * @param isNumber whether {@code most} is meaningful; elements that are not numbers are compared bit for bit, and have distance
 *     1 if they differ
 */
public record ElementDistance(double most, boolean near, boolean isNumber) {

    private static final int TASK = 1 << 20;
    private static final int BLOCK = 1 << 12;

    /** The tolerance within which two elements are near. */
    private record Tolerance(double rtol, double atol) {

        boolean allows(double distance, double right) {
            return distance <= atol + rtol * Math.abs(right) && distance < Double.POSITIVE_INFINITY;
        }
    }

    /** Two tensors being compared, with the tolerance. */
    private record Pair(
            StoredElements a,
            StoredElements b,
            StoredShape shape,
            long @Nullable [] weights,
            boolean same,
            boolean complex,
            Tolerance tolerance) {}

    /**
     * Compares two tensors.
     *
     * @param a a strided tensor on the CPU
     * @param b another tensor of the same shape; both must be complex, or both real
     * @param rtol elements are near if {@code |a - b| <= atol + rtol * |b|}
     * @param atol see {@code rtol}
     * @param read receives the number of bytes of {@code a} that were examined since its last call, on any thread
     * @throws UnsupportedOperationException if the tensors cannot be compared; the message gives the reason
     */
    public static ElementDistance of(Tensor a, Tensor b, double rtol, double atol, LongConsumer read) {
        if (!Arrays.equals(a.shape(), b.shape())) {
            throw new IllegalArgumentException("tensors of the shapes " + Arrays.toString(a.shape()) + " and "
                    + Arrays.toString(b.shape()) + " cannot be compared element by element");
        }
        if (a.isComplex() != b.isComplex()) {
            throw new UnsupportedOperationException("one is complex and the other real");
        }
        boolean same = a.dtype() == b.dtype();
        boolean numbers = !same || isNumber(a);
        try (StoredElements x = numbers ? StoredElements.of(a) : StoredElements.bitsOf(a);
                StoredElements y = numbers ? StoredElements.of(b) : StoredElements.bitsOf(b)) {
            if (a.numel() == 0) {
                return new ElementDistance(0, true, true);
            }
            Found found = compare(a, b, x, y, new Tolerance(rtol, atol), read);
            return new ElementDistance(
                    numbers ? found.most : Math.min(1, found.most), numbers ? found.near : found.most == 0, numbers);
        }
    }

    private static boolean isNumber(Tensor tensor) {
        try {
            NumberDecoder.of(NumberDecoder.part(tensor.dtype()));
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    private static Found compare(
            Tensor a, Tensor b, StoredElements x, StoredElements y, Tolerance tolerance, LongConsumer read) {
        StoredShape shape = StoredShape.of(a.shape(), a.strides(), b.strides(), a.isComplex());
        boolean same = a.dtype() == b.dtype();
        long[] weights = null;
        if (!shape.isBounded()) {
            if (!shape.isWeighable()) {
                throw new UnsupportedOperationException("its " + TextTable.count(a.numel())
                        + " elements overlap in memory: clone() the part that is needed");
            }
            weights = shape.weights();
            shape = shape.flat();
        }
        Pair pair = new Pair(x, y, shape, weights, same, a.isComplex(), tolerance);
        long count = shape.count();
        return LongStream.range(0, (count + TASK - 1) / TASK)
                .parallel()
                .mapToObj(task -> {
                    int numbers = (int) Math.min(TASK, count - task * TASK);
                    Found found = new Found();
                    look(pair, task * TASK, numbers, found);
                    read.accept((long) numbers * x.decoder().itemSize());
                    return found;
                })
                .reduce(new Found(), Found::and);
    }

    private static void look(Pair pair, long from, int count, Found found) {
        if (pair.same && pair.shape.isRun() && pair.a.isPlain() && pair.b.isPlain()) {
            ByteBuffer left = pair.a.bytes(from, count);
            if (left.mismatch(pair.b.bytes(from, count)) < 0) {
                return;
            }
        }
        if (pair.same && pair.a.decoder().isWide()) {
            wide(pair, from, count, found);
            return;
        }
        double[] x = new double[Math.min(BLOCK, count)];
        double[] y = new double[x.length];
        for (int done = 0; done < count; done += BLOCK) {
            int here = Math.min(BLOCK, count - done);
            pair.shape.read(pair.a, pair.shape.a(), from + done, x, here);
            pair.shape.read(pair.b, pair.shape.b(), from + done, y, here);
            if (pair.weights != null) {
                leaveOut(x, y, here, pair.weights, (int) from + done);
            }
            if (pair.complex) {
                found.complex(x, y, here, pair.tolerance);
            } else {
                found.real(x, y, here, pair.tolerance);
            }
        }
    }

    /** Makes the numbers between the elements equal. */
    private static void leaveOut(double[] x, double[] y, int count, long[] weights, int first) {
        for (int i = 0; i < count; i++) {
            if (weights[first + i] == 0) {
                x[i] = y[i];
            }
        }
    }

    /** Compares integers that float64 would round. */
    private static void wide(Pair pair, long from, int count, Found found) {
        long[] x = new long[Math.min(BLOCK, count)];
        long[] y = new long[x.length];
        for (int done = 0; done < count; done += BLOCK) {
            int here = Math.min(BLOCK, count - done);
            pair.shape.places(pair.shape.a(), from + done, x, here);
            pair.shape.places(pair.shape.b(), from + done, y, here);
            for (int i = 0; i < here; i++) {
                long left = pair.a.bits(x[i]);
                long right = pair.b.bits(y[i]);
                if (left != right && (pair.weights == null || pair.weights[(int) from + done + i] > 0)) {
                    NumberDecoder decoder = pair.a.decoder();
                    found.add(decoder.distance(left, right), decoder.value(right), pair.tolerance);
                }
            }
        }
    }

    private static final class Found {
        private double most;
        private boolean near = true;

        void real(double[] x, double[] y, int count, Tolerance tolerance) {
            for (int i = 0; i < count; i++) {
                double left = x[i];
                double right = y[i];
                if (left != right && !(Double.isNaN(left) && Double.isNaN(right))) {
                    add(Math.abs(left - right), right, tolerance);
                }
            }
        }

        void complex(double[] x, double[] y, int count, Tolerance tolerance) {
            for (int i = 0; i < count; i += 2) {
                boolean same = x[i] == y[i] && x[i + 1] == y[i + 1];
                boolean noNumbers = isNaN(x, i) && isNaN(y, i);
                if (!same && !noNumbers) {
                    double distance = Math.hypot(x[i] - y[i], x[i + 1] - y[i + 1]);
                    add(distance, Math.hypot(y[i], y[i + 1]), tolerance);
                }
            }
        }

        private static boolean isNaN(double[] parts, int at) {
            return Double.isNaN(parts[at]) || Double.isNaN(parts[at + 1]);
        }

        void add(double distance, double right, Tolerance tolerance) {
            // Once the result is NaN, it stays NaN.
            most = distance > most || Double.isNaN(distance) ? distance : most;
            near &= tolerance.allows(distance, right);
        }

        Found and(Found other) {
            Found both = new Found();
            both.most = Math.max(most, other.most);
            both.near = near && other.near;
            return both;
        }
    }
}
