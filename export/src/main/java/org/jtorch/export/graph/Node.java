package org.jtorch.export.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operator of a graph.
 *
 * @param target the operator as Python names it: {@code torch.ops.aten.linear.default}, {@code _operator.mul}
 * @param inputs the arguments; arguments with their default may be left out
 * @param outputs the values that the operator makes
 * @param metadata where the node comes from, such as {@code stack_trace} and {@code nn_module_stack}
 * @param isHopSingleTensorReturn for an operator on graphs: whether it returns a tensor rather than a list; null otherwise
 * @param name the name; null in files of older PyTorch
 */
public record Node(
        String target,
        List<NamedArgument> inputs,
        List<Argument> outputs,
        Map<String, String> metadata,
        @Nullable Boolean isHopSingleTensorReturn,
        @Nullable String name) {

    /** Creates a node. */
    public Node(
            String target,
            List<NamedArgument> inputs,
            List<Argument> outputs,
            @Nullable Map<String, String> metadata,
            @Nullable Boolean isHopSingleTensorReturn,
            @Nullable String name) {
        this.target = Fields.required(target, "target of a node");
        this.inputs = List.copyOf(Fields.required(inputs, "inputs of a node"));
        this.outputs = List.copyOf(Fields.required(outputs, "outputs of a node"));
        this.metadata = metadata == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        this.isHopSingleTensorReturn = isHopSingleTensorReturn;
        this.name = name;
    }

    /** Returns a node of an operator of the engine. */
    public static Node of(String name, String target, List<NamedArgument> inputs, List<Argument> outputs) {
        return new Node(target, inputs, outputs, Map.of(), null, name);
    }

    /** Returns the name, or that of the first output if the node has none. */
    public String label() {
        String own = name;
        if (own != null) {
            return own;
        }
        for (Argument output : outputs) {
            List<String> names = output.names();
            if (!names.isEmpty()) {
                return names.get(0);
            }
        }
        return target;
    }

    /** Returns the node as {@code name = target(arguments)}. */
    @Override
    public String toString() {
        return GraphText.of(this);
    }
}
