package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.export.graph.ExportException;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.linear.Linear;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that are written as TorchScript compute what Python recorded. The programs are those of {@code parity/record/graphs.py};
 * {@code parity/record/check_java_torchscript.py} reads what is written here in Python.
 */
class TorchScriptTest {

    private static final Path PROGRAMS = Path.of("src/test/resources/graphs");

    @TempDir
    Path folder;

    static Stream<Path> programs() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(PROGRAMS)) {
            all = files.filter(file -> file.toString().endsWith(".pt2") && !isRefused(file))
                    .sorted()
                    .toList();
        }
        assertTrue(all.size() >= 30, "programs: " + all);
        return all.stream();
    }

    /** Returns whether a program has something that TorchScript lacks. */
    private static boolean isRefused(Path program) {
        String name = String.valueOf(program.getFileName());
        return name.equals("autocast_part.pt2")
                || name.equals("detection_head.pt2")
                || name.equals("regions_adaptive.pt2");
    }

    private static Path recording(Path program) {
        return Path.of(program.toString().replaceFirst("\\.pt2$", ".safetensors"));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aWrittenProgramBehavesAsInPython(Path file) {
        ExportedProgram program = ExportedProgram.load(file);
        Path written = folder.resolve("program.pt");
        TorchScript.export(program, written);
        ScriptModule<Inputs, Object> script = ScriptModule.load(written);
        assertTrue(script.stateDict().keySet().containsAll(program.stateDict().keySet()));
        assertEquals(file.toString().contains("training_mode"), script.isTraining());
        assertEquals(script.isTraining(), script.attribute("training"));
        Map<String, Tensor> recorded = Checkpoint.load(recording(file)).stateDict();
        List<@Nullable Object> inputs = new ArrayList<>();
        for (int i = 0; recorded.containsKey("input." + i); i++) {
            inputs.add(recorded.get("input." + i));
        }
        List<Tensor> outputs = new ArrayList<>();
        collect(script.call(new Inputs(inputs, Map.of())), outputs);
        long expected = recorded.keySet().stream()
                .filter(key -> key.startsWith("output."))
                .count();
        assertEquals(expected, outputs.size());
        Tensor loss = null;
        for (int i = 0; i < expected; i++) {
            close(recorded.get("output." + i), outputs.get(i).detach(), 1, "output " + i);
            if (outputs.get(i).isFloatingPoint()) {
                Tensor part = outputs.get(i).to(DType.FLOAT32).pow(2).mean();
                loss = loss == null ? part : loss.add(part);
            }
        }
        if (loss != null && loss.requiresGrad()) {
            loss.backward();
        }
        for (Named<Parameter> parameter : script.namedParameters()) {
            Tensor grad = recorded.get("grad." + parameter.name());
            if (grad != null) {
                Tensor own = parameter.value().grad();
                // torch.export's cond gives zeros to the branch that was not taken
                close(grad, own == null ? Torch.zerosLike(grad) : own, 10, "gradient of " + parameter.name());
            }
        }
    }

    private static void collect(@Nullable Object value, List<Tensor> tensors) {
        if (value instanceof Tensor tensor) {
            tensors.add(tensor);
        } else if (value instanceof List<?> list) {
            list.forEach(each -> collect(each, tensors));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(each -> collect(each, tensors));
        }
    }

    private static void close(Tensor expected, Tensor actual, double scale, String what) {
        assertEquals(expected.dtype(), actual.dtype(), what);
        assertEquals(expected.size(), actual.size(), what);
        boolean low = expected.dtype() == DType.FLOAT16 || expected.dtype() == DType.BFLOAT16;
        Tensor a = expected.isComplex() ? expected : expected.to(DType.FLOAT64);
        Tensor b = expected.isComplex() ? actual : actual.to(DType.FLOAT64);
        assertTrue(b.allclose(a, (low ? 2e-2 : 1e-4) * scale, (low ? 2e-3 : 1e-5) * scale), what);
    }

    @Test
    void sizesAreChecked() {
        Path written = folder.resolve("transformer.pt");
        TorchScript.export(ExportedProgram.load(Path.of("src/test/resources/graphs/transformer.pt2")), written);
        ScriptModule<Inputs, Object> script = ScriptModule.load(written);
        ExportException e = assertThrows(ExportException.class, () -> script.call("forward", Torch.zeros(1, 1)));
        assertTrue(e.getMessage().contains("input 'src' must have 3 dimensions"), e.getMessage());
        ExportException size = assertThrows(ExportException.class, () -> script.call("forward", Torch.zeros(99, 1, 1)));
        assertTrue(size.getMessage().contains("size 0 of input 'src' must be "), size.getMessage());
    }

    @Test
    void whatTorchScriptLacksIsRefusedAndNothingIsWritten() {
        Path written = folder.resolve("x.pt");
        for (String[] each :
                new String[][] {{"detection_head", "torchvision.nms"}, {"autocast_part", "wrap_with_autocast"}}) {
            ExportedProgram program = ExportedProgram.load(PROGRAMS.resolve(each[0] + ".pt2"));
            ExportException e = assertThrows(ExportException.class, () -> TorchScript.export(program, written));
            assertTrue(e.getMessage().contains(each[1]), e.getMessage());
            assertFalse(Files.exists(written));
        }
    }

    @Test
    void aModuleIsRecordedAndWritten() {
        Linear linear = new Linear(3, 2);
        linear.eval();
        Tensor x = Torch.randn(4, 3);
        Path written = folder.resolve("linear.pt");
        TorchScript.export(linear, Inputs.of(x), written);
        ScriptModule<Inputs, Object> script = ScriptModule.load(written);
        assertEquals(linear.stateDict().keySet(), script.stateDict().keySet());
        close(linear.call(x).detach(), ((Tensor) script.call(Inputs.of(x))).detach(), 1, "output");
    }

    @Test
    void aFolderThatDoesNotExistIsAnError() {
        ExportedProgram program = ExportedProgram.load(PROGRAMS.resolve("while_loop.pt2"));
        ExportException e =
                assertThrows(ExportException.class, () -> TorchScript.export(program, folder.resolve("no/x.pt")));
        assertTrue(e.getMessage().contains("does not exist"), e.getMessage());
    }
}
