package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.export.graph.ExportException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs in which values, fields and elements were changed at random. Each is refused with an {@link ExportException}, or it is
 * read; then its run gives a result or a refusal. How many are tried is the property {@code jtorch.fuzz.runs}.
 */
class MutatedProgramsTest {

    private static final int RUNS = Integer.getInteger("jtorch.fuzz.runs", 150);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"dynamic_batch", "cond", "while_loop", "nested_outputs", "detection_head", "recurrent"})
    void isReadOrRefused(String name) throws IOException {
        ProgramArchive whole = new ProgramArchive(name);
        Path path = folder.resolve("mutated.pt2");
        int refused = 0;
        int ran = 0;
        for (int i = 0; i < RUNS; i++) {
            Random random = new Random(i);
            ProgramArchive archive = new ProgramArchive(name);
            String entry = random.nextInt(4) == 0 ? "data/weights/model_weights_config.json" : "models/model.json";
            archive.json(entry, root -> {
                int changes = 1 + random.nextInt(2);
                for (int change = 0; change < changes; change++) {
                    mutate(root, random);
                }
            });
            archive.write(path);
            try (TensorScope scope = new TensorScope()) {
                ExportedProgram program = ExportedProgram.load(path);
                Inputs inputs = program.exampleInputs();
                if (inputs != null) {
                    program.module().call(inputs);
                }
                ran++;
            } catch (TorchException | IllegalArgumentException | IllegalStateException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(name + ", seed " + i, e);
            }
        }
        assertTrue(ran > 0 && refused > 0, ran + " ran, " + refused + " were refused");
        assertTrue(whole.entries.size() > 3);
    }

    /** Changes one place of a tree. */
    private static void mutate(JsonNode root, Random random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode chosen = containers.get(random.nextInt(containers.size()));
        if (chosen instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String field = names.get(random.nextInt(names.size()));
            switch (random.nextInt(4)) {
                case 0 -> object.remove(field);
                case 1 -> object.set(field + "x", object.remove(field));
                default -> object.set(field, value(containers, random));
            }
        } else if (chosen instanceof ArrayNode array) {
            int at = array.isEmpty() ? 0 : random.nextInt(array.size());
            switch (random.nextInt(3)) {
                case 0 -> array.add(value(containers, random));
                case 1 -> {
                    if (!array.isEmpty()) {
                        array.remove(at);
                    }
                }
                default -> {
                    if (!array.isEmpty()) {
                        array.set(at, array.get(random.nextInt(array.size())).deepCopy());
                    }
                }
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static JsonNode value(List<JsonNode> containers, Random random) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (random.nextInt(10)) {
            case 0 -> make.nullNode();
            case 1 -> make.numberNode(-1);
            case 2 -> make.numberNode(Long.MAX_VALUE);
            case 3 -> make.numberNode(300);
            case 4 -> make.textNode("x");
            case 5 -> make.booleanNode(random.nextBoolean());
            case 6 -> make.numberNode(1e300);
            case 7 -> make.numberNode(random.nextInt(8));
            default -> containers.get(random.nextInt(containers.size())).deepCopy();
        };
    }
}
