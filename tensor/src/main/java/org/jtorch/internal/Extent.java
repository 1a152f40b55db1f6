package org.jtorch.internal;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.jtorch.Tensor;

/** The sizes and strides of a tensor at one moment, for callers that pass tensors to a kernel that does not check them. */
public final class Extent {

    private static final long[] NONE = {};

    private final long[] sizes;
    /** The strides; empty if the tensor is not strided. */
    private final long[] strides;

    private Extent(long[] sizes, long[] strides) {
        this.sizes = sizes;
        this.strides = strides;
    }

    /**
     * Returns the extent of a tensor that is not nested.
     *
     * @param strided whether the tensor has strides
     */
    public static Extent of(Tensor tensor, boolean strided) {
        return of(Handles.of(tensor), strided);
    }

    static Extent of(org.bytedeco.pytorch.Tensor handle, boolean strided) {
        int dim = (int) handle.dim();
        long[] sizes = new long[dim];
        long[] strides = strided ? new long[dim] : NONE;
        for (int i = 0; i < dim; i++) {
            sizes[i] = handle.size(i);
            if (strided) {
                strides[i] = handle.stride(i);
            }
        }
        return new Extent(sizes, strides);
    }

    /** Returns the address of a strided tensor's first element. */
    public static long address(Tensor tensor) {
        return address(Handles.of(tensor));
    }

    static long address(org.bytedeco.pytorch.Tensor handle) {
        Pointer data = handle.data_ptr();
        return data == null ? 0 : data.address();
    }

    /** Returns the sizes as text. */
    public String sizes() {
        return Arrays.toString(sizes);
    }

    /** Returns the strides as text. */
    public String strides() {
        return Arrays.toString(strides);
    }

    /** Returns whether both have the same sizes. */
    public boolean sameSizes(Extent other) {
        return Arrays.equals(sizes, other.sizes);
    }

    /** Returns whether both have the same sizes, and the same strides in dimensions with more than one element. */
    public boolean sameSteps(Extent other) {
        if (!sameSizes(other) || strides.length != other.strides.length) {
            return false;
        }
        for (int i = 0; i < strides.length; i++) {
            // the stride of a dimension with one element is not used
            if (strides[i] != other.strides[i] && sizes[i] != 1) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number of elements. */
    public long numel() {
        long numel = 1;
        for (long size : sizes) {
            numel *= size;
        }
        return numel;
    }

    /** Returns whether the elements fill one block of memory without gaps or overlaps, in any order. */
    public boolean isDense() {
        // first the dimension with stride one, then the one whose stride is the size of the first, and so on
        long step = 1;
        long numel = numel();
        while (step < numel) {
            long next = step;
            for (int i = 0; i < sizes.length; i++) {
                if (sizes[i] != 1 && strides[i] == step) {
                    next = step * sizes[i];
                }
            }
            if (next == step) {
                return false;
            }
            step = next;
        }
        return step == numel;
    }

    /** Returns whether several elements share memory, as in an expanded tensor. */
    public boolean isExpanded() {
        for (int i = 0; i < strides.length; i++) {
            if (strides[i] == 0 && sizes[i] > 1) {
                return true;
            }
        }
        return false;
    }

    /** Returns the distance from the first element to the end of the last one, in elements; 0 if there are none. */
    public long length() {
        long last = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == 0) {
                return 0;
            }
            last += (sizes[i] - 1) * strides[i];
        }
        return last + 1;
    }
}
