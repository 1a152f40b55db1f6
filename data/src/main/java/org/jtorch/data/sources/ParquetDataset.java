package org.jtorch.data.sources;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jtorch.internal.options.Customized;

/**
 * The rows of a Parquet file.
 *
 * <p>Integers, floating-point numbers and booleans are kept as such, and lists of them as lists of numbers, which {@link
 * Row#floats} makes into a vector. Binary columns are read by {@link Row#getBytes}. Every other type is read as text:
 * decimals as {@code 12.50}, dates as {@code 2024-01-31}, times as {@code 2024-01-31 13:00:00}, those with a time zone as {@code 2024-01-31 13:00:00+00}, and nested types as DuckDB
 * writes them.
 *
 * <p>Reading it needs the library DuckDB: add the dependency {@code org.duckdb:duckdb_jdbc}. It was chosen because it is one
 * jar without dependencies that runs on Java 17 and reads every codec; Parquet's own library for Java needs Hadoop. The jar
 * has native code, which is unpacked when the first file is read.
 *
 * <p>The columns are kept as primitives. A file that is larger than the heap is read by {@link #stream}, or by fewer
 * columns.
 *
 * @param <T> the type of an example
 */
public final class ParquetDataset<T> extends RowDataset<T> {

    /** The optional arguments of {@link ParquetDataset}. */
    public static final class Options extends RowOptions<Options> {
        private Options() {}

        @Override
        Options self() {
            return this;
        }
    }

    private final Table table;

    private ParquetDataset(Path path, RowMapper<T> mapper, Options options) {
        super(mapper, options.settings());
        try (ParquetRecords records = ParquetRecords.open(path, options.settings())) {
            table = new Table(path.toString(), "row", records.newColumns());
            for (Fields row = records.next(); row != null; row = records.next()) {
                table.add(row::value, records.number());
            }
        }
    }

    /** Reads a file with the default options, as {@link #read(Path, RowMapper, Consumer)}. */
    public static <T> ParquetDataset<T> read(Path path, RowMapper<T> mapper) {
        return read(path, mapper, o -> {});
    }

    /**
     * Reads a file into memory.
     *
     * @param path a Parquet file of the default file system
     * @param mapper makes an example of a row, each time that it is asked for
     * @param options sets the optional arguments
     * @throws org.jtorch.TorchException if the file is not a whole Parquet file, or has not the columns that are to be kept
     * @throws java.io.UncheckedIOException if there is no such file
     * @throws IllegalArgumentException if the file is not of the default file system
     * @throws IllegalStateException if DuckDB is missing
     */
    public static <T> ParquetDataset<T> read(Path path, RowMapper<T> mapper, Consumer<Options> options) {
        return new ParquetDataset<>(path, mapper, Customized.of(new Options(), options));
    }

    /** Reads a file row by row with the default options, as {@link #stream(Path, RowMapper, Consumer)}. */
    public static <T> Stream<T> stream(Path path, RowMapper<T> mapper) {
        return stream(path, mapper, o -> {});
    }

    /**
     * Reads a file row by row, so that only some rows at a time need memory.
     *
     * @return the examples in the order of the file; to be closed if it is not read to its end. It throws what {@link
     *     #read(Path, RowMapper, Consumer)} throws, at the row that it concerns
     */
    public static <T> Stream<T> stream(Path path, RowMapper<T> mapper, Consumer<Options> options) {
        RowOptions.Settings settings = Customized.of(new Options(), options).settings();
        return Records.stream(ParquetRecords.open(path, settings), mapper, settings);
    }

    @Override
    Fields fields(int index) {
        return table.row(index);
    }

    @Override
    public List<String> columns() {
        return table.names();
    }

    @Override
    public int size() {
        return table.size();
    }
}
