package org.jtorch.cli;

import static org.jtorch.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.UntypedStorage;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.python.NumpyArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code inspect --stats}, {@code diff} and {@code convert} of files that do not only contain ordinary tensors. */
class StrangeCheckpointsTest {

    private static final Path RECORDED = Path.of("..", "serialize", "src", "test", "resources", "checkpoints");

    @TempDir
    Path folder;

    private Path save(String name, Object value) {
        Path file = folder.resolve(name);
        Checkpoint.save(file, value);
        return file;
    }

    /** Returns a tensor with which the engine cannot compute. */
    private static Tensor bits(DType dtype, int... bytes) {
        UntypedStorage storage = UntypedStorage.allocate(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            storage.buffer(i, 1).put((byte) bytes[i]);
        }
        return storage.tensor(dtype, 0, new long[] {bytes.length / dtype.itemSize()}, new long[] {1});
    }

    // --- a file and itself -------------------------------------------------------------------------------------

    private static final Set<String> NO_CHECKPOINTS = Set.of("25_pickle_dump.pt", "26_lfs.pt", "27_gz.pt");

    static Stream<Path> recorded() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String folder : List.of("", "kinds", "reported")) {
            try (Stream<Path> files = Files.list(RECORDED.resolve(folder))) {
                files.filter(file -> file.toString().matches(".*\\.(pt|ptl|safetensors)"))
                        .filter(file ->
                                !NO_CHECKPOINTS.contains(file.getFileName().toString()))
                        .forEach(all::add);
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void aFileIsTheSameAsItself(Path file) {
        CommandRun result = run("diff", file, file);
        assertEquals(0, result.status(), result.out() + result.err());
        assertTrue(result.out().strip().endsWith(" the same, 0 different"), result.out());
        CommandRun inspected = run("inspect", file, "--stats");
        assertEquals(0, inspected.status(), inspected.err());
        assertFalse(inspected.out().matches("(?s).*(@[0-9a-f]{4,}|java\\.).*"), inspected.out());
    }

    @Test
    void tensorsInsideOfRecordsAreCompared() throws IOException {
        Path file = Path.of("src/test/resources/org/jtorch/cli/module_in_dict.pt");
        byte[] bytes = Files.readAllBytes(file);
        Checkpoint checkpoint = Checkpoint.load(file, o -> o.allowUnknownClasses());
        Tensor mean = (Tensor) FlatValues.deep(checkpoint.root()).get("model.model.0.bn.running_var");
        assertEquals(1, mean.select(0, 0).item());
        // The first element is 1 as float16. The storages follow each other, aligned to 64 bytes.
        int changed = 0;
        for (int i = 0; i + 8 <= bytes.length; i++) {
            if (new String(bytes, i, 8, java.nio.charset.StandardCharsets.ISO_8859_1).equals("\0<\0<\0<\0<")) {
                bytes[i + 1] = 0x40; // 2
                changed++;
            }
        }
        assertTrue(changed > 0);
        Path other = Files.write(folder.resolve("other.pt"), bytes);
        CommandRun result = run("diff", file, other, "--allow-all");
        assertEquals(1, result.status(), result.out() + result.err());
        assertEquals(
                "model.model.0.bn.running_var (4,) float16 (4,) float16 value, by 1.00 at most",
                result.line("model.model.0.bn.running_var").replaceAll(" +", " "));
        assertEquals(0, run("diff", file, other, "--allow-all", "--atol", "1").status());
        assertTrue(run("inspect", file, "--allow-all")
                .line("model = ")
                .startsWith("model = models.yolo.DetectionModel() {'training': True, '_modules': {'model': "));
    }

    /** Arrays of numpy of every dtype. */
    @Test
    void numpyArrays() {
        CommandRun inspected = run("inspect", RECORDED.resolve("reported").resolve("14_numpy_p5_K.pt"));
        for (String line : List.of(
                "c = array([(1.0+2.0j)], (1,), complex128)",
                "h = array([1.0, 2.0], (2,), float16)",
                "u8 = array([18446744073709551615], (1,), uint64)",
                "bool = array([True, False], (2,), bool)",
                "0d = array(5, (), int64)",
                "be = array([0, 1, 2], (3,), int32)")) {
            assertTrue(inspected.out().contains(line), inspected.out());
        }
        assertEquals("", inspected.err());
    }

    @Test
    void otherValues() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("bytes", new byte[] {1, 2});
        value.put("nan", Double.NaN);
        value.put("zero", 0.0);
        value.put("array", NumpyArray.of(Torch.arange(3)));
        value.put("none", null);
        Path file = save("a.pt", value);
        assertEquals(0, run("diff", file, file).status());
        value.put("zero", -0.0);
        assertEquals(0, run("diff", file, save("b.pt", value)).status());
        value.put("bytes", new byte[] {1, 3});
        value.put("array", NumpyArray.of(Torch.arange(3).add(1)));
        value.put("none", List.of());
        CommandRun result = run("diff", file, save("b.pt", value));
        assertEquals(1, result.status());
        assertEquals(
                "bytes b'\\x01\\x02' (2 bytes) b'\\x01\\x03' (2 bytes) value",
                result.line("bytes").replaceAll(" +", " "));
        assertEquals(
                "array (3,) int64 (3,) int64 value, by 1.00 at most",
                result.line("array").replaceAll(" +", " "));
        assertEquals("none None [] value", result.line("none").replaceAll(" +", " "));
        assertTrue(result.out().contains("2 the same, 3 different"), result.out());
    }

    // --- what cannot be computed -------------------------------------------------------------------------------

    @Test
    void theOthersAreComputed() throws IOException {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("f4", bits(DType.FLOAT4_E2M1FN_X2, 1, 2));
        value.put("b8", bits(DType.BITS8, 1, 2));
        value.put("half", Torch.zeros(2).to(DType.COMPLEX32));
        value.put("sparse", Torch.eye(2).toSparse());
        value.put(
                "meta",
                Torch.empty(new long[] {2}, TensorOptions.of(DType.FLOAT32).device(Device.META)));
        value.put("w", Torch.ones(2));
        Path file = save("a.pt", value);
        CommandRun stats = run("inspect", file, "--stats");
        assertEquals(0, stats.status(), stats.err());
        assertEquals("w [2] float32 8 B 1.000 1.000 1.000 0 0", stats.line("w").replaceAll(" +", " "));
        assertEquals(
                "f4: elements of torch.float4_e2m1fn_x2 cannot be read as numbers, only compared bit for bit",
                stats.line("f4:"));
        assertEquals("sparse: it is of layout torch.sparse_coo", stats.line("sparse:"));
        assertEquals("meta: it is on the meta device, and has no elements", stats.line("meta:"));
        JsonNode json = new ObjectMapper()
                .readTree(run("inspect", file, "--stats", "--json").out());
        assertTrue(json.get("tensors").get("b8").get("no_numbers").asText().startsWith("elements of torch.bits8"));
        assertEquals(1, json.get("tensors").get("w").get("max").asDouble());
        assertEquals(0, run("diff", file, file).status());
        value.put("f4", bits(DType.FLOAT4_E2M1FN_X2, 1, 3));
        CommandRun result = run("diff", file, save("b.pt", value), "--atol", "9");
        assertEquals(1, result.status(), result.err());
        assertTrue(result.line("f4").endsWith("float4_e2m1fn_x2  value"), result.out());
        assertTrue(result.out().contains("5 the same, 1 different"), result.out());
    }

    @Test
    void whatCannotBeCompared() {
        long side = 1 << 15;
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("w", Torch.ones(2));
        value.put("x", Torch.zeros(2 * side).asStrided(new long[] {side, side}, new long[] {1, 1}));
        Path file = save("a.pt", value);
        value.put("x", Torch.zeros(side).expand(side, side));
        CommandRun result = run("diff", file, save("b.pt", value));
        assertEquals(2, result.status(), result.out() + result.err());
        assertTrue(result.out().contains("1 the same, 0 different, 1 that cannot be compared"), result.out());
        assertTrue(result.line("x:").contains("1,073,741,824 elements overlap in memory"), result.out());
        value.put("w", Torch.zeros(2));
        assertEquals(1, run("diff", file, save("b.pt", value)).status());
    }

    @Test
    void anExpandedTensorTakesNoTime() {
        Path file = save("a.pt", Map.of("big", Torch.ones(1).expand(1L << 20, 1L << 20), "w", Torch.ones(1)));
        Path other = save("b.pt", Map.of("big", Torch.zeros(1).expand(1L << 20, 1L << 20), "w", Torch.ones(1)));
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertTrue(run("inspect", file, "--stats").line("big").contains("4.0 TiB  1.000  1.000  1.000"));
            assertEquals(0, run("diff", file, file).status());
            assertTrue(run("diff", file, other).line("big").endsWith("value, by 1.00 at most"));
        });
    }

    @Test
    void anExpandedTensorIsNotWrittenOut() throws IOException {
        Path file = save("a.pt", Map.of("w", Torch.ones(1), "big", Torch.ones(1).expand(1L << 22, 1L << 24)));
        Path out = folder.resolve("out.safetensors");
        CommandRun result = run("convert", file, out);
        assertEquals(1, result.status());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().contains("out.safetensors would take 256.0 TiB, but there are "), result.err());
        assertTrue(result.err().contains("'big' takes 256.0 TiB, of which 4 B are stored"), result.err());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(Set.of(file), Set.copyOf(left.toList()));
        }
        assertEquals(0, run("convert", file, folder.resolve("out.pt")).status());
    }
}
