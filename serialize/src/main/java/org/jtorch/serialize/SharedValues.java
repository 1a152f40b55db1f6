package org.jtorch.serialize;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.Layout;
import org.jtorch.Tensor;

/** Which of a module's keys lead to the same values, as those of a tied weight do. */
final class SharedValues {

    /** Where values lie. */
    private record Place(long storage, long offset) {}

    private SharedValues() {}

    /** For each key whose values an earlier key has too, the first such key. Empty tensors and lazy ones share nothing. */
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
