package org.jtorch.export.internal.pt2;

import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.export.graph.Program;

/**
 * What an archive holds.
 *
 * @param program the program
 * @param state its parameters and buffers, by their names
 * @param constants its constants, by their names
 * @param sampleInputs the pickle of the inputs with which it was exported; empty if there is none
 * @param extraFiles further texts that the user added, by their names
 */
public record Pt2Contents(
        Program program,
        Map<String, Tensor> state,
        Map<String, Tensor> constants,
        byte[] sampleInputs,
        Map<String, String> extraFiles) {}
