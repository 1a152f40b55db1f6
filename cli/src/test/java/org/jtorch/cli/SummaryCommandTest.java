package org.jtorch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.nn.Module;
import org.jtorch.nn.spec.ModuleSpec;
import org.jtorch.serialize.ModelFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code jtorch summary}: its tables, its inputs, and its messages for invalid ones. */
class SummaryCommandTest {

    private static final String CNN = """
            {"module": "Sequential", "args": [
              {"body": {"module": "Sequential", "args": [
                  {"module": "Conv2d", "args": [3, 8, 3], "kwargs": {"padding": 1, "bias": false}},
                  {"module": "ReLU"}]},
               "flat": {"module": "Flatten"},
               "head": {"module": "LazyLinear", "args": [10]}}]}
            """;

    @TempDir
    Path folder;

    private CommandRun summary(String json, String... args) throws IOException {
        Files.writeString(folder.resolve("model.json"), json);
        return run(args);
    }

    private CommandRun run(String... args) {
        String[] all = new String[args.length + 2];
        all[0] = "summary";
        all[1] = folder.resolve("model.json").toString();
        System.arraycopy(args, 0, all, 2, args.length);
        return CommandRun.run(all);
    }

    @Test
    void withAnInputItCallsTheModel() throws IOException {
        CommandRun result = summary(CNN, "--input", "2,3,4,4");
        assertEquals(0, result.status(), result.err());
        assertEquals("""
                layer    class       output shape  parameters  trainable  multiply-adds   memory
                -------  ----------  ------------  ----------  ---------  -------------  -------
                (model)  Sequential  [2, 10]            1,506      1,506          9,472  2.1 KiB
                body     Sequential  [2, 8, 4, 4]         216        216          6,912  2.0 KiB
                body.0   Conv2d      [2, 8, 4, 4]         216        216          6,912  1.0 KiB
                body.1   ReLU        [2, 8, 4, 4]           0          0              0  1.0 KiB
                flat     Flatten     [2, 128]               0          0              0      0 B
                head     Linear      [2, 10]            1,290      1,290          2,560     80 B

                parameters: 1,506 (1,506 trainable), 5.9 KiB; buffers: 0 B
                input: 384 B; activations: 2.1 KiB; all together: 8.3 KiB
                multiply-adds: 9,472
                """, result.out());
    }

    @Test
    void withoutAnInputItTellsTheParameters() throws IOException {
        CommandRun result = summary(CNN);
        assertEquals(0, result.status(), result.err());
        assertTrue(result.out().contains("body.0   Conv2d             216        216"), result.out());
        assertTrue(
                result.out().contains("parameters: 216 (216 trainable), 864 B; buffers: 0 B; 2 of unknown shape"),
                result.out());
    }

    @Test
    void theDepthHidesRowsAndLosesNothing() throws IOException {
        CommandRun called = summary(CNN, "--input", "2,3,4,4", "--depth", "1");
        assertFalse(called.out().contains("body.0"), called.out());
        assertTrue(
                called.out().contains("body     Sequential  [2, 8, 4, 4]         216        216          6,912"),
                called.out());
        CommandRun modules = run("--depth", "0");
        assertFalse(modules.out().contains("body"), modules.out());
        assertTrue(modules.out().contains("parameters: 216"), modules.out());
    }

    @Test
    void inputsHaveADtype() throws IOException {
        String json = "{\"module\": \"Sequential\", \"args\": [{\"module\": \"Embedding\", \"args\": [100, 8]}]}";
        CommandRun own = summary(json, "--input", "2,16:int64");
        assertEquals(0, own.status(), own.err());
        assertTrue(own.out().contains("0        Embedding   [2, 16, 8]"), own.out());
        assertEquals(own, run("--input", "2,16", "--dtype", "torch.int64"));
        CommandRun floats = run("--input", "2,16");
        assertEquals(1, floats.status());
        assertTrue(floats.err().contains("in 0 (Embedding)"), floats.err());
    }

