package org.jtorch.nn.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jtorch.TorchException;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;

/** A list of equal layers that are called one after the other. */
final class Stack {

    /** An upper limit for the number of layers, less than the capacity of a list. */
    private static final long MOST = 1L << 24;

    private Stack() {}

    /** Returns a list of deep copies of one layer. */
    static <M extends Module<?, ?>> ModuleList<M> copies(M layer, long count) {
        Objects.requireNonNull(layer, "the layer must not be null");
        if (count > MOST) {
            throw new IllegalArgumentException("num_layers is " + count + ", but must not exceed " + MOST);
        }
        List<M> copies = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            copies.add(Module.deepCopy(layer));
        }
        return new ModuleList<>(copies);
    }

    /** Returns the first layer, whose order of dimensions applies to all. */
    static <M extends Module<?, ?>> M first(ModuleList<M> layers) {
        if (layers.isEmpty()) {
            throw new TorchException("index 0 is out of range: there are no layers, give num_layers of 1 or more");
        }
        return layers.get(0);
    }
}
