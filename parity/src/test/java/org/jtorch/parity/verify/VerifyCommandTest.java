package org.jtorch.parity.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Cuda;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code jtorch verify} with a correct recording, and with incorrect ones. */
class VerifyCommandTest {

    /** Two cases of a module that keeps values above 0. */
    private static final String RECORDING = """
            {"module": "Threshold", "cases": [
              {"id": 0, "desc": "zero", "training": false, "seed": 1, "module": "Threshold", "args": [0.0, 0.0], "kwargs": {},
               "repr_new": "Threshold(threshold=0.0, value=0.0)", "repr": "Threshold(threshold=0.0, value=0.0)",
               "state": {}, "forward_args": [{"tensor": "x", "requires_grad": true}], "forward_kwargs": {},
               "stochastic": false, "outputs": {"tensor": "y", "requires_grad": true}, "grad_outputs": ["one"],
               "grad_inputs": ["g"], "grad_params": {}, "buffers_after": {}},
              {"id": 1, "desc": "no grad", "training": true, "seed": 1, "module": "Threshold", "args": [0.0, 0.0], "kwargs": {},
               "repr_new": "Threshold(threshold=0.0, value=0.0)", "repr": "Threshold(threshold=0.0, value=0.0)",
               "state": {}, "forward_args": [{"tensor": "x"}], "forward_kwargs": {},
               "stochastic": false, "outputs": {"tensor": "y"}, "grad_outputs": [],
               "grad_inputs": [], "grad_params": {}, "buffers_after": {}}]}
            """;

    private record Result(int status, List<String> out, String err) {

        String last() {
            return out.get(out.size() - 1);
        }
    }

    @TempDir
    Path folder;

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    @BeforeEach
    void record() {
        tensors.put("x", Torch.tensor(new double[] {-1, 2}));
        tensors.put("y", Torch.tensor(new double[] {0, 2}));
        tensors.put("one", Torch.tensor(new double[] {1, 1}));
        tensors.put("g", Torch.tensor(new double[] {0, 1}));
    }

    private Result verify(String recording) throws IOException {
        Files.writeString(folder.resolve("Threshold.json"), recording);
        Checkpoint.saveSafetensors(folder.resolve("Threshold.safetensors"), tensors);
        return run();
    }

    private Result run(String... options) {
        CommandLine line = VerifyCommand.commandLine();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        List<String> arguments = new ArrayList<>(List.of(folder.toString()));
        arguments.addAll(List.of(options));
        int status = line.execute(arguments.toArray(String[]::new));
        return new Result(status, out.toString().lines().toList(), err.toString());
    }

    @Test
    void soundRecordingsPass() throws IOException {
        Result result = verify(RECORDING);
        assertEquals(List.of("ok      Threshold  2 of 2", "2 passed, 0 failed"), result.out);
        assertEquals(0, result.status);
    }

    @Test
    void recordedProgramsPass() {
        CommandLine line = VerifyCommand.commandLine();
        StringWriter out = new StringWriter();
        line.setOut(new PrintWriter(out, true));
        int status = line.execute("../export/src/test/resources/graphs");
        List<String> lines = out.toString().lines().toList();
        assertEquals(
                List.of(),
                lines.stream().filter(text -> text.startsWith("FAILED")).toList());
        assertEquals((lines.size() - 1) + " passed, 0 failed", lines.get(lines.size() - 1));
        assertTrue(lines.size() > 50, lines.toString());
        assertEquals(0, status);
    }

    @Test
    void aProgramWithAnotherOutputOrGradientFails() throws IOException {
        Path graphs = Path.of("../export/src/test/resources/graphs");
        Files.copy(graphs.resolve("dynamic_batch.pt2"), folder.resolve("mlp.pt2"));
        Map<String, Tensor> recorded = new LinkedHashMap<>(
                Checkpoint.load(graphs.resolve("dynamic_batch.safetensors")).tensors());
        recorded.put("grad.fc1.bias", recorded.get("grad.fc1.bias").add(1));
        Checkpoint.saveSafetensors(folder.resolve("mlp.safetensors"), recorded);
        Result gradient = run();
        assertEquals("FAILED  mlp  0 of 1", gradient.out.get(0));
        assertTrue(
                gradient.out.get(1).contains("gradient of fc1.bias: 16 of 16 elements are off"), gradient.out.get(1));
        recorded.put("output.0", recorded.get("output.0").add(1));
        Checkpoint.saveSafetensors(folder.resolve("mlp.safetensors"), recorded);
        Result output = run();
        assertTrue(output.out.get(1).contains("output 0: 12 of 12 elements are off"), output.out.get(1));
        assertEquals("0 passed, 1 failed", output.last());
        assertEquals(1, output.status);
    }

