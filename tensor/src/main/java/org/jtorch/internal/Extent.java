package org.jtorch.internal;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.jtorch.Tensor;

/** A tensor's sizes and strides at a moment: for those who hand tensors to a kernel that does not ask for them itself. */
public final class Extent {

    private static final long[] NONE = {};

    private final long[] sizes;
    /** Empty if the tensor is not strided. */
    private final long[] strides;

    private Extent(long[] sizes, long[] strides) {
        this.sizes = sizes;
        this.strides = strides;
    }

    /**
     * The extent of a tensor that is not nested.
     *
     * @param strided whether it has strides
     */
    public static Extent of(Tensor tensor, boolean strided) {
        org.bytedeco.pytorch.Tensor handle = Handles.of(tensor);
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

    /** The address of a strided tensor's first element. */
    public static long address(Tensor tensor) {
        Pointer data = Handles.of(tensor).data_ptr();
        return data == null ? 0 : data.address();
    }

    /** The sizes as text. */
    public String sizes() {
        return Arrays.toString(sizes);
    }

    /** The strides as text. */
    public String strides() {
        return Arrays.toString(strides);
    }

    /** Whether both have the same sizes. */
    public boolean sameSizes(Extent other) {
        return Arrays.equals(sizes, other.sizes);
    }

    /** Whether both have the same sizes, and elements of the same index stand at the same step of memory. */
    public boolean sameSteps(Extent other) {
        if (!sameSizes(other) || strides.length != other.strides.length) {
            return false;
        }
        for (int i = 0; i < strides.length; i++) {
            // along a dimension of one element nobody steps
            if (strides[i] != other.strides[i] && sizes[i] != 1) {
                return false;
            }
        }
        return true;
    }

    /** The number of elements. */
    public long numel() {
        long numel = 1;
        for (long size : sizes) {
            numel *= size;
        }
        return numel;
    }

    /** Whether the elements fill one run of memory, each in a place of its own, in whatever order. */
    public boolean isDense() {
        // the dimension that steps by one, then the one that steps over all of it, and so on
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

    /** Whether several elements are one place in memory, as in a tensor that was expanded. */
    public boolean isExpanded() {
        for (int i = 0; i < strides.length; i++) {
            if (strides[i] == 0 && sizes[i] > 1) {
                return true;
            }
        }
        return false;
    }

    /** From the first element to the end of the last one, in elements; 0 if there is none. */
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
