package org.jtorch.export;

import java.nio.file.Path;
import java.util.Objects;
import org.jtorch.TorchException;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.internal.script.ScriptWriter;
import org.jtorch.nn.Module;

/**
 * Writes models as TorchScript, for programs that do not read {@code .pt2}: Python's {@code torch.jit.load}, libtorch in C++,
 * PyTorch on phones, and DJL. {@link ScriptModule} reads TorchScript.
 *
 * <pre>{@code
 * TorchScript.export(ExportedProgram.load(Path.of("model.pt2")), Path.of("model.pt"));
 *
 * model = torch.jit.load("model.pt")                 # Python
 * logits = model(x)
 * }</pre>
 */
public final class TorchScript {

    private TorchScript() {}

    /**
     * Writes a program as TorchScript.
     *
     * <p><b>State.</b> Parameters, buffers and the modules that have them keep their names, so that the state dict has the same
     * keys and the parameters can be trained. Buffers that are not persistent are in the state dict of a script too; constants
     * are plain attributes.
     *
     * <p><b>Code.</b> {@code forward} has a line for each node of the graph, and the arguments of the program by their names.
     * Arguments that must have the value with which the program was exported have it as default. Sizes are checked as far as
     * they are fixed or have a range. A dict of values of different types, an object with named fields of different types, and
     * a list of them are tuples in the same order, since TorchScript has no other form for them. The code is that of the mode
     * in which the program was exported; {@code train()} and {@code eval()} do not change it.
     *
     * @param program the program
     * @param path the archive, usually {@code NAME.pt}. If writing fails, an existing file is not changed
     * @throws ExportException if the program has an operator that TorchScript does not have, such as one of
     *     {@link CustomOperators}, or the file cannot be written
     */
    public static void export(ExportedProgram program, Path path) {
        Objects.requireNonNull(path, "path");
        try {
            ScriptWriter.write(program.program(), program.stateDict(), program.constants(), path);
        } catch (ExportException e) {
            throw e;
        } catch (TorchException e) {
            throw new ExportException("the program cannot be written as TorchScript: " + e.getMessage(), e);
        }
    }

    /**
     * Records a module as {@link ExportedProgram#of(Module, Inputs)} does, and writes it as TorchScript.
     *
     * @param module the module, in the mode in which the script is to run
     * @param inputs the inputs with which it is recorded; the script takes inputs of the same sizes
     * @param path the archive, usually {@code NAME.pt}
     * @throws ExportException if the module cannot be recorded, or as {@link #export(ExportedProgram, Path)} throws it
     */
    public static void export(Module<?, ?> module, Inputs inputs, Path path) {
        export(ExportedProgram.of(module, inputs), path);
    }
}
