package org.jtorch.export.internal.script;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jtorch.Tensor;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.InputSpec;
import org.jtorch.export.graph.Program;
import org.jtorch.export.internal.run.Mode;
import org.jtorch.internal.ScriptHandle;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.internal.file.AtomicFile;

/** Writes programs as TorchScript. */
public final class ScriptWriter {

    private ScriptWriter() {}

    /**
     * Writes a program.
     *
     * @param state the parameters and buffers by their names
     * @param constants the other tensors by their names
     * @throws ExportException if the program has something that TorchScript cannot express
     */
    public static void write(Program program, Map<String, Tensor> state, Map<String, Tensor> constants, Path path) {
        String source = ForwardSource.of(program);
        ScriptHandle root = ScriptHandle.create("Program", null);
        Map<String, ScriptHandle> modules = new HashMap<>(Map.of("", root));
        Set<String> needed = new LinkedHashSet<>(state.keySet());
        Set<String> buffers = new LinkedHashSet<>();
        for (InputSpec spec : program.graphModule().signature().inputSpecs()) {
            if (spec instanceof InputSpec.BufferInput buffer) {
                needed.add(buffer.bufferName());
                buffers.add(buffer.bufferName());
            } else if (spec instanceof InputSpec.TensorConstant constant) {
                needed.add(constant.tensorConstantName());
            }
        }
        for (String name : needed) {
            boolean known = state.containsKey(name) || buffers.contains(name);
            Tensor tensor = state.containsKey(name) ? state.get(name) : constants.get(name);
            if (tensor == null) {
                throw new ExportException("the program has no value for '" + name + "', which its graph uses");
            }
            int dot = name.lastIndexOf('.');
            ScriptHandle.Kind kind = tensor instanceof Parameter
                    ? ScriptHandle.Kind.PARAMETER
                    : known ? ScriptHandle.Kind.BUFFER : ScriptHandle.Kind.VALUE;
            module(name.substring(0, Math.max(dot, 0)), modules).addTensor(name.substring(dot + 1), tensor, kind);
        }
        boolean training =
                Boolean.TRUE.equals(Mode.of(program.graphModule().graph()).training());
        modules.values().forEach(module -> module.addMode(training));
        root.define(source);
        AtomicFile.writeByPath(
                path, temporary -> root.save(temporary.toAbsolutePath().toString()));
    }

    private static ScriptHandle module(String path, Map<String, ScriptHandle> modules) {
        ScriptHandle known = modules.get(path);
        if (known != null) {
            return known;
        }
        int dot = path.lastIndexOf('.');
        ScriptHandle parent = module(path.substring(0, Math.max(dot, 0)), modules);
        ScriptHandle made = parent.addModule(path.substring(dot + 1), "Part");
        modules.put(path, made);
        return made;
    }
}
