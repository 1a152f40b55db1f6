package org.jtorch.nn.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which the values of one tensor, or of two tensors of the same shape, are visited. A dimension with stride 0 is
 * visited once. The other dimensions are sorted from the largest stride to the smallest, and joined if they are adjacent in
 * memory.
 *
 * @param sizes the sizes of the remaining dimensions, at least one
 * @param a the strides of the first tensor, counted in values
 * @param b the strides of the second tensor; {@code a} if there is one tensor
 * @param repeats the number of times that each value counts because of the removed dimensions
 */
record StoredShape(long[] sizes, long[] a, long[] b, long repeats) {

    /** The number of elements up to which a tensor is visited whatever memory it has. */
    private static final long FREE = 1L << 24;

    /** The number of times that each stored value may be visited. */
    private static final long OVERLAPS = 8;

    private record Dimension(long size, long a, long b) {}

    /**
     * Returns the order for one or two tensors.
     *
     * @param complex whether each element consists of two values
     */
    static StoredShape of(long[] shape, long[] a, long[] b, boolean complex) {
        int parts = complex ? 2 : 1;
        List<Dimension> rest = new ArrayList<>();
        long repeats = 1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] != 1 && shape[i] != 0 && a[i] == 0 && b[i] == 0) {
                repeats *= shape[i];
            } else if (shape[i] != 1) {
                rest.add(new Dimension(shape[i], a[i] * parts, b[i] * parts));
            }
        }
        rest.sort(Comparator.comparingLong(Dimension::a)
                .thenComparingLong(Dimension::b)
                .reversed());
        if (complex) {
            rest.add(new Dimension(2, 1, 1));
        }
        List<Dimension> joined = new ArrayList<>();
        for (Dimension next : rest) {
            Dimension last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last != null && last.a == next.a * next.size && last.b == next.b * next.size) {
                joined.set(joined.size() - 1, new Dimension(last.size * next.size, next.a, next.b));
            } else {
                joined.add(next);
            }
        }
        if (joined.isEmpty()) {
            joined.add(new Dimension(1, 1, 1));
        }
        return new StoredShape(
                joined.stream().mapToLong(Dimension::size).toArray(),
                joined.stream().mapToLong(Dimension::a).toArray(),
                joined.stream().mapToLong(Dimension::b).toArray(),
                repeats);
    }

    /** Returns the number of values that are visited. */
    long count() {
        return Arrays.stream(sizes).reduce(1, (x, y) -> x * y);
    }

    /** Returns the number of values in the memory between the first and the last. */
    private long span(long[] strides) {
        long span = 1;
        for (int i = 0; i < sizes.length; i++) {
            span += (sizes[i] - 1) * strides[i];
        }
        return span;
    }

    long span() {
        return span(a);
    }

    /**
     * Returns whether the number of visits is proportional to the memory. Views with overlapping elements may have any number
     * of elements.
     */
    boolean isBounded() {
        return count() <= Math.max(FREE, OVERLAPS * Math.max(span(a), span(b)));
    }

    /** Returns whether the values are contiguous in both tensors. */
    boolean isRun() {
        return sizes.length == 1 && a[0] == 1 && b[0] == 1;
    }

    /** Returns whether the memory can be visited instead, each stored value once with {@link #weights}. */
    boolean isWeighable() {
        return Arrays.equals(a, b) && span() <= FREE;
    }

    /** Returns the same memory as one run. */
    StoredShape flat() {
        return new StoredShape(new long[] {span()}, new long[] {1}, new long[] {1}, repeats);
    }

    /** Returns the number of elements at each stored value. */
    long[] weights() {
        long[] weights = new long[Math.toIntExact(span())];
        weights[0] = 1;
        for (int i = 0; i < sizes.length; i++) {
            long[] before = weights.clone();
            int stride = (int) a[i];
            long window = sizes[i] * stride;
            for (int at = stride; at < weights.length; at++) {
                weights[at] += weights[at - stride] - (at >= window ? before[(int) (at - window)] : 0);
            }
        }
        return weights;
    }

    /** Reads {@code count} values from index {@code from} on. {@code strides} are {@link #a} or {@link #b}. */
    void read(StoredElements elements, long[] strides, long from, double[] to, int count) {
        int last = sizes.length - 1;
        long[] index = new long[sizes.length];
        long place = place(strides, from, index);
        for (int done = 0; done < count; ) {
            int here = (int) Math.min(count - done, sizes[last] - index[last]);
            elements.read(place, strides[last], to, done, here);
            done += here;
            index[last] += here;
            place = carried(strides, index, place + here * strides[last]);
        }
    }

    /** Computes the positions of {@code count} values from index {@code from} on. */
    void places(long[] strides, long from, long[] to, int count) {
        int last = sizes.length - 1;
        long[] index = new long[sizes.length];
        long place = place(strides, from, index);
        for (int i = 0; i < count; i++) {
            to[i] = place;
            index[last]++;
            place = carried(strides, index, place + strides[last]);
        }
    }

    private long place(long[] strides, long from, long[] index) {
        long place = 0;
        long rest = from;
        for (int i = sizes.length - 1; i >= 0; i--) {
            index[i] = rest % sizes[i];
            rest /= sizes[i];
            place += index[i] * strides[i];
        }
        return place;
    }

    private long carried(long[] strides, long[] index, long from) {
        long place = from;
        for (int i = sizes.length - 1; i > 0 && index[i] == sizes[i]; i--) {
            index[i] = 0;
            index[i - 1]++;
            place += strides[i - 1] - sizes[i] * strides[i];
        }
        return place;
    }
}
