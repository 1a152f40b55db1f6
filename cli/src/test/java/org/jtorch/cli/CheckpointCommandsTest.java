package org.jtorch.cli;

import static org.jtorch.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect}, {@code diff}, {@code convert} and {@code check}: their output and their exit status. */
class CheckpointCommandsTest {

    @TempDir
    Path folder;

    private Path file;
    private Map<String, Object> content;

    @BeforeEach
    void write() {
        file = folder.resolve("a.pt");
        content = new LinkedHashMap<>();
        content.put("module.fc1.weight", Torch.randn(64, 100));
        content.put("module.fc1.bias", Torch.tensor(new float[] {1, -2, Float.NaN, Float.POSITIVE_INFINITY}));
        content.put("module.steps", Torch.arange(3));
        Checkpoint.save(file, content);
    }

    private static void fails(int status, String part, Object... args) {
        CommandRun result = run(args);
        assertEquals(status, result.status(), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("jtorch: "), result.err());
        assertTrue(result.err().contains(part), result.err());
    }

    // --- inspect -----------------------------------------------------------------------------------------------

    @Test
    void inspectFlat() {
        content.put("epoch", 7L);
        Checkpoint.save(file, content);
        CommandRun result = run("inspect", file);
        assertEquals(0, result.status(), result.err());
        assertEquals(
                List.of(
                        file + ": TORCH",
                        "",
                        "key                shape      dtype        size",
                        "-----------------  ---------  -------  --------",
                        "module.fc1.weight  [64, 100]  float32  25.0 KiB",
                        "module.fc1.bias    [4]        float32      16 B",
                        "module.steps       [3]        int64        24 B",
                        "",
                        "epoch = 7",
                        "",
                        "3 tensors, 6,407 elements, 25,640 bytes (25.0 KiB)"),
                result.lines());
    }

