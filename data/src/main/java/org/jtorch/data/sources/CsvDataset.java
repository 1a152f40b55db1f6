package org.jtorch.data.sources;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;

/**
 * The rows of a CSV file. The file may be compressed by gzip.
 *
 * <p>A field may be quoted, and then contain delimiters, line breaks and doubled quotes. Lines end with {@code \n}, {@code
 * \r\n} or {@code \r}; empty lines are skipped. A byte order mark is not part of the first name.
 *
 * <p>Reading it needs the library FastCSV: add the dependency {@code de.siegmar:fastcsv}. It was chosen because it has no
 * dependencies, has a module descriptor, and tells the line of every row.
 *
 * <p>The cells are kept as UTF-8 text with 4 bytes more for each, and become numbers when a row is asked for. A file that is
 * larger than the heap is read by {@link #stream}.
 *
 * @param <T> the type of an example
 */
public final class CsvDataset<T> extends RowDataset<T> {

    /** The optional arguments of {@link CsvDataset}. */
    public static final class Options extends RowOptions<Options> {
        private char delimiter = ',';
        private char quote = '"';
        private Charset charset = StandardCharsets.UTF_8;
        private @Nullable List<String> header;
        private Set<String> missingTexts = Set.of("");

        private Options() {}

        @Override
        Options self() {
            return this;
        }

        /** Sets the character between two fields; the default is a comma. */
        public Options delimiter(char newDelimiter) {
            delimiter = newDelimiter;
            return this;
        }

        /** Sets the character around quoted fields; the default is {@code "}. */
        public Options quote(char newQuote) {
            quote = newQuote;
            return this;
        }

        /** Sets the charset; the default is UTF-8. Bytes that are not of the charset are errors. */
        public Options charset(Charset newCharset) {
            charset = newCharset;
            return this;
        }

        /** Sets the names of the columns of a file without a header. By default, the first line has the names. */
        public Options header(String... names) {
            header = List.of(names);
            return this;
        }

        /** Sets which texts stand for a missing value; the default is the empty text only. */
        public Options missingTexts(String... texts) {
            missingTexts = Set.of(texts);
            return this;
        }

        Format format() {
            return new Format(delimiter, quote, charset, header, missingTexts, settings());
        }
    }

    /** What the options say, which a change of the options no longer changes. */
    record Format(
            char delimiter,
            char quote,
            Charset charset,
            @Nullable List<String> header,
            Set<String> missingTexts,
            RowOptions.Settings settings) {}

    private final Table table;

    private CsvDataset(Path path, RowMapper<T> mapper, Options options) {
        super(mapper, options.settings());
        OptionalLibrary.FASTCSV.require();
        try (CsvRecords records = new CsvRecords(path, options.format())) {
            table = new Table(path.toString(), "line", Table.ofTexts(records.names()));
            for (CsvRecords.Line line = records.next(); line != null; line = records.next()) {
                table.add(line::value, line.number());
            }
        }
    }

    /** Reads a file with the default options, as {@link #read(Path, RowMapper, Consumer)}. */
    public static <T> CsvDataset<T> read(Path path, RowMapper<T> mapper) {
        return read(path, mapper, o -> {});
    }

    /**
     * Reads a file into memory.
     *
     * @param path a CSV file, perhaps compressed by gzip
     * @param mapper makes an example of a row, each time that it is asked for
     * @param options sets the optional arguments
     * @throws org.jtorch.TorchException if the file has no header, two columns of one name, not the columns that are to be
     *     kept, a row with more or fewer fields than the header, a quote without its end, or bytes that are not of the
     *     charset
     * @throws java.io.UncheckedIOException if the file cannot be read
     * @throws IllegalArgumentException if the delimiter or the quote cannot be used, for example because they are equal
     * @throws IllegalStateException if FastCSV is missing
     */
    public static <T> CsvDataset<T> read(Path path, RowMapper<T> mapper, Consumer<Options> options) {
        return new CsvDataset<>(path, mapper, Customized.of(new Options(), options));
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
        Options o = Customized.of(new Options(), options);
        OptionalLibrary.FASTCSV.require();
        return Records.stream(new CsvRecords(path, o.format()), mapper, o.settings());
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
