package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that are damaged, or made to do harm: each is refused within a second of CPU time, with a message that names the fault. */
class BrokenProgramsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODEL = "models/model.json";
    private static final String WEIGHTS = "data/weights/model_weights_config.json";

    @TempDir
    Path folder;

    /** A change of a program, and a part of the message. */
    private static Arguments broken(String what, String message, Consumer<ProgramArchive> change) {
        return Arguments.of(what, message, change);
    }

    private static Consumer<ProgramArchive> graph(Consumer<ObjectNode> change) {
        return archive -> archive.json(MODEL, root -> change.accept((ObjectNode) root.at("/graph_module/graph")));
    }

    private static Consumer<ProgramArchive> node(int index, Consumer<ObjectNode> change) {
        return graph(graph -> change.accept((ObjectNode) graph.get("nodes").get(index)));
    }

    private static Consumer<ProgramArchive> weight(Consumer<ObjectNode> change) {
        return archive -> archive.json(WEIGHTS, root -> change.accept((ObjectNode) root.at("/config/fc1.weight")));
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String nested(int depth) {
        String leaf = "{\"type\": null, \"context\": null, \"children_spec\": []}";
        return "[1, " + "{\"type\": \"builtins.list\", \"context\": \"null\", \"children_spec\": [".repeat(depth) + leaf
                + "]}".repeat(depth) + "]";
    }

    static Stream<Arguments> programs() {
        return Stream.of(
                // the archive
                broken("no format", "no entry 'archive_format'", a -> a.entries.remove("archive_format")),
                broken("another format", "no entry 'archive_format'", a -> a.text("archive_format", "zip")),
                broken("another version", "is '7', but must be 0", a -> a.text("archive_version", "7")),
                broken("no program", "has no program", a -> a.entries.remove(MODEL)),
                broken("no weights", "has no entry 'p/" + WEIGHTS + "'", a -> a.entries.remove(WEIGHTS)),
                broken("a path out of the folder", "path out of its folder", a -> a.text("../../evil", "x")),
                broken("an absolute path", "path out of its folder", a -> a.root = "/p/"),
                broken("a weight is missing", "weight_0", a -> a.entries.remove("data/weights/weight_0")),
                broken(
                        "a weight is too short",
                        "exceeds its storage",
                        a -> a.entries.put("data/weights/weight_0", new byte[8])),
                // JSON
                broken("truncated JSON", "Unexpected end-of-input", a -> a.text(MODEL, "{\"graph_module\": {")),
                broken("no JSON", "is not valid JSON", a -> a.text(MODEL, "\u0000\u0001")),
                broken("an array", "cannot be read", a -> a.text(MODEL, "[]")),
                broken("null", "is null", a -> a.text(MODEL, "null")),
                broken(
                        "deep JSON",
                        "nesting depth",
                        a -> a.text(
                                MODEL,
                                "{\"graph_module\": {\"graph\": {\"inputs\": ["
                                        + "{\"as_string_to_argument\": {\"a\": ".repeat(100_000))),
                broken(
                        "a long number",
                        "Number value length (2000)",
                        a -> a.text(
                                MODEL, "{\"schema_version\": {\"major\": " + "9".repeat(2_000) + ", \"minor\": 0}}")),
                broken("an unknown field", "unknown field 'secret'", node(0, n -> n.put("secret", 1))),
                broken("an unknown kind of argument", "'as_code' is unknown", node(0, n -> ((ObjectNode)
                                n.get("inputs").get(0))
                        .set("arg", tree("{\"as_code\": \"import os\"}")))),
                broken("two kinds of argument", "must have one field", node(0, n -> ((ObjectNode)
                                n.get("inputs").get(0))
                        .set("arg", tree("{\"as_int\": 1, \"as_float\": 2.0}")))),
                broken("a text for a number", "cannot be read", graph(g -> ((ObjectNode) g.at("/tensor_values/x"))
                        .put("dtype", "seven"))),
                broken(
                        "a missing field",
                        "graph of the program is missing",
                        a -> a.json(MODEL, root -> ((ObjectNode) root.get("graph_module")).remove("graph"))),
                broken(
                        "another schema",
                        "9.0, but must be 8.x",
                        a -> a.json(MODEL, root -> ((ObjectNode) root.get("schema_version"))
                                .put("major", 9)
                                .put("minor", 0))),
                // weights
                broken("a negative size", "negative size or stride", weight(w -> ((ObjectNode) w.get("tensor_meta"))
                        .set("sizes", tree("[{\"as_int\": -16}, {\"as_int\": 8}]")))),
                broken("sizes that overflow", "more elements", weight(w -> ((ObjectNode) w.get("tensor_meta"))
                        .set("sizes", tree("[{\"as_int\": 4611686018427387904}, {\"as_int\": 8}]")))),
                broken("a huge rank", "has 1000 sizes", weight(w -> ((ObjectNode) w.get("tensor_meta"))
                        .set("sizes", tree("[" + "{\"as_int\": 1},".repeat(999) + "{\"as_int\": 1}]")))),
                broken("strides out of the storage", "exceeds its storage", weight(w -> ((ObjectNode)
                                w.get("tensor_meta"))
                        .set("strides", tree("[{\"as_int\": 1000000}, {\"as_int\": 1}]")))),
                broken("an offset out of the storage", "exceeds its storage", weight(w -> ((ObjectNode)
                                w.get("tensor_meta"))
                        .set("storage_offset", tree("{\"as_int\": 4096}")))),
                broken("a symbolic size of a weight", "is not a number", weight(w -> ((ObjectNode) w.get("tensor_meta"))
                        .set("storage_offset", tree("{\"as_expr\": {\"expr_str\": \"s0\", \"hint\": null}}")))),
                broken("an unknown dtype", "number 99 is unknown", weight(w -> ((ObjectNode) w.get("tensor_meta"))
                        .put("dtype", 99))),
                broken(
                        "a weight that the graph uses is not there",
                        "no value for 'fc1.weight'",
                        a -> a.json(WEIGHTS, root -> ((ObjectNode) root.get("config")).remove("fc1.weight"))),
                broken(
                        "a path as the name of a weight",
                        "is missing",
                        weight(w -> w.put("path_name", "../../../etc/passwd"))),
                // the graph
                broken("a cycle", "which no earlier node computes", graph(g -> {
                    ArrayNode nodes = (ArrayNode) g.get("nodes");
                    JsonNode first = nodes.remove(0);
                    nodes.add(first);
                })),
                broken("a value defined twice", "is defined twice", graph(g -> {
                    ArrayNode nodes = (ArrayNode) g.get("nodes");
                    nodes.add(nodes.get(0).deepCopy());
                })),
                broken(
                        "an unknown operator",
                        "aten.no_such.default",
                        node(0, n -> n.put("target", "torch.ops.aten.no_such.default"))),
                broken(
                        "an operator of Python",
                        "neither an operator of the engine",
                        node(0, n -> n.put("target", "os.system"))),
                broken(
                        "an internal operator",
                        "cannot be called by name",
                        node(0, n -> n.put("target", "torch.ops.aten._cudnn_rnn.default"))),
                broken(
                        "an operator that maps files",
                        "cannot be",
                        node(0, n -> n.put("target", "torch.ops.aten.from_file.default"))),
                broken(
                        "an operator on graphs that is unknown",
                        "jtorch runs cond",
                        node(0, n -> n.put("target", "torch.ops.higher_order.run_code"))),
                broken("a missing argument", "lacks the argument 'weight'", node(0, n -> ((ArrayNode) n.get("inputs"))
                        .remove(1))),
                broken("an unknown argument", "unknown arguments [evil]", node(0, n -> ((ObjectNode)
                                n.get("inputs").get(1))
                        .put("name", "evil"))),
                broken("an input too few", "inputs, but its signature", graph(g -> ((ArrayNode) g.get("inputs"))
                        .remove(0))),
                broken("an output too many", "outputs, but its signature", graph(g -> ((ArrayNode) g.get("outputs"))
                        .add(g.get("outputs").get(0)))),
                // trees
                broken(
                        "another number of leaves",
                        "leaves, but its signature",
                        a -> a.json(
                                MODEL,
                                root -> ((ObjectNode) root.at("/graph_module/module_call_graph/0/signature"))
                                        .put(
                                                "out_spec",
                                                nested(0)
                                                        .replace(
                                                                "null, \"context\": null, \"children_spec\": []",
                                                                "\"builtins.tuple\", \"context\": \"null\", \"children_spec\": []")))),
                broken(
                        "a deep tree",
                        "is nested more than",
                        a -> a.json(MODEL, root -> ((ObjectNode) root.at("/graph_module/module_call_graph/0/signature"))
                                .put("out_spec", nested(400)))),
                broken(
                        "a tree that is no JSON",
                        "is not valid JSON",
                        a -> a.json(MODEL, root -> ((ObjectNode) root.at("/graph_module/module_call_graph/0/signature"))
                                .put("in_spec", "{"))),
                // sizes
                broken(
                        "an expression with code",
                        "'__import__' of sizes is unknown",
                        graph(
                                g -> ((ObjectNode) g.at("/tensor_values/x"))
                                        .set(
                                                "sizes",
                                                tree(
                                                        "[{\"as_expr\": {\"expr_str\": \"__import__('os')\", \"hint\": null}}, {\"as_int\": 8}]")))),
                broken("a deep expression", "is nested more than", graph(g -> ((ObjectNode) g.at("/tensor_values/x"))
                        .set(
                                "sizes",
                                tree("[{\"as_expr\": {\"expr_str\": \"" + "(".repeat(50_000)
                                        + "\", \"hint\": null}}]")))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void isRefused(String what, String message, Consumer<ProgramArchive> change) throws IOException {
        ProgramArchive archive = new ProgramArchive("dynamic_batch");
        change.accept(archive);
        Path path = folder.resolve("broken.pt2");
        archive.write(path);
        long before = ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean cpu
                ? cpu.getCurrentThreadCpuTime()
                : 0;
        TorchException e = assertThrows(TorchException.class, () -> ExportedProgram.load(path));
        long after = ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean cpu
                ? cpu.getCurrentThreadCpuTime()
                : 0;
        assertTrue(e.getMessage().contains(message), () -> what + ": " + e.getMessage());
        assertTrue(e.getMessage().startsWith(path.toString()), e.getMessage());
        assertTrue(after - before < 1_000_000_000L, () -> what + " took " + (after - before) / 1e6 + " ms");
    }

    @Test
    void theUnchangedProgramIsRead() throws IOException {
        Path path = folder.resolve("whole.pt2");
        new ProgramArchive("dynamic_batch").write(path);
        assertTrue(ExportedProgram.load(path).graph().nodes().size() > 3);
    }

    @ParameterizedTest
    @MethodSource("otherFiles")
    void otherFilesAreRefused(String name, byte[] bytes, String message) throws IOException {
        Path path = folder.resolve(name);
        Files.write(path, bytes);
        TorchException e = assertThrows(TorchException.class, () -> ExportedProgram.load(path));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    static List<Arguments> otherFiles() throws IOException {
        byte[] whole = Files.readAllBytes(Graphs.path("dynamic_batch"));
        return List.of(
                Arguments.of("empty.pt2", new byte[0], "is empty"),
                Arguments.of("half.pt2", Arrays.copyOf(whole, whole.length / 2), "truncated"),
                Arguments.of("text.pt2", "hello".getBytes(StandardCharsets.UTF_8), "zip archive"));
    }

    @Test
    void aMissingFileIsNamed() {
        TorchException e =
                assertThrows(TorchException.class, () -> ExportedProgram.load(folder.resolve("nothing.pt2")));
        assertTrue(e.getMessage().contains("nothing.pt2: no such file"), e.getMessage());
    }
}
