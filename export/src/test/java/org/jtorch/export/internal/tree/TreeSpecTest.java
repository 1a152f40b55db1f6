package org.jtorch.export.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.GraphModule;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Trees as {@code parity/record/trees.py} recorded them, and trees and values that are refused. */
class TreeSpecTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

    private static final Map<String, GraphModule.NamedTuple> TUPLES =
            Map.of("record.Pair", new GraphModule.NamedTuple(List.of("left", "right")));

    private static TreeSpec parse(String tree) {
        return TreeSpec.parse("[1, " + tree + "]", TUPLES);
    }

    private static String node(String type, String context, String... children) {
        return "{\"type\": " + type + ", \"context\": " + context + ", \"children_spec\": " + Arrays.toString(children)
                + "}";
    }

    private static final String LEAF = node("null", "null");

    private static List<Object> flatten(TreeSpec tree, Object value) {
        List<Object> leaves = new ArrayList<>();
        tree.flatten(value, "input", leaves);
        return leaves;
    }

    private static Object withTextKeys(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(TreeSpecTest::withTextKeys).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> texts = new LinkedHashMap<>();
            map.forEach((key, each) -> texts.put(String.valueOf(key), withTextKeys(each)));
            return texts;
        }
        return value;
    }

    @TestFactory
    List<DynamicTest> recordedTreesHaveTheirLeavesInOrder() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode row :
                JSON.readTree(Path.of("src/test/resources/trees.json").toFile())) {
            tests.add(DynamicTest.dynamicTest(row.get("name").textValue(), () -> {
                TreeSpec tree = TreeSpec.parse(row.get("spec").textValue(), TUPLES);
                List<?> leaves = JSON.convertValue(row.get("leaves"), List.class);
                assertEquals(leaves.size(), tree.leaves());
                Object value = tree.unflatten(leaves.iterator());
                // as text, since the order of keys counts
                assertEquals(row.get("value").toString(), JSON.writeValueAsString(withTextKeys(value)));
                assertEquals(leaves, flatten(tree, value));
            }));
        }
        assertTrue(tests.size() >= 13, "recorded trees are missing");
        return tests;
    }

    @TestFactory
    List<DynamicTest> treesOfPlainValuesAreWrittenAsPyTorchWritesThem() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode row :
                JSON.readTree(Path.of("src/test/resources/trees.json").toFile())) {
            String spec = row.get("spec").textValue();
            if (!spec.contains("collections.")) {
                tests.add(DynamicTest.dynamicTest(
                        row.get("name").textValue(),
                        () -> assertEquals(
                                spec.replace(" ", ""),
                                TreeSpec.parse(spec, TUPLES).dumps().replace(" ", ""))));
            }
        }
        assertTrue(tests.size() >= 8, "recorded trees are missing");
        return tests;
    }

    @Test
    void aTreeIsMadeOfAValue() {
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put("b", 1);
        map.put(7L, List.of());
        TreeSpec tree = TreeSpec.of(List.of(map, 2));
        assertEquals(2, tree.leaves());
        assertEquals(List.of("b", 7L), tree.children().get(0).keys());
        assertEquals(tree, TreeSpec.parse(tree.dumps(), Map.of()));
    }

    @Test
    void anUnknownClassHasNamedFieldsOrIsATuple() {
        assertEquals(
                List.of("logits", "loss"),
                parse(node("\"lib.Output\"", "\"[\\\"logits\\\", \\\"loss\\\"]\"", LEAF, LEAF))
                        .keys());
        assertEquals(TreeSpec.tuple(List.of(TreeSpec.LEAF)), parse(node("\"lib.Output\"", "\"lib.Output\"", LEAF)));
    }

    @Test
    void damagedTreesAreRefused() {
        record Case(String json, String message) {}
        String deep = "[1, " + "{\"type\": \"builtins.list\", \"children_spec\": [".repeat(202) + LEAF;
        for (Case each : List.of(
                new Case("[1, ", "is not valid JSON"),
                new Case("[2, " + LEAF + "]", "has an unknown form: [2, "),
                new Case("[1, []]", "has an unknown form"),
                new Case("[1, {\"context\": null}]", "has a part without a type"),
                new Case("[1, " + node("\"builtins.list\"", "null", "3") + "]", "has a part that is no object: 3"),
                new Case(
                        "[1, " + node("\"builtins.dict\"", "\"[\\\"a\\\"]\"", LEAF, LEAF) + "]",
                        "a builtins.dict in the tree of inputs or outputs has 1 keys, but 2 values"),
                new Case(deep + "]}".repeat(202) + "]", "is nested more than 200 times"))) {
            String message = String.valueOf(
                    assertThrows(ExportException.class, () -> TreeSpec.parse(each.json, TUPLES), each.json)
                            .getMessage());
            assertTrue(message.contains(each.message), message);
        }
    }

    @Test
    void valuesOfAnotherShapeAreRefusedWithTheirPlace() {
        TreeSpec tree = TreeSpec.of(List.of(0, Map.of("x", List.of(0, 0))));
        record Case(Object value, String message) {}
        for (Case each : List.of(
                new Case("text", "input must be a list of 2 elements, but is a String"),
                new Case(List.of(0), "input must be a list of 2 elements, but is one of 1"),
                new Case(Arrays.asList(0, null), "input[1] must be a map with the keys [x], but is null"),
                new Case(List.of(0, Map.of("y", 0)), "input[1] lacks the key 'x'; it has [y]"),
                new Case(
                        List.of(0, Map.of("x", List.of(0))),
                        "input[1]['x'] must be a list of 2 elements, but is one of 1"),
                new Case(
                        List.of(0, Map.of("x", List.of(0, 0), "y", 0)),
                        "input[1] has the unknown keys [y]; the program takes [x]"))) {
            assertEquals(
                    each.message,
                    assertThrows(IllegalArgumentException.class, () -> flatten(tree, each.value))
                            .getMessage());
        }
    }

    @Test
    void whatPythonCannotReadIsNotWritten() {
        TreeSpec fields = new TreeSpec(TreeSpec.Kind.FIELDS, List.of("logits"), List.of(TreeSpec.LEAF));
        assertTrue(String.valueOf(
                        assertThrows(ExportException.class, fields::dumps).getMessage())
                .contains("the fields [logits] cannot be written"));
        TreeSpec keyed = TreeSpec.of(Map.of(1.5, 0));
        assertTrue(
                String.valueOf(assertThrows(ExportException.class, keyed::dumps).getMessage())
                        .contains("the key '1.5' of a map is a Double"));
    }
}
