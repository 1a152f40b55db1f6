package org.jtorch.export;

import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.internal.run.Interpreter;
import org.jtorch.export.internal.tree.Typed;
import org.jtorch.nn.Module;
import org.jtorch.nn.internal.Records;

/** The input of a module as the arguments of the program that is recorded of it. */
final class ModuleInput {

    private ModuleInput() {}

    /**
     * Records a module with its input: the components of a record are arguments by name, and anything else is the only one.
     *
     * @throws ExportException if it cannot be recorded, or returns a number that depends on a dynamic size
     */
    static ExportedProgram record(Module<?, ?> module, @Nullable Object input, Consumer<RecordOptions> options) {
        ExportedProgram program = input instanceof Record node
                ? ExportedProgram.of(module, node, options)
                : ExportedProgram.of(module, Inputs.of(input), options);
        for (Argument output : program.graph().outputs()) {
            boolean number = output instanceof Argument.SymInt
                    || output instanceof Argument.SymFloat
                    || output instanceof Argument.SymBool;
            if (number && !output.names().isEmpty()) {
                throw new ExportException("the module returns a number that depends on a dynamic size: return it as a"
                        + " tensor, or compile ExportedProgram.of(module, ...) with the types of its input and output");
            }
        }
        return program;
    }

    /** Returns the arguments of that program. */
    static Interpreter.Given given(@Nullable Object input) {
        if (input instanceof Inputs inputs) {
            return ExportedModule.given(inputs);
        }
        if (!(input instanceof Record node)) {
            return new Interpreter.Given(Collections.singletonList(Typed.toTree(input)), Map.of());
        }
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        RecordComponent[] components = Records.components(node.getClass());
        @Nullable Object[] values = Records.values(node);
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                kwargs.put(Typed.snake(components[i].getName()), Typed.toTree(values[i]));
            }
        }
        return new Interpreter.Given(List.of(), kwargs);
    }
}
