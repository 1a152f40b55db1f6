package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.export.graph.Argument;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of programs: written as read, with each storage once, and completely or not at all. */
class SaveTest {

    @TempDir
    Path folder;

    static List<Path> graphs() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/graphs"))) {
            return files.filter(file -> file.toString().endsWith(".pt2"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void aProgramOfPyTorchIsWrittenAsItWasRead(Path file) throws IOException {
        ExportedProgram read = ExportedProgram.load(file);
        Path copy = folder.resolve("copy.pt2");
        read.save(copy);
        ExportedProgram again = ExportedProgram.load(copy);
        assertEquals(read.program(), again.program());
        assertEquals(read.stateDict().keySet(), again.stateDict().keySet());
        read.stateDict().forEach((name, tensor) -> {
            Tensor other = again.stateDict().get(name);
            assertTrue(tensor.equal(other), name);
            assertArrayEquals(tensor.strides(), other.strides(), name);
            assertEquals(tensor.requiresGrad(), other.requiresGrad(), name);
            assertEquals(tensor.getClass(), other.getClass(), name);
        });
        assertEquals(weights(file), weights(copy), "tied weights are written once");
        assertNotNull(again.exampleInputs());
    }

    private static long weights(Path file) throws IOException {
        return names(file).stream().filter(name -> name.contains("/weight_")).count();
    }

    private static List<String> names(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<String> names = new ArrayList<>();
            zip.stream().map(ZipEntry::getName).forEach(names::add);
            return names;
        }
    }

    private static final class Views extends Module<Tensor, Tensor> {
        Tensor memory = Torch.randn(4, 6);
        Buffer whole = new Buffer(memory);
        Buffer part = new Buffer(memory.t().narrow(0, 1, 2));
        Buffer half = new Buffer(Torch.randn(3).to(DType.BFLOAT16));
        Buffer empty = new Buffer(Torch.zeros(0, 3));

        @Override
        protected Tensor forward(Tensor x) {
            return x.add(whole.sum())
                    .add(part.sum())
                    .add(half.sum())
                    .add(empty.sum())
                    .clamp(Double.NEGATIVE_INFINITY, 1e30);
        }
    }

    @Test
    void viewsShareTheirStorage() throws IOException {
        Views net = new Views();
        Path file = folder.resolve("views.pt2");
        ExportedProgram.of(net, Torch.randn(2)).save(file);
        assertEquals(3, weights(file));
        ExportedProgram program = ExportedProgram.load(file);
        net.stateDict().forEach((name, tensor) -> {
            Tensor other = program.stateDict().get(name);
            assertTrue(tensor.equal(other), name);
            assertArrayEquals(tensor.strides(), other.strides(), name);
        });
        assertEquals(6, program.stateDict().get("whole").stride(0));
        assertEquals(6, program.stateDict().get("part").stride(1));
        Tensor x = Torch.randn(2);
        assertTrue(
                net.call(x).allclose(program.module(Tensor.class, Tensor.class).call(x), 1e-5, 1e-6, false));
    }

    @Test
    void theLayoutIsThatOfPyTorch() throws IOException {
        Path file = folder.resolve("layout.pt2");
        ExportedProgram.of(new Linear(2, 3), Torch.randn(1, 2)).save(file, Map.of("labels.txt", "a\nb"));
        List<String> names = names(file);
        for (String name : List.of(
                "archive_format",
                "archive_version",
                "byteorder",
                ".data/version",
                ".data/serialization_id",
                "models/model.json",
                "data/weights/model_weights_config.json",
                "data/weights/weight_0",
                "data/constants/model_constants_config.json",
                "data/sample_inputs/model.pt",
                "extra/labels.txt")) {
            assertTrue(names.contains("layout/" + name), name + " is not in " + names);
        }
        ExportedProgram program = ExportedProgram.load(file);
        assertEquals(Map.of("labels.txt", "a\nb"), program.extraFiles());
        Path again = folder.resolve("again.pt2");
        program.save(again);
        assertEquals(Map.of("labels.txt", "a\nb"), ExportedProgram.load(again).extraFiles());
        assertThrows(IllegalArgumentException.class, () -> program.save(again, Map.of("../x", "")));
    }

    @Test
    void theSameProgramGivesTheSameBytes() throws IOException {
        ExportedProgram program = ExportedProgram.of(new Linear(2, 3), Torch.randn(1, 2));
        Path first = Files.createDirectories(folder.resolve("a")).resolve("p.pt2");
        Path second = Files.createDirectories(folder.resolve("b")).resolve("p.pt2");
        program.save(first);
        program.save(second);
        assertEquals(-1, Files.mismatch(first, second));
    }

    @Test
    void aFileIsWrittenCompletelyOrNotAtAll() throws IOException {
        Linear net = new Linear(2, 3);
        ExportedProgram program = ExportedProgram.of(net, Torch.randn(1, 2));
        Path file = folder.resolve("p.pt2");
        program.save(file);
        byte[] before = Files.readAllBytes(file);
        net.bias.close();
        assertThrows(RuntimeException.class, () -> program.save(file));
        assertArrayEquals(before, Files.readAllBytes(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(1, files.count(), "a temporary file is left");
        }
        assertThrows(TorchException.class, () -> program.save(folder.resolve("missing/p.pt2")));
    }

    @Test
    void aProgramReplacesTheFileOfItsWeights() {
        Linear net = new Linear(2, 3);
        Path file = folder.resolve("p.pt2");
        ExportedProgram.of(net, Torch.randn(1, 2)).save(file);
        ExportedProgram program = ExportedProgram.load(file);
        program.save(file);
        assertTrue(net.weight.equal(ExportedProgram.load(file).stateDict().get("weight")));
    }

    @Test
    void infinityIsWritten() {
        Path file = folder.resolve("p.pt2");
        ExportedProgram.of(new Views(), Torch.randn(2)).save(file);
        boolean found = ExportedProgram.load(file).graph().nodes().stream()
                .flatMap(node -> node.inputs().stream())
                .anyMatch(input -> input.arg() instanceof Argument.Float number && Double.isInfinite(number.value()));
        assertTrue(found);
    }
}
