package org.jtorch.nn;

import java.util.Set;
import java.util.function.Consumer;
import org.jtorch.Tensor;

/**
 * The tensors that the fields of a module and of all modules below it hold, directly or in a record, list, map, array or
 * optional. Parameters, buffers and freed tensors are not included. Fields marked {@link Unregistered} are included, and so are
 * the fields of modules that they hold.
 */
final class HeldTensors {

    private final Consumer<Tensor> visitor;
    private final Set<Object> seen;

    private HeldTensors(Consumer<Tensor> visitor, int expected) {
        this.visitor = visitor;
        seen = Traversal.identitySet(expected);
    }

    /** Visits each tensor. A tensor that is held twice is visited twice. */
    static void forEach(Module<?, ?> root, Consumer<Tensor> visitor) {
        new HeldTensors(visitor, root.registry().modulesBelow).visit(root);
    }

    private void visit(Module<?, ?> module) {
        if (seen.add(module)) {
            module.registry().forEachHeld(this::visitValue);
            module.visitChildren((key, child) -> visit(child));
        }
    }

    private void visitValue(Object value) {
        if (value instanceof Module<?, ?> module) {
            visit(module);
        } else if (value instanceof Tensor tensor
                && !(value instanceof Parameter || value instanceof Buffer || tensor.isClosed())) {
            visitor.accept(tensor);
        }
    }
}
