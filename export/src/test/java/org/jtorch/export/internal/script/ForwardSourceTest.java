package org.jtorch.export.internal.script;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jtorch.export.ExportedProgram;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.GraphModule;
import org.jtorch.export.graph.GraphSignature;
import org.jtorch.export.graph.InputSpec;
import org.jtorch.export.graph.OutputSpec;
import org.jtorch.export.graph.Program;
import org.junit.jupiter.api.Test;

class ForwardSourceTest {

    private static Program load(String name) {
        return ExportedProgram.load(Path.of("src/test/resources/graphs/" + name + ".pt2"))
                .program();
    }

    /** Returns a program whose first output is also the new value of its first buffer. */
    private static Program withMutation(Program program, String[] buffer) {
        GraphModule module = program.graphModule();
        Graph graph = module.graph();
        List<OutputSpec> specs = new ArrayList<>(module.signature().outputSpecs());
        List<Argument> outputs = new ArrayList<>(graph.outputs());
        Argument.Tensor made = (Argument.Tensor) outputs.get(0);
        for (InputSpec spec : module.signature().inputSpecs()) {
            if (spec instanceof InputSpec.BufferInput input && buffer[0] == null) {
                buffer[0] = input.bufferName();
            }
        }
        specs.add(0, new OutputSpec.BufferMutation(made, buffer[0]));
        outputs.add(0, made);
        Graph changed = new Graph(
                graph.inputs(),
                outputs,
                graph.nodes(),
                graph.tensorValues(),
                graph.symIntValues(),
                graph.symBoolValues(),
                graph.isSingleTensorReturn(),
                graph.customObjValues(),
                graph.symFloatValues());
        return new Program(
                new GraphModule(
                        changed,
                        new GraphSignature(module.signature().inputSpecs(), specs),
                        module.moduleCallGraph(),
                        module.metadata(),
                        module.treespecNamedtupleFields()),
                program.opsetVersion(),
                program.rangeConstraints(),
                program.schemaVersion(),
                program.verifiers(),
                program.torchVersion(),
                program.guardsCode());
    }

    @Test
    void aMutatedBufferIsCopiedTo() {
        String[] buffer = new String[1];
        String source = ForwardSource.of(withMutation(load("training_mode"), buffer));
        String last = buffer[0].substring(buffer[0].lastIndexOf('.') + 1);
        assertTrue(source.contains(last + ".detach().copy_("), source);
    }

    @Test
    void whatIsComputedWithoutGradientsIsDetached() {
        String source = ForwardSource.of(load("no_grad_part"));
        assertTrue(source.contains("torch.detach("), source);
    }

    @Test
    void constantsAreWrittenAsTorchScriptReadsThem() {
        assertTrue(SourceText.of(1e-5).equals("1.0e-5"), SourceText.of(1e-5));
        assertTrue(SourceText.of(Double.NEGATIVE_INFINITY).equals("float(\"-inf\")"));
        assertTrue(SourceText.of("a\"b\\\n").equals("\"a\\\"b\\\\\\n\""));
        assertTrue(SourceText.attribute("self", "0").equals("getattr(self, \"0\")"));
        assertTrue(SourceText.attribute("self", "in").equals("getattr(self, \"in\")"));
    }

    @Test
    void namesAreUniqueAndValid() {
        SourceNames names = new SourceNames();
        assertTrue(names.of("x").equals("x"));
        assertTrue(names.of("x").equals("x_1"));
        assertTrue(names.of("in").equals("in_1"));
        assertTrue(names.of("0.a-b").equals("v0_a_b"));
    }
}
