package org.jtorch.export.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A module from which the program was exported.
 *
 * @param fqn the path of the module; empty for the whole model
 * @param signature how it was called; null if this is not known
 */
public record ModuleCall(String fqn, @Nullable Signature signature) {

    /** Creates an entry. */
    public ModuleCall {
        Fields.required(fqn, "path of a module");
    }

    /**
     * How a module was called.
     *
     * @param inputs the values that it received
     * @param outputs the values that it returned
     * @param inSpec the tree of its arguments, as PyTorch writes it in JSON
     * @param outSpec the tree of its result
     * @param forwardArgNames the names of the arguments; null if they are not known
     */
    public record Signature(
            List<Argument> inputs,
            List<Argument> outputs,
            String inSpec,
            String outSpec,
            @Nullable List<String> forwardArgNames) {

        /** Creates a signature. */
        public Signature {
            Fields.required(inSpec, "tree of a module's arguments");
            Fields.required(outSpec, "tree of a module's result");
        }
    }
}
