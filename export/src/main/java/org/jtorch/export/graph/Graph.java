package org.jtorch.export.graph;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operators in the order in which they run, on values that have names. Each value is an input of the graph or an output of one
 * earlier node.
 *
 * @param inputs the inputs: values, or constants that the caller must pass
 * @param outputs the outputs: values or constants
 * @param nodes the operators, in the order in which they run
 * @param tensorValues what is known of each tensor, by its name
 * @param symIntValues what is known of each whole number that is computed, by its name
 * @param symBoolValues what is known of each boolean that is computed, by its name
 * @param isSingleTensorReturn for the graph of a branch or a loop: whether it returns a tensor rather than a list
 * @param customObjValues the objects of registered classes, by name
 * @param symFloatValues what is known of each number that is computed, by its name
 */
public record Graph(
        List<Argument> inputs,
        List<Argument> outputs,
        List<Node> nodes,
        Map<String, TensorMeta> tensorValues,
        Map<String, SymInt> symIntValues,
        Map<String, SymBool> symBoolValues,
        boolean isSingleTensorReturn,
        Map<String, Argument.CustomObject> customObjValues,
        Map<String, SymFloat> symFloatValues) {

    /** Creates a graph. A map that is null is empty: older files lack some of them. */
    public Graph(
            List<Argument> inputs,
            List<Argument> outputs,
            List<Node> nodes,
            @Nullable Map<String, TensorMeta> tensorValues,
            @Nullable Map<String, SymInt> symIntValues,
            @Nullable Map<String, SymBool> symBoolValues,
            boolean isSingleTensorReturn,
            @Nullable Map<String, Argument.CustomObject> customObjValues,
            @Nullable Map<String, SymFloat> symFloatValues) {
        this.inputs = List.copyOf(Fields.required(inputs, "inputs of a graph"));
        this.outputs = List.copyOf(Fields.required(outputs, "outputs of a graph"));
        this.nodes = List.copyOf(Fields.required(nodes, "nodes of a graph"));
        this.tensorValues = Fields.copy(tensorValues);
        this.symIntValues = Fields.copy(symIntValues);
        this.symBoolValues = Fields.copy(symBoolValues);
        this.isSingleTensorReturn = isSingleTensorReturn;
        this.customObjValues = Fields.copy(customObjValues);
        this.symFloatValues = Fields.copy(symFloatValues);
    }

    /** Returns this graph with other nodes. */
    public Graph withNodes(List<Node> nodes) {
        return new Graph(
                inputs,
                outputs,
                nodes,
                tensorValues,
                symIntValues,
                symBoolValues,
                isSingleTensorReturn,
                customObjValues,
                symFloatValues);
    }

    /** Returns the graph as text, one line for each node. */
    @Override
    public String toString() {
        return GraphText.of(this);
    }
}
