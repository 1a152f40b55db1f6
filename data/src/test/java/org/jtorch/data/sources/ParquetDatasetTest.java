package org.jtorch.data.sources;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are written by parity/record/sources_parquet.cjs, with values that follow from the row's number. */
class ParquetDatasetTest {

    private static final List<String> COLUMNS = List.of(
            "id",
            "small",
            "byte",
            "huge",
            "x",
            "y",
            "flag",
            "text",
            "label",
            "embedding",
            "day",
            "when",
            "local",
            "bytes");

    @TempDir
    Path folder;

    private static void check(Row row, int i) {
        assertEquals(i * 10_000_000_000L, row.getLong("id"));
        assertEquals(i % 5 == 4, row.isNull("small"));
        assertEquals(i % 5 == 4 ? 7 : i - 100, row.getInt("small"));
        assertEquals(i % 256, row.getInt("byte"));
        assertEquals(Long.toUnsignedString(-1L - i), row.getString("huge"));
        assertEquals(0x1p64, row.getDouble("huge"));
        assertEquals(i / 7.0, row.getDouble("x"));
        assertEquals(i % 3 == 0, row.isNull("y"));
        if (!row.isNull("y")) {
            assertEquals((float) (i / 3.0), row.getFloat("y"));
        }
        assertEquals(i % 2 == 1, row.getBoolean("flag"));
        assertEquals(i % 2, row.getInt("flag"));
        assertEquals(i % 4 == 3, row.isNull("text"));
        if (!row.isNull("text")) {
            assertEquals("näme " + i, row.getString("text"));
        }
        assertEquals(i % 3, row.classIndex("label"));
        assertEquals(i == 2, row.isNull("embedding"));
        if (i != 2) {
            float[] expected = new float[i % 4];
            for (int k = 0; k < expected.length; k++) {
                expected[k] = i + k / 2f;
            }
            assertArrayEquals(expected, row.floats("embedding").toFloatArray());
        }
        assertEquals(LocalDate.of(2024, 1, 1).plusDays(i).toString(), row.getString("day"));
        String time = LocalDateTime.of(2024, 1, 1, 0, 0)
                .plusHours(i)
                .format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss"));
        assertEquals(time + "+00", row.getString("when"));
        assertEquals(time, row.getString("local"));
        assertArrayEquals(new byte[] {(byte) i, (byte) 255}, row.getBytes("bytes"));
    }

    private static void options(ParquetDataset.Options o) {
        o.missing("small", 7).classes("label", "cat", "dog", "bird");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "snappy", "gzip", "brotli", "zstd", "lz4_raw"})
    void valuesAreThoseThatWereWritten(String codec) throws Exception {
        Path path = Recorded.file(codec + ".parquet");
        ParquetDataset<Row> data = ParquetDataset.read(path, row -> row, ParquetDatasetTest::options);
        assertEquals(COLUMNS, data.columns());
        assertEquals(100, data.size());
        try (Stream<Row> stream = ParquetDataset.stream(path, row -> row, ParquetDatasetTest::options)) {
            List<Row> streamed = stream.toList();
            assertEquals(100, streamed.size());
            for (int i = 0; i < 100; i++) {
                check(data.get(i), i);
                check(streamed.get(i), i);
            }
        }
    }

    @Test
    void onlyTheColumnsThatAreKept() throws Exception {
        Path path = Recorded.file("zstd.parquet");
        ParquetDataset<Row> data = ParquetDataset.read(path, row -> row, o -> o.columns("x", "id"));
        assertEquals(List.of("id", "x"), data.columns());
        assertTrue(assertThrows(TorchException.class, () -> data.get(0).getInt("small"))
                .getMessage()
                .contains("row 0: there is no column \"small\" among [id, x]"));
        assertTrue(assertThrows(TorchException.class, () -> ParquetDataset.read(path, row -> row, o -> o.columns("z")))
                .getMessage()
                .contains("there is no column \"z\""));
        assertArrayEquals(
                new float[] {0, 0, 1e10f, 1 / 7f},
                Arrays.copyOf(data.floats("id", "x").flatten().toFloatArray(), 4));
    }

    @Test
    void theRowOfABadValueIsNamed() {
        ParquetDataset<Row> data = ParquetDataset.read(Recorded.file("snappy.parquet"), row -> row);
        assertEquals(
                Recorded.file("snappy.parquet") + ", row 5, column \"label\": \"bird\" is not a number",
                assertThrows(TorchException.class, () -> data.get(5).getDouble("label"))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*.parquet", "a?.parquet", "a[b].parquet", "it's.parquet"})
    void aNameLikeAPatternIsOneFile(String name) throws Exception {
        Files.copy(Recorded.file("zstd.parquet"), folder.resolve("ab.parquet"));
        Path path = Files.copy(Recorded.file("zstd.parquet"), folder.resolve(name));
        assertEquals(100, ParquetDataset.read(path, row -> row).size());
        Files.delete(folder.resolve("ab.parquet"));
        assertEquals(100, ParquetDataset.read(path, row -> row).size());
    }

    @Test
    void foldersAddNoColumns() throws Exception {
        Path part = Files.createDirectories(folder.resolve("year=2024"));
        Path file = Files.copy(Recorded.file("zstd.parquet"), part.resolve("x.parquet"));
        assertEquals(COLUMNS, ParquetDataset.read(file, row -> row).columns());
    }

    @Test
    void badFilesAreRefused() throws Exception {
        byte[] whole = Files.readAllBytes(Recorded.file("snappy.parquet"));
        Path path = folder.resolve("bad.parquet");
        for (int size : new int[] {0, 3, 100, whole.length - 1}) {
            Files.write(path, Arrays.copyOf(whole, size));
            String message = assertThrows(TorchException.class, () -> ParquetDataset.read(path, row -> row))
                    .getMessage();
            assertTrue(message.startsWith(path + ": cannot be read as Parquet: "), message);
        }
        assertThrows(UncheckedIOException.class, () -> ParquetDataset.read(folder.resolve("no.parquet"), row -> row));
        assertThrows(UncheckedIOException.class, () -> ParquetDataset.read(folder, row -> row));
        assertThrows(UncheckedIOException.class, () -> ParquetDataset.read(folder.resolve("*.parquet"), row -> row));
    }

    @Test
    void aStreamMayBeClosedEarly() {
        Stream<Row> stream = ParquetDataset.stream(Recorded.file("snappy.parquet"), row -> row);
        assertEquals(0, stream.iterator().next().getLong("id"));
        stream.close();
    }
}
