package org.jtorch.nn.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How one tensor's numbers, or those of two of one shape, are gone through: dimensions along which memory stays where it is are
 * looked at once, the others from the widest stride to the closest, and joined where they follow each other.
 *
 * @param sizes the sizes of what is left, at least one dimension
 * @param a the strides of the first tensor, in numbers
 * @param b those of the second; {@code a} where there is one
 * @param repeats how often each number stands for itself, by the dimensions that were left out
 */
record StoredShape(long[] sizes, long[] a, long[] b, long repeats) {

    /** Elements that are gone through whatever memory they have. */
    private static final long FREE = 1L << 24;

    /** How often each stored number may be looked at. */
    private static final long OVERLAPS = 8;

    private record Dimension(long size, long a, long b) {}

    /**
     * The way through.
     *
     * @param complex whether each element is two numbers
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

    /** Returns how many numbers are gone through. */
    long count() {
        return Arrays.stream(sizes).reduce(1, (x, y) -> x * y);
    }

    /** Returns how many numbers the memory between the first and the last has. */
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
     * Returns whether going through it takes no more than its memory is worth: views whose elements overlap may have any
     * number.
     */
    boolean isBounded() {
        return count() <= Math.max(FREE, OVERLAPS * Math.max(span(a), span(b)));
    }

    /** Returns whether all of it is one run of neighbours in both. */
    boolean isRun() {
        return sizes.length == 1 && a[0] == 1 && b[0] == 1;
    }

    /** Returns whether it can be gone through by its memory instead, each stored number once with {@link #weights}. */
    boolean isWeighable() {
        return Arrays.equals(a, b) && span() <= FREE;
    }

    /** Returns the same memory as one run. */
    StoredShape flat() {
        return new StoredShape(new long[] {span()}, new long[] {1}, new long[] {1}, repeats);
    }

    /** Returns how many elements lie on each stored number. */
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

    /** Reads {@code count} numbers from the {@code from}-th on; {@code strides} are {@link #a} or {@link #b}. */
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

    /** Where {@code count} numbers are from the {@code from}-th on. */
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
