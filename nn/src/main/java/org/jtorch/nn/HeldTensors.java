package org.jtorch.nn;

import java.util.Set;
import java.util.function.Consumer;
import org.jtorch.Tensor;

/**
 * The tensors that fields of a module and of all below it hold, themselves or in a record, list, map, array or optional.
 * Parameters, buffers and what was freed are not among them. Fields marked {@link Unregistered} are, and those of modules in such fields.
 */
final class HeldTensors {

    private final Consumer<Tensor> visitor;
    private final Set<Object> seen;

    private HeldTensors(Consumer<Tensor> visitor, int expected) {
        this.visitor = visitor;
        seen = Traversal.identitySet(expected);
    }

    /** Tells of each, of one that is held twice, twice. */
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
