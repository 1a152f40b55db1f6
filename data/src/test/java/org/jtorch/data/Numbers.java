package org.jtorch.data;

import java.util.ArrayList;
import java.util.List;

/** The dataset of the numbers below a size, and what tests do with loaders. */
record Numbers(int size) implements Dataset<Integer> {

    @Override
    public Integer get(int index) {
        return java.util.Objects.checkIndex(index, size);
    }

    /** Returns the batches of an epoch. */
    static <B> List<B> drain(Iterable<B> loader) {
        List<B> batches = new ArrayList<>();
        loader.forEach(batches::add);
        return batches;
    }
}
