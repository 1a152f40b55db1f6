package org.jtorch.tools;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.UntypedStorage;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.ParamGroup;

/** Checks whether an optimizer has each trainable parameter of the model exactly once. */
final class OptimizerChecks {

    /** The memory of a tensor's elements. Two tensors with the same memory are one parameter. */
    private record Place(long storage, long offset, List<Long> shape) {}

    private OptimizerChecks() {}

    static void check(Module<?, ?> model, Optimizer<?> optimizer, List<Finding> findings) {
        Map<Tensor, String> names = new IdentityHashMap<>();
        Map<Place, String> namesByPlace = new HashMap<>();
        for (Named<Parameter> named : model.namedParameters()) {
            names.put(named.value(), named.name());
            Place place = place(named.value());
            if (place != null) {
                namesByPlace.putIfAbsent(place, named.name());
            }
        }
        Map<Place, String> seen = new HashMap<>();
        Map<Tensor, Boolean> optimized = new IdentityHashMap<>();
        int groupIndex = 0;
        for (ParamGroup<?> group : optimizer.groups()) {
            for (int i = 0; i < group.parameters().size(); i++) {
                Tensor tensor = group.parameters().get(i);
                Place place = place(tensor);
                String where = "parameter " + i + " of group " + groupIndex;
                String name = names.getOrDefault(tensor, place == null ? null : namesByPlace.get(place));
                optimized.put(tensor, true);
                if (name == null) {
                    findings.add(new Finding(Trap.FOREIGN_IN_OPTIMIZER, "(optimizer)", where + " is not in the model"));
                }
                String before = place == null ? null : seen.putIfAbsent(place, where);
                if (before != null) {
                    findings.add(new Finding(
                            Trap.DUPLICATE_IN_OPTIMIZER,
                            name == null ? "(optimizer)" : name,
                            where + " is in the same memory as " + before));
                }
            }
            groupIndex++;
        }
        missing(model, seen, optimized, findings);
    }

    private static void missing(
            Module<?, ?> model, Map<Place, String> seen, Map<Tensor, Boolean> optimized, List<Finding> findings) {
        List<String> missing = new ArrayList<>();
        for (Named<Parameter> named : model.namedParameters()) {
            Place place = place(named.value());
            boolean there = optimized.containsKey(named.value()) || (place != null && seen.containsKey(place));
            if (named.value().requiresGrad() && !there) {
                missing.add(named.name());
            }
        }
        if (!missing.isEmpty()) {
            findings.add(new Finding(
                    Trap.MISSING_FROM_OPTIMIZER,
                    Paths.common(missing),
                    "trainable and not in the optimizer: " + Paths.some(missing)));
        }
    }

    private static @Nullable Place place(Tensor tensor) {
        if (tensor.isUninitialized()
                || tensor.layout() != Layout.STRIDED
                || tensor.device().type().equals("meta")
                || tensor.numel() == 0) {
            return null;
        }
        List<Long> shape = new ArrayList<>();
        for (long size : tensor.shape()) {
            shape.add(size);
        }
        try (UntypedStorage storage = UntypedStorage.of(tensor)) {
            return new Place(storage.id(), tensor.storageOffset(), shape);
        }
    }
}
