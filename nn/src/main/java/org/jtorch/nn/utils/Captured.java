package org.jtorch.nn.utils;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jtorch.OpRecorder;
import org.jtorch.StandIn;
import org.jtorch.Tensor;
import org.jtorch.nn.TensorTree;

/**
 * The tensors that an unrecorded computation uses in addition to its input and that require a gradient: parameters, and tensors
 * computed earlier. A view of such a tensor requires a gradient too without being recorded, but it is made by the computation,
 * which makes it again.
 */
final class Captured implements OpRecorder.Listener {

    /** The objects that hold each tensor, by identity; there may be several. */
    private final Map<Long, Set<Tensor>> tensors = new LinkedHashMap<>();

    private final Set<Long> made = new HashSet<>();

    @Override
    public void onOp(OpRecorder.RecordedOp op) {
        TensorTree.forEach(op.arguments(), this::use);
        TensorTree.forEach(op.result(), this::make);
    }

    private void use(Tensor tensor) {
        if (!requiresGrad(tensor)) {
            return;
        }
        long identity = StandIn.identity(tensor);
        if (tensors.containsKey(identity) || !made.contains(identity)) {
            tensors.computeIfAbsent(identity, k -> Collections.newSetFromMap(new IdentityHashMap<>()))
                    .add(tensor);
        }
    }

    private void make(Tensor tensor) {
        if (requiresGrad(tensor)) {
            made.add(StandIn.identity(tensor));
        }
    }

    private static boolean requiresGrad(Tensor tensor) {
        return !tensor.isClosed() && tensor.requiresGrad();
    }

    /** Returns for each tensor the objects that hold it, in the order of their first use. */
    List<Set<Tensor>> tensors() {
        return List.copyOf(tensors.values());
    }
}
