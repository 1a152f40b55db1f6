package org.jtorch.data;

import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Indices that are drawn when the first is asked for, as PyTorch's samplers draw them. */
final class LazyIndices implements PrimitiveIterator.OfInt {

    private final Supplier<int[]> draw;
    private int @Nullable [] indices;
    private int next;

    LazyIndices(Supplier<int[]> draw) {
        this.draw = draw;
    }

    private int[] indices() {
        int[] drawn = indices;
        if (drawn == null) {
            drawn = draw.get();
            indices = drawn;
        }
        return drawn;
    }

    @Override
    public boolean hasNext() {
        return next < indices().length;
    }

    @Override
    public int nextInt() {
        if (!hasNext()) {
            throw new NoSuchElementException("all indices of the epoch were taken");
        }
        return indices()[next++];
    }
}
