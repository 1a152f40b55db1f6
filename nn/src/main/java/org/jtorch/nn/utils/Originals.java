package org.jtorch.nn.utils;

import org.jtorch.Tensor;
import org.jtorch.nn.Derivations;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;

/** Looks up the tensors from which computed parameters are computed. */
final class Originals {

    private Originals() {}

    /** Returns a tensor that must exist. */
    static Tensor of(Module<?, ?> module, String name) {
        Tensor tensor = Derivations.tensor(module, name);
        if (tensor == null) {
            throw new IllegalStateException(module.className() + " has no '" + name + "' any more");
        }
        return tensor;
    }

    /** Returns a parameter that is to become a computed one. */
    static Parameter parameter(Module<?, ?> module, String name) {
        if (Derivations.of(module, name) != null) {
            throw new IllegalArgumentException("'" + name + "' of " + module.className()
                    + " is computed from other parameters already: remove that first");
        }
        if (Derivations.tensor(module, name) instanceof Parameter parameter) {
            return parameter;
        }
        throw new IllegalArgumentException("'" + module.className() + "' object has no parameter '" + name + "'");
    }
}
