package org.jtorch.data.sources;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesDatasetTest {

    @TempDir
    Path folder;

    private JsonLinesDataset<Row> rows(String text) throws IOException {
        return JsonLinesDataset.read(Files.writeString(folder.resolve("data.jsonl"), text), row -> row);
    }

    @ParameterizedTest
    @ValueSource(strings = {"objects.jsonl", "objects.jsonl.gz"})
    void valuesAreThoseOfPython(String name) throws Exception {
        JsonLinesDataset<Row> data = JsonLinesDataset.read(Recorded.file(name), row -> row);
        JsonNode python = Recorded.python("json");
        assertEquals(python.size(), data.size());
        assertEquals(List.of("text", "x", "n", "flag", "values", "label", "extra"), data.columns());
        try (Stream<Row> stream = JsonLinesDataset.stream(Recorded.file(name), row -> row)) {
            List<Row> streamed = stream.toList();
            for (int i = 0; i < data.size(); i++) {
                JsonNode expected = python.get(i);
                for (Row row : List.of(data.get(i), streamed.get(i))) {
                    assertEquals(Recorded.number(expected.get("x").asText()), row.getDouble("x"));
                    assertEquals(Long.parseLong(expected.get("n").asText()), row.getLong("n"));
                    assertEquals(expected.get("text").isNull(), row.isNull("text"));
                    if (!row.isNull("text")) {
                        assertEquals(expected.get("text").asText(), row.getString("text"));
                    }
                    assertEquals(expected.get("values").isNull(), row.isNull("values"));
                    if (!row.isNull("values")) {
                        float[] values = row.floats("values").toFloatArray();
                        assertEquals(expected.get("values").size(), values.length);
                        for (int k = 0; k < values.length; k++) {
                            assertEquals(
                                    (float) Recorded.number(
                                            expected.get("values").get(k).asText()),
                                    values[k]);
                        }
                    }
                }
            }
        }
    }

    @Test
    void placesCountEmptyLines() {
        JsonLinesDataset<Row> data = JsonLinesDataset.read(Recorded.file("objects.jsonl"), row -> row);
        String message = assertThrows(TorchException.class, () -> data.get(3).getDouble("label"))
                .getMessage();
        assertTrue(message.endsWith("objects.jsonl, line 5, column \"label\": \"b\" is not a number"), message);
    }

    @Test
    void fieldsOfAllKinds() throws Exception {
        JsonLinesDataset<Row> data = rows(
                "{\"a\": {\"b\": [1, null, \"x\", 1.5, true, NaN]}, \"t\": true, \"v\": [1, 2], \"w\": 3, \"s\": \"4\"}\n"
                        + "{\"a\": null, \"v\": [1, null]}");
        Row row = data.get(0);
        assertEquals("{\"b\":[1,null,\"x\",1.5,true,NaN]}", row.getString("a"));
        assertArrayEquals(
                new float[] {1, 2, 3, 1, 4}, row.floats("v", "w", "t", "s").toFloatArray());
        assertTrue(row.getBoolean("t"));
        assertTrue(data.get(1).isNull("a"));
        assertTrue(data.get(1).has("a"));
        assertTrue(data.get(1).isNull("t"));
        assertFalse(data.get(1).has("t"));
        assertTrue(assertThrows(TorchException.class, () -> data.get(1).getDouble("t"))
                .getMessage()
                .contains("line 2, column \"t\": there is no such field among [a, v]"));
        assertTrue(assertThrows(TorchException.class, () -> data.get(1).floats("v"))
                .getMessage()
                .contains("an element of the list is missing"));
        assertTrue(assertThrows(TorchException.class, () -> row.getDouble("v"))
                .getMessage()
                .contains("is not a number"));
        assertThrows(TorchException.class, () -> row.getBytes("t"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\": 1}{\"a\": 2}|has more than one JSON object",
                "[1, 2]|is not a JSON object",
                "{\"a\": |is not JSON",
                "{\"a\": \"x|is not JSON",
                "{'a': 1}|is not JSON",
                "{\"a\": 1, \"a\": 2}|Duplicate field 'a'",
                "nonsense|is not JSON",
                "{\"a\": [1|is not JSON: Unexpected end-of-input: expected close marker for Array (start marker at column: 7) at"
                        + " column"
            })
    void badLinesAreNamedWhenTheFileIsRead(String line, String what) {
        String message = assertThrows(TorchException.class, () -> rows("{\"a\": 0}\n\n" + line + "\n"))
                .getMessage();
        assertTrue(message.startsWith(folder.resolve("data.jsonl") + ", line 3: "), message);
        assertTrue(message.contains(what), message);
        assertFalse(message.contains("Source"), message);
    }

    @Test
    void anEmptyFileHasNoRows() throws Exception {
        assertEquals(0, rows("").size());
        assertEquals(0, rows("\n\n").size());
        assertEquals(1, rows("\uFEFF{\"a\": 1}").get(0).getInt("a"));
    }

    @Test
    void onlyTheColumnsThatAreKept() throws Exception {
        Path file =
                Files.writeString(folder.resolve("data.jsonl"), "{\"a\": 1, \"b\": [[1], {}]}\n{\"c\": 2, \"a\": 3}\n");
        JsonLinesDataset<Integer> data = JsonLinesDataset.read(file, row -> row.getInt("a"), o -> o.columns("a"));
        assertEquals(3, data.get(1));
        assertEquals(List.of("a"), data.columns());
        assertThrows(TorchException.class, () -> JsonLinesDataset.read(file, row -> row, o -> o.columns("x")));
    }

    @Test
    void linesLongerThanTheBuffer() throws Exception {
        String text = "x".repeat(20_000);
        JsonLinesDataset<Row> data = rows(("{\"a\": \"" + text + "\"}\n").repeat(300));
        assertEquals(300, data.size());
        assertEquals(text, data.get(299).getString("a"));
    }

    @Test
    void longAndDeepValues() throws Exception {
        String text = "x".repeat(25_000_000);
        assertEquals(text, rows("{\"image\":\"" + text + "\"}").get(0).getString("image"));
        for (String value : List.of("[".repeat(2000) + "]".repeat(2000), "1".repeat(2000))) {
            TorchException e = assertThrows(TorchException.class, () -> rows("{}\n{\"a\":" + value + "}"));
            assertTrue(e.getMessage().contains("data.jsonl, line 2: is not JSON: "), e.getMessage());
        }
    }
}
