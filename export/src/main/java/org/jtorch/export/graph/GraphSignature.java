package org.jtorch.export.graph;

import java.util.List;

/**
 * What the inputs and outputs of a graph are.
 *
 * @param inputSpecs what each input is, in order
 * @param outputSpecs what each output is, in order
 */
public record GraphSignature(List<InputSpec> inputSpecs, List<OutputSpec> outputSpecs) {

    /** Creates a signature. */
    public GraphSignature {
        inputSpecs = List.copyOf(Fields.required(inputSpecs, "input specs of the signature"));
        outputSpecs = List.copyOf(Fields.required(outputSpecs, "output specs of the signature"));
    }
}