    @Test
    void anotherValueFailsBothOfItsCases() throws IOException {
        tensors.put("y", Torch.tensor(new double[] {0, 2.5}));
        Result result = verify(RECORDING);
        assertEquals("FAILED  Threshold  0 of 2", result.out.get(0));
        assertEquals(
                "        0 zero: output 0: 1 of 2 elements are off, by 0.5 at most; element 1 is 2.0, not 2.5",
                result.out.get(1));
        assertEquals("0 passed, 2 failed", result.last());
        assertEquals(1, result.status);
    }

    @Test
    void anotherGradientTextOrShapeFailsOneCase() throws IOException {
        assertFails(verify(RECORDING.replace("[\"g\"]", "[\"one\"]")), "gradient of input 0");
        assertFails(verify(RECORDING.replaceFirst("value=0.0", "value=1.0")), "repr: Threshold(");
        tensors.put("wide", Torch.zeros(1, 2).to(DType.FLOAT64));
        assertFails(
                verify(RECORDING.replaceFirst("\"tensor\": \"y\"", "\"tensor\": \"wide\"")), "shape: [2], not [1, 2]");
    }

    private static void assertFails(Result result, String reason) {
        assertTrue(result.out.get(1).contains(reason), result.out.toString());
        assertEquals("1 passed, 1 failed", result.last());
        assertEquals(1, result.status);
    }

    @Test
    void whatCannotBeMadeOrReadFails() throws IOException {
        assertFails(
                verify(RECORDING.replaceFirst(
                        "\"module\": \"Threshold\", \"args\"", "\"module\": \"Nonesuch\", \"args\"")),
                "Nonesuch");
        assertFails(verify(RECORDING.replaceFirst("\"tensor\": \"x\"", "\"tensor\": \"nowhere\"")), "nowhere");
        Files.delete(folder.resolve("Threshold.safetensors"));
        assertEquals("0 passed, 2 failed", run().last());
        Files.writeString(folder.resolve("Threshold.json"), "{\"module\": ");
        Result broken = run();
        assertTrue(broken.out.get(1).contains("no JSON"), broken.out.toString());
        assertEquals("0 passed, 1 failed", broken.last());
        Files.writeString(folder.resolve("Threshold.json"), "{\"module\": \"Threshold\", \"cases\": []}");
        Result empty = run();
        assertTrue(empty.out.get(1).contains("no cases"), empty.out.toString());
        assertEquals(1, empty.status);
    }

    @Test
    void anEmptyFolderIsAnError() {
        Result result = run();
        assertEquals(1, result.status);
        assertTrue(result.err.contains("there are no recordings"), result.err);
    }

    @Test
    void aDeviceThatIsNotThereIsOneLine() throws IOException {
        verify(RECORDING);
        assertEquals(0, run("--device", "cpu").status);
        assertUnavailable("foo:bar", "'foo:bar' has no device index after the colon; write foo:0");
        assertUnavailable("foo", "Expected one of cpu, cuda");
        assertUnavailable("mps", "MPS");
        assertUnavailable("meta", "--device meta: a meta tensor has no values to compare");
        assumeFalse(Cuda.isAvailable(), "the rest is about machines without CUDA");
        assertUnavailable("cuda", "there is no CUDA device: the engine in use was built without CUDA.");
    }

    private void assertUnavailable(String device, String message) {
        Result result = run("--device", device);
        assertEquals(2, result.status);
        assertEquals(List.of(), result.out);
        assertEquals(1, result.err.lines().count(), result.err);
        assertTrue(result.err.contains(message), result.err);
    }

    @Test
    void everythingIsMovedToTheDevice() throws IOException {
        verify(RECORDING);
        RecordedCase recorded =
                RecordedModule.read(folder.resolve("Threshold.json")).cases().get(0);
        Disagreement e = assertThrows(Disagreement.class, () -> recorded.replay(Device.META));
        // The output was computed there, and so has no values.
        assertTrue(e.getMessage().contains("a meta tensor has a shape but no values"), e.getMessage());
    }
}
