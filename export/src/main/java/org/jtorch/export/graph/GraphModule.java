package org.jtorch.export.graph;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A graph with its signature.
 *
 * @param graph the operators
 * @param signature what the inputs and outputs of the graph are
 * @param moduleCallGraph the modules from which the program was exported; the first is the whole model
 * @param metadata further texts
 * @param treespecNamedtupleFields the fields of Python's named tuples in the trees, by the name of their class
 */
public record GraphModule(
        Graph graph,
        GraphSignature signature,
        List<ModuleCall> moduleCallGraph,
        Map<String, String> metadata,
        Map<String, NamedTuple> treespecNamedtupleFields) {

    /** The fields of a named tuple. */
    public record NamedTuple(List<String> fieldNames) {

        /** Creates the fields. */
        public NamedTuple {
            fieldNames = List.copyOf(Fields.required(fieldNames, "fields of a named tuple"));
        }
    }

    /** Creates a graph module. */
    public GraphModule(
            Graph graph,
            GraphSignature signature,
            List<ModuleCall> moduleCallGraph,
            @Nullable Map<String, String> metadata,
            @Nullable Map<String, NamedTuple> treespecNamedtupleFields) {
        this.graph = Fields.required(graph, "graph of the program");
        this.signature = Fields.required(signature, "signature of the program");
        this.moduleCallGraph = List.copyOf(Fields.required(moduleCallGraph, "module call graph of the program"));
        this.metadata = Fields.copy(metadata);
        this.treespecNamedtupleFields = Fields.copy(treespecNamedtupleFields);
    }
}
