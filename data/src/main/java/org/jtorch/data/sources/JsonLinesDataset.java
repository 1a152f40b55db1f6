package org.jtorch.data.sources;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jtorch.internal.options.Customized;

/**
 * The objects of a file of JSON lines: UTF-8 text with one JSON object a line. The file may be compressed by gzip. Empty
 * lines are skipped.
 *
 * <p>A field that is {@code null} or absent is a missing value. A field that holds a list of numbers becomes a vector with
 * {@link Row#floats}. As in Python's {@code json}, {@code NaN} and {@code Infinity} are numbers; other than there, an object
 * that has a name twice is an error.
 *
 * <p>Reading it needs no dependency beyond jtorch's own.
 *
 * <p>The lines are kept as text, and parsed when a row is asked for. They are all checked when the file is read. A file that
 * is larger than the heap is read by {@link #stream}.
 *
 * @param <T> the type of an example
 */
public final class JsonLinesDataset<T> extends RowDataset<T> {

    /** The optional arguments of {@link JsonLinesDataset}. */
    public static final class Options extends RowOptions<Options> {
        private Options() {}

        @Override
        Options self() {
            return this;
        }
    }

    private static final String LINE = "line";

    private final String file;
    private final RowOptions.Settings kept;
    private final Table table;
    private final List<String> columns;

    private JsonLinesDataset(Path path, RowMapper<T> mapper, Options options) {
        super(mapper, options.settings());
        file = path.toString();
        kept = options.settings();
        table = new Table(file, LINE, Map.of(LINE, BytesColumn.ofText()));
        Set<String> names = new LinkedHashSet<>();
        try (JsonRecords records = new JsonRecords(path, kept)) {
            for (JsonRecords.Line line = records.next(); line != null; line = records.next()) {
                names.addAll(line.names());
                String text = line.text();
                table.add(column -> text, records.number());
            }
        }
        columns = List.copyOf(names);
        kept.requireColumns(path, columns);
    }

    /** Reads a file with the default options, as {@link #read(Path, RowMapper, Consumer)}. */
    public static <T> JsonLinesDataset<T> read(Path path, RowMapper<T> mapper) {
        return read(path, mapper, o -> {});
    }

    /**
     * Reads a file into memory.
     *
     * @param path a file of JSON lines, perhaps compressed by gzip
     * @param mapper makes an example of a row, each time that it is asked for
     * @param options sets the optional arguments
     * @throws org.jtorch.TorchException if a line is not one JSON object, if bytes are not UTF-8, or if no line has a field
     *     that is to be kept
     * @throws java.io.UncheckedIOException if the file cannot be read
     */
    public static <T> JsonLinesDataset<T> read(Path path, RowMapper<T> mapper, Consumer<Options> options) {
        return new JsonLinesDataset<>(path, mapper, Customized.of(new Options(), options));
    }

    /** Reads a file row by row with the default options, as {@link #stream(Path, RowMapper, Consumer)}. */
    public static <T> Stream<T> stream(Path path, RowMapper<T> mapper) {
        return stream(path, mapper, o -> {});
    }

    /**
     * Reads a file row by row, so that only the current row needs memory.
     *
     * @return the examples in the order of the file; to be closed if it is not read to its end. It throws what {@link
     *     #read(Path, RowMapper, Consumer)} throws, at the row that it concerns
     */
    public static <T> Stream<T> stream(Path path, RowMapper<T> mapper, Consumer<Options> options) {
        RowOptions.Settings settings = Customized.of(new Options(), options).settings();
        return Records.stream(new JsonRecords(path, settings), mapper, settings);
    }

    @Override
    Fields fields(int index) {
        Fields row = table.row(index);
        return JsonRecords.parse(String.valueOf(row.value(LINE)), row.place(), kept);
    }

    /** Returns the names of the fields of all objects, in the order in which they first occur. */
    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public int size() {
        return table.size();
    }
}
