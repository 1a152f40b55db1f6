package org.jtorch.data.sources;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvDatasetTest {

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("data.csv"), text);
    }

    private CsvDataset<Row> rows(String text) throws IOException {
        return rows(text, o -> {});
    }

    private CsvDataset<Row> rows(String text, Consumer<CsvDataset.Options> options) throws IOException {
        return CsvDataset.read(file(text), row -> row, options);
    }

    private static String message(org.junit.jupiter.api.function.Executable code) {
        return assertThrows(TorchException.class, code).getMessage();
    }

    // --- as Python ---------------------------------------------------------------------------------------------

    private static Consumer<CsvDataset.Options> optionsOf(String name) {
        return switch (name) {
            case "semicolon.csv" -> o -> o.delimiter(';').quote('\'').missingTexts();
            case "windows.csv" ->
                o -> o.charset(Charset.forName("windows-1252")).missingTexts();
            case "utf16.csv" -> o -> o.charset(StandardCharsets.UTF_16).missingTexts();
            default -> o -> o.missingTexts();
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"plain.csv", "crlf.csv", "bom.csv", "semicolon.csv", "windows.csv", "utf16.csv", "plain.csv.gz"})
    void cellsAreThoseOfPython(String name) throws Exception {
        CsvDataset<Row> data = CsvDataset.read(Recorded.file(name), row -> row, optionsOf(name));
        JsonNode python = Recorded.python("csv");
        assertEquals(List.of("name", "number", "note", "label"), data.columns());
        assertEquals(python.size(), data.size());
        try (Stream<Row> stream = CsvDataset.stream(Recorded.file(name), row -> row, optionsOf(name))) {
            List<Row> streamed = stream.toList();
            for (int i = 0; i < data.size(); i++) {
                JsonNode expected = python.get(i);
                for (Row row : List.of(data.get(i), streamed.get(i))) {
                    for (String column : data.columns()) {
                        assertEquals(expected.get(column).asText(), row.getString(column));
                    }
                    assertEquals(Recorded.number(expected.get("float").asText()), row.getDouble("number"));
                    assertEquals(
                            (float) Recorded.number(expected.get("float32").asText()),
                            row.floats("number").toFloatArray()[0]);
                }
            }
        }
    }

    // --- types -------------------------------------------------------------------------------------------------

    @Test
    void columnsBecomeTensors() throws Exception {
        record Example(Tensor x, Tensor y) {}
        CsvDataset<Example> data = CsvDataset.read(
                file("a,species,b\n1,dog,2.5\n3,cat,4\n"),
                row -> new Example(row.floats("a", "b"), row.label("species")),
                o -> o.classes("species", "cat", "dog"));
        assertArrayEquals(new float[] {1, 2.5f}, data.get(0).x().toFloatArray());
        assertEquals(1, data.get(0).y().item());
        assertEquals(DType.INT64, data.get(0).y().dtype());
        assertEquals(0, data.get(1).y().dim());
        assertArrayEquals(
                new float[] {1, 2.5f, 3, 4}, data.floats("a", "b").flatten().toFloatArray());
        assertArrayEquals(new long[] {1, 0}, data.labels("species").toLongArray());
        assertArrayEquals(new double[] {1}, data.row(0).doubles("a").toDoubleArray());
        assertArrayEquals(new long[] {3, 4}, data.row(1).longs("a", "b").toLongArray());
    }

    @Test
    void integersMayBeWrittenAsFloats() throws Exception {
        CsvDataset<Row> data = rows("n\n3.0\n9223372036854775807\n-9223372036854775808\n1e3\n0e99999999\n");
        assertEquals(3, data.get(0).getInt("n"));
        assertEquals(Long.MAX_VALUE, data.get(1).getLong("n"));
        assertEquals(Long.MIN_VALUE, data.get(2).getLong("n"));
        assertEquals(1000, data.get(3).getLong("n"));
        assertEquals(0, data.get(4).getLong("n"));
        assertTrue(message(() -> data.get(1).getInt("n")).contains("line 3, column \"n\": 9223372036854775807"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "3.5", "1e999999999", "x", "nan", "1d"})
    void whatIsNoLongIsRefused(String text) throws Exception {
        CsvDataset<Row> data = rows("n\n" + text + "\n");
        assertEquals(
                folder.resolve("data.csv") + ", line 2, column \"n\": \"" + text
                        + "\" is not an integer within the range of a long",
                message(() -> data.get(0).getLong("n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1d", "1f", "0x10", "0x1p3", "1_000", "one", "--1", "1,5", "infinit"})
    void whatIsNoNumberInPythonIsRefused(String text) throws Exception {
        CsvDataset<Row> data = rows("n;m\n\n;\n1;" + text + "\n", o -> o.delimiter(';'));
        assertEquals(
                folder.resolve("data.csv") + ", line 4, column \"m\": \"" + text + "\" is not a number",
                message(() -> data.get(1).getDouble("m")));
    }

    @ParameterizedTest
    @CsvSource({"true,true", "False,false", "1,true", "0,false"})
    void booleans(String text, boolean value) throws Exception {
        assertEquals(value, rows("b\n" + text + "\n").get(0).getBoolean("b"));
    }

    @Test
    void anUnknownClassIsNamed() throws Exception {
        CsvDataset<Row> data = rows("s\ncat\ncow\n", o -> o.classes("s", "cat", "dog"));
        assertTrue(message(() -> data.labels("s"))
                .endsWith("line 3, column \"s\": \"cow\" is none of the classes cat, dog"));
        CsvDataset<Row> without = rows("s\ncat\n");
        assertThrows(IllegalStateException.class, () -> without.get(0).label("s"));
    }

    @Test
    void aMissingValueIsAnErrorOrANumber() throws Exception {
        String text = "a,b\n1,\nNA,2\n";
        CsvDataset<Row> data = rows(text, o -> o.missingTexts("", "NA").missing("b", -1));
        assertTrue(data.get(0).isNull("b"));
        assertFalse(data.get(0).isNull("a"));
        assertArrayEquals(new float[] {1, -1}, data.get(0).floats("a", "b").toFloatArray());
        assertEquals(-1, data.get(0).getLong("b"));
        assertTrue(message(() -> data.get(1).getDouble("a"))
                .contains("line 3, column \"a\": the value is missing: test it with isNull"));
        assertTrue(message(() -> data.get(0).getString("b")).contains("the value is missing"));
    }

    @Test
    void anUnknownColumnIsAnError() throws Exception {
        CsvDataset<Row> data = rows("width,height\n1,2\n", o -> o.columns("width"));
        assertEquals(List.of("width"), data.columns());
        assertTrue(message(() -> data.get(0).getDouble("widht"))
                .contains("there is no column \"widht\" among [width]; did you mean 'width'?"));
        assertTrue(message(() -> data.get(0).getDouble("height")).contains("add it to the columns"));
        assertTrue(message(() -> data.get(0).isNull("x")).contains("there is no column"));
        assertTrue(message(() -> rows("width\n1\n", o -> o.columns("hight")))
                .contains("there is no column \"hight\" among [width]"));
    }

    @Test
    void aFileWithoutHeaderGetsNames() throws Exception {
        CsvDataset<Row> data = rows("1,2\n3,4\n", o -> o.header("a", "b"));
        assertEquals(2, data.size());
        assertEquals(3, data.get(1).getInt("a"));
    }

    @Test
    void indicesAreChecked() throws Exception {
        CsvDataset<Row> data = rows("a\n1\n");
        assertThrows(IndexOutOfBoundsException.class, () -> data.get(1));
        assertThrows(IndexOutOfBoundsException.class, () -> data.get(-1));
    }

    // --- bad files ---------------------------------------------------------------------------------------------

    @Test
    void badFilesAreRefused() throws Exception {
        Path path = folder.resolve("data.csv");
        assertEquals(
                path + ": is empty, so it has no header; give the names with o -> o.header(...)",
                message(() -> rows("")));
        assertEquals(0, rows("a,b\n").size());
        assertEquals(
                path + ", line 4: has 3 fields, but there are 2 columns: [1, 2, 3]",
                message(() -> rows("a,b\n\"1\n\",2\n1,2,3\n")));
        assertTrue(message(() -> rows("a,b\n1\n")).contains("line 2: has 1 fields, but there are 2 columns"));
        assertTrue(message(() -> rows("a,b,a\n1,2,3\n")).contains("the columns 1 and 3 are both named \"a\""));
        assertEquals(2, rows("a,b,a\n1,2,3\n", o -> o.columns("b")).get(0).getInt("b"));
        assertThrows(UncheckedIOException.class, () -> CsvDataset.read(folder.resolve("missing.csv"), row -> row));
        assertThrows(IllegalArgumentException.class, () -> rows("a\n", o -> o.quote(',')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b\n1,\"x", "a,b\n1,\"x\"\"", "a,b\n1,\"x\"\"\n", "a,b\n1\"2,\"x"})
    void aQuoteThatDoesNotEndIsAnError(String text) {
        assertTrue(message(() -> rows(text)).endsWith("line 2: a quote is not closed at the end of the file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b\n1,\"x\"", "a,b\n1,\"x\"\"\"", "a,b\n1,2\"3\n", "a,b\n1\"2,\"x\"\n", "a,b\n1,\"\"\n"})
    void quotesThatEndAreNoError(String text) throws Exception {
        assertEquals(1, rows(text).size());
    }

    @Test
    void bytesOfAnotherCharsetAreAnError() {
        assertTrue(message(() -> CsvDataset.read(Recorded.file("windows.csv"), row -> row))
                .contains("windows.csv: is not text in UTF-8"));
    }

    @Test
    void aTruncatedGzipIsAnError() throws Exception {
        byte[] whole = Files.readAllBytes(Recorded.file("plain.csv.gz"));
        Path path = folder.resolve("cut.csv.gz");
        for (int size : new int[] {whole.length / 2, whole.length - 4, 5}) {
            Files.write(path, java.util.Arrays.copyOf(whole, size));
            String message = assertThrows(UncheckedIOException.class, () -> CsvDataset.read(path, row -> row))
                    .getMessage();
            assertTrue(message.startsWith(path.toString()), message);
        }
    }

    // --- size --------------------------------------------------------------------------------------------------

    @Test
    void aLargeFileNeedsLittleMoreMemoryThanItsText() throws Exception {
        Path path = folder.resolve("large.csv");
        int size = 200_000;
        try (BufferedWriter out = Files.newBufferedWriter(path)) {
            out.write("id,x,y,kind\n");
            for (int i = 0; i < size; i++) {
                out.write(i + "," + i / 8.0 + "," + -i + "," + (i % 2 == 0 ? "even" : "odd") + "\n");
            }
        }
        long before = used();
        CsvDataset<Row> data = CsvDataset.read(path, row -> row, o -> o.classes("kind", "even", "odd"));
        long needed = used() - before;
        // the text, 4 bytes for each of the 4 cells, and 8 for the number of the line
        long expected = Files.size(path) + size * (4 * 4 + 8L);
        assertTrue(needed < 1.5 * expected, needed + " bytes, expected " + expected);
        assertEquals(199_999 / 8.0, data.get(199_999).getDouble("x"));
        assertEquals(1, data.get(199_999).classIndex("kind"));
        assertTrue(message(() -> data.get(150_000).getLong("kind")).contains("line 150002"));
        try (Stream<Long> ids = CsvDataset.stream(path, row -> row.getLong("id"))) {
            assertEquals(size * (size - 1L) / 2, ids.mapToLong(id -> id).sum());
        }
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(20);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aStreamThatIsClosedReleasesTheFile() throws Exception {
        Stream<Row> stream = CsvDataset.stream(file("a\n1\n2\n"), row -> row);
        assertEquals(1, stream.iterator().next().getInt("a"));
        stream.close();
        Stream<Integer> failing = CsvDataset.stream(file("a\n1\n"), row -> {
            throw new IOException("of the mapper");
        });
        assertTrue(message(failing::toList).contains("line 2: java.io.IOException: of the mapper"));
    }
}
