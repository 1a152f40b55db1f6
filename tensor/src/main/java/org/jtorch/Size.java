package org.jtorch;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/**
 * The sizes of a tensor's dimensions, as PyTorch's {@code torch.Size}. It is immutable. Its text form is {@code [2, 3]};
 * that of a tensor without dimensions is {@code []}.
 */
public final class Size implements Iterable<Long>, Serializable {

    private static final long serialVersionUID = 1L;

    private final long[] sizes;

    private Size(long[] sizes) {
        this.sizes = sizes;
    }

    /**
     * Returns the size of a tensor with these dimensions.
     *
     * @param sizes a size for each dimension; copied
     */
    public static Size of(long... sizes) {
        return new Size(sizes.clone());
    }

    /** Returns a size with this array, which the caller must not change any more. */
    static Size ofOwned(long[] sizes) {
        return new Size(sizes);
    }

    /** Returns the number of dimensions. */
    public int dim() {
        return sizes.length;
    }

    /**
     * Returns the size of a dimension.
     *
     * @param dim the index of the dimension; a negative one counts from the last, which is -1
     * @throws IndexOutOfBoundsException if there is no such dimension
     */
    public long get(int dim) {
        int index = dim < 0 ? dim + sizes.length : dim;
        if (index < 0 || index >= sizes.length) {
            throw new IndexOutOfBoundsException("there is no dimension " + dim + " in the size " + this);
        }
        return sizes[index];
    }

    /**
     * Returns the number of elements: the product of all sizes, which is 1 if there are no dimensions.
     *
     * @throws ArithmeticException if the product does not fit in a {@code long}
     */
    public long numel() {
        long numel = 1;
        for (long size : sizes) {
            if (size == 0) {
                return 0;
            }
        }
        for (long size : sizes) {
            numel = Math.multiplyExact(numel, size);
        }
        return numel;
    }

    /** Returns the sizes in a new array. */
    public long[] toArray() {
        return sizes.clone();
    }

    /** Returns the sizes in order. */
    public LongStream stream() {
        return Arrays.stream(sizes);
    }

    @Override
    public Iterator<Long> iterator() {
        PrimitiveIterator.OfLong iterator = stream().iterator();
        return iterator;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Size size && Arrays.equals(sizes, size.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override
    public String toString() {
        return Arrays.toString(sizes);
    }
}