    /** Shows the name of each dtype of a safetensors file, even if PyTorch does not have it. */
    @Test
    void inspectTypesOfSafetensors() throws IOException {
        String header = "{\"a\":{\"dtype\":\"F6_E2M3\",\"shape\":[4],\"data_offsets\":[0,3]},"
                + "\"b\":{\"dtype\":\"F4\",\"shape\":[2,4],\"data_offsets\":[3,7]}}";
        Path types = folder.resolve("types.safetensors");
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 7).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        Files.write(types, bytes.array());
        CommandRun result = run("inspect", types);
        assertEquals(0, result.status(), result.err());
        assertEquals("a    [4]     F6_E2M3            3 B", result.lines().get(4));
        assertEquals("b    [2, 4]  float4_e2m1fn_x2   4 B", result.lines().get(5));
        assertEquals(0, run("check", types).status());
        JsonNode json =
                new ObjectMapper().readTree(run("inspect", types, "--json").out());
        assertEquals("F6_E2M3", json.at("/tensors/a/dtype").asText());
        assertTrue(run("inspect", types, "--tree").out().contains("F6_E2M3"));
        // A file is equal to its copy. Nothing else is known about what cannot be read.
        Path copy = Files.write(folder.resolve("copy.safetensors"), bytes.array());
        assertEquals(0, run("diff", types, copy).status());
        bytes.array()[bytes.capacity() - 7] = 1;
        Files.write(copy, bytes.array());
        CommandRun different = run("diff", types, copy);
        assertEquals(2, different.status(), different.out());
        assertTrue(different.out().contains("a: elements of F6_E2M3 cannot be read"), different.out());
    }

    /** A file that is not a checkpoint is described in one line, for every command. */
    @Test
    void whatIsNoCheckpoint() throws IOException {
        Path pointer = Files.writeString(folder.resolve("model.pt"), "version https://git-lfs.github.com/spec/v1\n");
        fails(1, "model.pt: is a Git LFS pointer", "inspect", pointer);
        fails(1, "run 'git lfs pull'", "check", pointer);
        fails(1, "run 'git lfs pull'", "convert", pointer, folder.resolve("b.safetensors"));
        fails(2, "run 'git lfs pull'", "diff", file, pointer);
        fails(1, "is a folder: name the file in it, ", "inspect", folder);
    }

    @Test
    void inspectTreeWithStats() {
        CommandRun result = run("inspect", file, "--tree", "--stats");
        assertEquals(0, result.status(), result.err());
        List<String> lines = result.lines();
        assertTrue(lines.get(4).matches("module\\. +3 tensors .*"), result.out());
        assertTrue(lines.get(5).matches("  fc1\\. +2 tensors .*"), result.out());
        assertEquals(
                List.of("bias", "[4]", "float32", "16", "B", "-2.000", "1.000", "-0.5000", "1", "1"),
                List.of(lines.get(7).strip().split("\\s+")));
    }

    @Test
    void branchesWithoutForksAreOneLine() {
        Checkpoint.save(file, Map.of("a.b.c.weight", Torch.ones(2)));
        List<String> lines = run("inspect", file, "--tree").lines();
        assertTrue(lines.get(4).startsWith("a.b.c.weight  [2]"), lines.toString());
        assertEquals("", lines.get(5));
    }

    @Test
    void inspectOfAWholeModel() {
        Path model = Path.of("..", "serialize", "src", "test", "resources", "checkpoints", "whole_model.pt");
        CommandRun result = run("inspect", model, "--stats");
        assertEquals(0, result.status(), result.err());
        String scale = result.out()
                .lines()
                .filter(line -> line.startsWith("scale "))
                .findFirst()
                .orElseThrow();
        assertEquals("scale [1] float32 4 B 2.000 2.000 2.000 0 0", scale.replaceAll(" +", " "));
        assertTrue(result.out().contains("13 tensors, 215 elements, 864 bytes" + System.lineSeparator()), result.out());
    }

    @Test
    void inspectJson() throws IOException {
        content.put("loss", 0.5);
        content.put("note", "a \"b\"\n");
        Checkpoint.save(file, content);
        CommandRun result = run("inspect", file, "--json", "--stats");
        assertEquals(0, result.status(), result.err());
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertEquals("TORCH", json.get("format").asText());
        assertEquals(25_640, json.get("bytes").asLong());
        assertEquals(0.5, json.get("values").get("loss").asDouble());
        assertEquals("a \"b\"\n", json.get("values").get("note").asText());
        JsonNode bias = json.get("tensors").get("module.fc1.bias");
        assertEquals("float32", bias.get("dtype").asText());
        assertEquals(4, bias.get("shape").get(0).asInt());
        assertEquals(-2, bias.get("min").asDouble());
        assertEquals(1, bias.get("nan").asInt());
        assertEquals(3, json.get("tensors").size());
    }

    @Test
    void inspectWithoutFiniteElements() throws IOException {
        Checkpoint.save(file, Map.of("w", Torch.full(new long[] {3}, Double.NaN), "e", Torch.zeros(0)));
        JsonNode json = new ObjectMapper()
                .readTree(run("inspect", file, "--json", "--stats").out());
        assertTrue(json.get("tensors").get("w").get("min").isNull());
        assertEquals(3, json.get("tensors").get("w").get("nan").asInt());
        assertEquals(0, json.get("tensors").get("e").get("nan").asInt());
    }

    // --- diff --------------------------------------------------------------------------------------------------

    private Path other(Map<String, ?> changed) {
        Path other = folder.resolve("b.safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        content.forEach((key, value) -> tensors.put(key, (Tensor) value));
        changed.forEach((key, value) -> tensors.put(key, (Tensor) value));
        Checkpoint.saveSafetensors(other, tensors);
        return other;
    }

    @Test
    void diffOfTheSame() {
        CommandRun result = run("diff", file, other(Map.of()));
        assertEquals(0, result.status(), result.out() + result.err());
        assertTrue(result.out().endsWith("3 the same, 0 different" + System.lineSeparator()), result.out());
    }

    @Test
    void diffWithinATolerance() {
        Tensor weight = (Tensor) content.get("module.fc1.weight");
        Path other = other(Map.of("module.fc1.weight", weight.add(1e-3)));
        CommandRun result = run("diff", file, other);
        assertEquals(1, result.status());
        assertTrue(result.out().contains("value, by 0.00100 at most"), result.out());
        assertTrue(result.out().contains("2 the same, 1 different"), result.out());
        assertEquals(0, run("diff", file, other, "--atol", "2e-3").status());
        assertEquals(1, run("diff", file, other, "--atol", "5e-4").status());
        assertEquals(1, run("diff", file, other, "--rtol", "1e-6").status());
    }

    @Test
    void diffGuessesRenamings() {
        Path other = Checkpoint.convert(
                file, folder.resolve("c.pt"), o -> o.stripPrefix("module.").rename("fc1", "fc2"));
        CommandRun result = run("diff", file, other);
        assertEquals(1, result.status());
        assertTrue(result.out().contains("  module.fc1 → fc2  (2 keys, "), result.out());
        assertTrue(result.out().contains("  module → (no prefix)  (1 key, values the same)"), result.out());
    }

    @Test
    void diffOfOtherValuesAndForms() {
        content.put("epoch", 7L);
        Path other = folder.resolve("d.pt");
        Checkpoint.save(other, content);
        CommandRun result = run("diff", file, other);
        assertEquals(1, result.status());
        assertTrue(result.out().contains("epoch  -     7      only right"), result.out());
        content.put("module.steps", Torch.arange(4));
        Checkpoint.save(other, content);
        assertTrue(run("diff", file, other).out().contains("(3,) int64  (4,) int64  shape"));
    }

    @Test
    void diffOfKeys() {
        Path other = folder.resolve("k.safetensors");
        Checkpoint.saveSafetensors(
                other,
                Map.of(
                        "net.fc1.weight", Torch.zeros(64, 100),
                        "module.fc1.bias", Torch.zeros(4),
                        "module.steps", Torch.zeros(3)));
        CommandRun result = run("diff", "--keys", file, other);
        assertEquals(1, result.status(), result.err());
        assertTrue(result.out().contains("module.fc1.weight  (64, 100) float32  -"), result.out());
        assertTrue(
                result.out().contains("module.steps       (3,) int64         (3,) float32       dtype"), result.out());
        assertTrue(result.out().contains("1 the same, 3 different"), result.out());
        assertTrue(result.out().contains("  module → net  (1 key)"), result.out());
        content.replaceAll((key, value) -> ((Tensor) value).mul(2));
        Checkpoint.save(other.resolveSibling("k.pt"), content);
        assertEquals(
                0, run("diff", "--keys", file, other.resolveSibling("k.pt")).status());
        fails(2, "no such file", "diff", "--keys", file, folder.resolve("none.pt"));
    }

    @Test
    void diffOfSparseTensors() {
        Tensor coo = Torch.eye(3).toSparse();
        Checkpoint.save(file, Map.of("s", coo));
        Path other = folder.resolve("d.pt");
        Checkpoint.save(other, Map.of("s", coo.mul(1.5)));
        assertTrue(run("diff", file, other).out().contains("value, by 0.500 at most"));
        assertEquals(0, run("diff", file, other, "--atol", "0.6").status());
        Checkpoint.save(other, Map.of("t.s", coo));
        assertTrue(run("diff", file, other).out().contains("(no prefix) → t  (1 key, values the same)"));
    }

    @Test
    void diffFails() {
        fails(2, "no.pt: no such file", "diff", file, folder.resolve("no.pt"));
        fails(2, "neither may be negative", "diff", file, file, "--atol", "-1");
        fails(2, "Missing required parameter: 'RIGHT'", "diff", file);
    }

    // --- convert -----------------------------------------------------------------------------------------------

    @Test
    void convert() {
        Path out = folder.resolve("out.safetensors");
        CommandRun result = run(
                "convert",
                file,
                out,
                "--dtype",
                "bf16",
                "--strip-prefix",
                "module.",
                "--rename",
                "fc*=layer*",
                "--rename=steps=count");
        assertEquals(0, result.status(), result.err());
        assertEquals("wrote " + out + ": 3 tensors, 12.5 KiB", result.out().strip());
        StateDict state = Checkpoint.load(out).stateDict();
        assertEquals(Set.of("layer1.weight", "layer1.bias", "count"), state.keySet());
        assertEquals(DType.BFLOAT16, state.get("layer1.weight").dtype());
        assertArrayEquals(new long[] {64, 100}, state.get("layer1.weight").shape());
    }

    @Test
    void convertIntoShards() {
        Path out = folder.resolve("out.safetensors");
        CommandRun result = run("convert", file, out, "--max-shard-size", "20KB");
        assertEquals(0, result.status(), result.err());
        assertTrue(result.out().contains("out.safetensors.index.json: 3 tensors"), result.out());
        assertTrue(Files.exists(folder.resolve("out-00002-of-00002.safetensors")));
        assertEquals(
                0,
                run("diff", file, folder.resolve("out.safetensors.index.json")).status());
        assertEquals(
                0, run("check", folder.resolve("out.safetensors.index.json")).status());
        Path back = folder.resolve("back.pt");
        assertEquals(
                0,
                run("convert", folder.resolve("out.safetensors.index.json"), back)
                        .status());
        assertEquals(0, run("diff", file, back).status());
    }

    @Test
    void convertFails() {
        Path out = folder.resolve("out.safetensors");
        fails(2, "'bf17' is not a floating-point dtype; there are", "convert", file, out, "--dtype", "bf17");
        fails(2, "'2XB' is not a size", "convert", file, out, "--max-shard-size", "2XB");
        fails(2, "must be FROM=TO", "convert", file, out, "--rename", "a");
        fails(2, "the ending of the name determines the format", "convert", file, folder.resolve("out"));
        fails(2, "only safetensors files are sharded", "convert", file, folder.resolve("o.pt"), "--max-shard-size=1GB");
        fails(1, "no key begins with 'model.'", "convert", file, out, "--strip-prefix", "model.");
        fails(1, "does not exist; create it first", "convert", file, folder.resolve("no/out.pt"));
        content.put("epoch", 7L);
        Checkpoint.save(file, content);
        fails(1, "'epoch' is an int", "convert", file, out);
        assertEquals(0, run("convert", file, out, "--only-tensors").status());
    }

    @Test
    void sizes() {
        Sizes sizes = new Sizes();
        assertEquals(2_000_000_000L, sizes.convert("2GB"));
        assertEquals(2L << 30, sizes.convert("2GiB"));
        assertEquals(1_500_000L, sizes.convert("1.5 mb"));
        assertEquals(100L, sizes.convert("100"));
    }

    // --- check -------------------------------------------------------------------------------------------------

    @Test
    void check() throws IOException {
        CommandRun whole = run("check", file);
        assertEquals(0, whole.status(), whole.err());
        assertTrue(whole.out().startsWith(file + ": whole and safe"), whole.out());
        assertTrue(whole.out().contains("checksums  9 right"), whole.out());
        assertTrue(run("check", other(Map.of())).out().contains(" right"));
        // As other libraries write it.
        Path bare = Files.write(
                folder.resolve("bare.safetensors"), "\002\0\0\0\0\0\0\0{}".getBytes(StandardCharsets.US_ASCII));
        assertTrue(run("check", bare).out().contains("none in this file"));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        fails(1, "is damaged: its CRC-32", "check", file);
        fails(1, "is damaged: its CRC-32", "convert", file, folder.resolve("no.pt"));
        assertEquals(
                0,
                run("convert", file, folder.resolve("anyway.pt"), "--no-verify").status());
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        fails(1, "the file is truncated", "check", file);
        fails(1, "no such file", "check", folder.resolve("no.pt"));
    }

    // --- what a user is told -----------------------------------------------------------------------------------

    /** Remedies are options of the command, because its users do not write Java. */
    @Test
    void unknownClasses() {
        Path namespace = Path.of("..", "serialize", "src", "test", "resources", "checkpoints", "namespace.pt");
        Path out = folder.resolve("out.pt");
        String said = namespace
                + ": is whole, but holds objects of classes that jtorch does not know: argparse.Namespace at 'args';"
                + " nothing from a file is called or imported. To read it as a plain record: --allow argparse.Namespace,"
                + " or --allow-all for every class";
        CommandRun checked = run("check", namespace);
        assertEquals("jtorch: " + said, checked.err().strip());
        assertEquals(1, checked.status());
        assertEquals(0, run("check", namespace, "--allow", "argparse.Namespace").status());
        assertEquals(0, run("check", namespace, "--allow-all").status());
        // What is listed, compared or omitted does not have to be allowed.
        assertTrue(run("inspect", namespace).out().contains("args = argparse.Namespace() {'lr': 0.1"));
        assertTrue(run("inspect", namespace).out().contains("unknown class argparse.Namespace at args\n"));
        assertTrue(run("inspect", namespace, "--json")
                .out()
                .contains("\"unknown_classes\" : {\n    \"argparse.Namespace\" : [ \"args\" ]\n  }"));
        assertEquals(0, run("diff", namespace, namespace).status());
        assertEquals(0, run("convert", namespace, out, "--only-tensors").status());
        CommandRun converted = run("convert", namespace, out);
        assertTrue(
                converted
                        .err()
                        .strip()
                        .endsWith(
                                "at 'args': an object of the class argparse.Namespace is only a record from another file, which"
                                        + " cannot be written: save only the tensors"),
                converted.err());
        // A file that contains nothing else.
        Path hostile = namespace.resolveSibling("hostile").resolve("os_system.pt");
        for (Object[] args : new Object[][] {
            {"check", hostile}, {"inspect", hostile}, {"convert", hostile, out}, {"diff", hostile, hostile}
        }) {
            CommandRun result = run(args);
            assertTrue(
                    result.err().strip().endsWith("--allow os.system, or --allow-all for every class"), result.err());
            assertTrue(result.status() != 0);
        }
        CommandRun predict = run("predict", hostile);
        assertTrue(predict.err().strip().endsWith("nothing from a file is called or imported"), predict.err());
    }

    @Test
    void whatSafetensorsCannotHold() {
        Checkpoint.save(file, Map.of("z", Torch.zeros(2).to(DType.COMPLEX128)));
        fails(1, "convert it, or write a .pt file", "convert", file, folder.resolve("out.safetensors"));
        Checkpoint.save(file, Map.of("s", Torch.eye(2).toSparse()));
        fails(1, "tensor 's' is of layout torch.sparse_coo", "convert", file, folder.resolve("out.safetensors"));
        assertEquals(0, run("convert", file, folder.resolve("out.pt")).status());
        assertEquals(0, run("diff", file, folder.resolve("out.pt")).status());
    }
}
