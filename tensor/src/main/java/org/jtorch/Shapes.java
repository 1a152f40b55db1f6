package org.jtorch;

import java.util.Arrays;

/** Arithmetic on shapes with checks for overflow. */
final class Shapes {

    private Shapes() {}

    /**
     * Returns the number of elements.
     *
     * @throws IllegalArgumentException if a size is negative, or the product does not fit in a long
     */
    static long numel(long[] shape) {
        long numel = 1;
        try {
            for (long size : shape) {
                if (size < 0) {
                    throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " has a negative size");
                }
                numel = Math.multiplyExact(numel, size);
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " has more elements than a long can count", e);
        }
        return numel;
    }

    /** Returns the strides of a dense row-major tensor. */
    static long[] contiguousStrides(long[] shape) {
        long[] strides = new long[shape.length];
        long step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= Math.max(shape[i], 1);
        }
        return strides;
    }

    /**
     * Returns the number of storage elements that a strided view covers.
     *
     * @throws IllegalArgumentException if the lengths differ, a stride is negative, or the span overflows
     */
    static long span(long[] shape, long[] strides) {
        if (shape.length != strides.length) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " and strides "
                    + Arrays.toString(strides) + " must have the same number of dimensions");
        }
        long span = 1;
        try {
            for (int i = 0; i < shape.length; i++) {
                if (strides[i] < 0) {
                    throw new IllegalArgumentException(
                            "strides " + Arrays.toString(strides) + " has a negative stride");
                }
                span = Math.addExact(span, Math.multiplyExact(Math.max(shape[i] - 1, 0), strides[i]));
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " with strides " + Arrays.toString(strides)
                            + " covers more elements than a long can count",
                    e);
        }
        return numel(shape) == 0 ? 0 : span;
    }
}
