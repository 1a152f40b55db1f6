package org.jtorch.export.graph;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An exported program without its weights.
 *
 * @param graphModule the graph and its signature
 * @param opsetVersion the version of each set of operators
 * @param rangeConstraints the values that each symbol may have
 * @param schemaVersion the version of the schema
 * @param verifiers the checks that the graph has passed in PyTorch
 * @param torchVersion the version of PyTorch that exported it
 * @param guardsCode further conditions on the inputs, as Python writes them
 */
public record Program(
        GraphModule graphModule,
        Map<String, Integer> opsetVersion,
        Map<String, RangeConstraint> rangeConstraints,
        SchemaVersion schemaVersion,
        List<String> verifiers,
        String torchVersion,
        List<String> guardsCode) {

    /** Creates a program. */
    public Program(
            GraphModule graphModule,
            @Nullable Map<String, Integer> opsetVersion,
            @Nullable Map<String, RangeConstraint> rangeConstraints,
            SchemaVersion schemaVersion,
            @Nullable List<String> verifiers,
            @Nullable String torchVersion,
            @Nullable List<String> guardsCode) {
        this.graphModule = Fields.required(graphModule, "graph module of the program");
        this.opsetVersion = Fields.copy(opsetVersion);
        this.rangeConstraints = Fields.copy(rangeConstraints);
        this.schemaVersion = Fields.required(schemaVersion, "schema version of the program");
        this.verifiers = verifiers == null ? List.of() : List.copyOf(verifiers);
        this.torchVersion = torchVersion == null ? "<=2.4" : torchVersion;
        this.guardsCode = guardsCode == null ? List.of() : List.copyOf(guardsCode);
    }
}
