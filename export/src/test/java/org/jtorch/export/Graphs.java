package org.jtorch.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.serialize.Checkpoint;

/** The recorded programs. */
public final class Graphs {

    private Graphs() {}

    static Path path(String name) {
        return Path.of("src/test/resources/graphs", name + ".pt2");
    }

    public static ExportedProgram load(String name) {
        return ExportedProgram.load(path(name));
    }

    /** Returns the recorded inputs and outputs of a program. */
    static Map<String, Tensor> recording(String name) {
        return Checkpoint.load(Path.of("src/test/resources/graphs", name + ".safetensors"))
                .tensors();
    }

    static Inputs inputs(Map<String, Tensor> recording) {
        List<Object> inputs = new ArrayList<>();
        while (recording.containsKey("input." + inputs.size())) {
            inputs.add(recording.get("input." + inputs.size()));
        }
        return Inputs.of(inputs.toArray());
    }
}