    /** The dtype is that of the parameters, which the file of weights determines. */
    @Test
    void theUsualDtypeIsThatOfTheModel() {
        ModuleSpec spec = ModuleSpec.of("Linear", 3, 4);
        Module<?, ?> model = spec.build();
        model.to(DType.FLOAT64);
        ModelFile.save(folder.resolve("model.json"), spec, model);
        CommandRun result = run("--input", "2,3");
        assertEquals(0, result.status(), result.err());
        assertTrue(result.out().contains("input: 48 B"), result.out());
    }

    @Test
    void aModelMayTakeSeveralInputs() throws IOException {
        String json = ModuleSpec.of(
                        "Transformer",
                        List.of(),
                        Map.of(
                                "d_model",
                                8,
                                "nhead",
                                2,
                                "num_encoder_layers",
                                1,
                                "num_decoder_layers",
                                1,
                                "dim_feedforward",
                                16))
                .toJson();
        CommandRun result = summary(json, "--input", "5,2,8", "--input", "3,2,8", "--depth", "1");
        assertEquals(0, result.status(), result.err());
        assertTrue(result.out().contains("(model)  Transformer         [3, 2, 8]"), result.out());
        CommandRun tooMany = summary(CNN, "--input", "2,3,4,4", "--input", "1");
        assertEquals(1, tooMany.status());
        assertEquals("jtorch: Sequential takes one input, not 2\n", tooMany.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--input 1x3 | 2 | '1x3' is not a shape: write 1,3,224,224",
                "--input 1,-3 | 2 | '1,-3' is not a shape",
                "--input 1,3: | 2 | '' is not a dtype",
                "--input 1,3:int65 | 2 | 'int65' is not a dtype",
                "--input 4000000000,4000000000 | 2 | has more elements than 64 bits count",
                "--dtype float31 | 2 | 'float31' is not a dtype",
                "--depth -1 | 2 | --depth is -1, but must be 0 or more",
                "--depth x | 2 | --depth",
                "--input 2,4,8,8 | 1 | in body.0 (Conv2d): Given groups=1, weight of size [8, 3, 3, 3]",
            })
    void badArgumentsGetOneLine(String args, int status, String reason) throws IOException {
        oneLine(summary(CNN, args.split(" ")), status, reason);
    }

    @Test
    void badFilesGetOneLine() throws IOException {
        oneLine(run(), 1, "there is no such file");
        oneLine(summary("{\"module\": "), 1, "model.json: module (line 1, column 12): broken JSON");
        oneLine(summary("{\"module\": \"Conv9d\"}"), 1, "model.json: line 1, column 1: no module is called 'Conv9d'");
        oneLine(
                summary("{\"module\": \"Linear\", \"args\": [3, \"four\"]}"),
                1,
                "Linear's argument 'out_features' is four");
        CommandRun traced = run("--debug");
        assertEquals(1, traced.status());
        assertTrue(traced.err().contains("\tat org.jtorch."), traced.err());
    }

    private static void oneLine(CommandRun result, int status, String reason) {
        assertEquals(status, result.status(), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("jtorch: ") && result.err().contains(reason), result.err());
        assertEquals("", result.out());
    }

    @Test
    void aModelLargerThanMemoryGetsOneLine() throws IOException {
        CommandRun result = summary("{\"module\": \"Linear\", \"args\": [16777216, 16777216]}");
        oneLine(result, 1, "out of memory: aten::empty asked for 1,125,899,906,842,624 bytes (1048576.0 GiB)");
    }

    @Test
    void itHasHelp() {
        CommandRun help = run("--help");
        assertEquals(0, help.status());
        assertTrue(help.out().startsWith("Usage: jtorch summary"), help.out());
        assertTrue(help.out().contains("SHAPE[:DTYPE]"), help.out());
    }
}
