package org.jtorch.serialize;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.Layout;
import org.jtorch.Tensor;

/** Finds the keys of a module that have the same values, as those of a tied weight do. */
final class SharedValues {

    /** The location of values. */
    private record Place(long storage, long offset) {}

    private SharedValues() {}

    /**
     * Returns, for each key whose values an earlier key also has, the first such key. Empty and lazy tensors do not share
     * values.
     */
    static Map<String, String> of(Map<String, ? extends Tensor> tensors) {
        Map<Place, String> first = new HashMap<>();
        Map<String, String> shared = new LinkedHashMap<>();
        tensors.forEach((key, tensor) -> {
            if (!tensor.isUninitialized() && tensor.layout() == Layout.STRIDED && tensor.numel() > 0) {
                String other = first.putIfAbsent(new Place(tensor.storageId(), tensor.storageOffset()), key);
                if (other != null) {
                    shared.put(key, other);
                }
            }
        });
        return shared;
    }
}
