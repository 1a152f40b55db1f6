package org.jtorch.data.sources;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/** Reads a CSV file line by line through FastCSV. The only class that names it. */
final class CsvRecords implements Records {

    private final Path path;
    private final CsvDataset.Format format;
    private final CsvReader<RawLine> reader;
    private final CloseableIterator<RawLine> lines;
    private final Quotes quotes;
    private final List<String> header;
    private final Map<String, Integer> kept = new LinkedHashMap<>();
    private final List<String> names;
    private @Nullable RawLine last;

    /** A line as FastCSV reads it. */
    private record RawLine(long number, List<String> fields) {}

    CsvRecords(Path path, CsvDataset.Format format) {
        this.path = path;
        this.format = format;
        CsvReader.CsvReaderBuilder builder = CsvReader.builder()
                .fieldSeparator(format.delimiter())
                .quoteCharacter(format.quote())
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
        try {
            quotes = new Quotes(TextFiles.open(path, format.charset()));
        } catch (IOException e) {
            throw TextFiles.failure(path, format.charset(), e);
        }
        try {
            reader = builder.build(new Handler(), quotes);
            lines = reader.iterator();
            List<String> given = format.header();
            header = given != null ? given : headerLine();
            keepColumns();
            names = List.copyOf(kept.keySet());
        } catch (Throwable e) {
            close(quotes);
            throw e;
        }
    }

    private List<String> headerLine() {
        RawLine line = read();
        if (line == null) {
            throw new TorchException(path + ": is empty, so it has no header; give the names with o -> o.header(...)");
        }
        return line.fields();
    }

    private void keepColumns() {
        RowOptions.Settings settings = format.settings();
        settings.requireColumns(path, header);
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i);
            Integer before = settings.keeps(name) ? kept.putIfAbsent(name, i) : null;
            if (before != null) {
                throw new TorchException(
                        path + ": the columns " + (before + 1) + " and " + (i + 1) + " are both named \"" + name
                                + "\"; if the file has no header, give the names with o -> o.header(...)");
            }
        }
    }

    List<String> names() {
        return names;
    }

    @Override
    public @Nullable Line next() {
        RawLine line = read();
        if (line == null) {
            return null;
        }
        if (line.fields().size() != header.size()) {
            throw new TorchException(path + ", line " + line.number() + ": has "
                    + line.fields().size() + " fields, but there are " + header.size() + " columns: " + line.fields());
        }
        return new Line(line);
    }

    private @Nullable RawLine read() {
        try {
            if (lines.hasNext()) {
                last = lines.next();
                return last;
            }
        } catch (CsvParseException | UncheckedIOException e) {
            throw failure(e);
        }
        if (quotes.areOpen() && last != null) {
            throw new TorchException(
                    path + ", line " + last.number() + ": a quote is not closed at the end of the file");
        }
        return null;
    }

    private RuntimeException failure(RuntimeException failed) {
        for (Throwable e = failed; e != null; e = e.getCause()) {
            if (e instanceof IOException io) {
                return TextFiles.failure(path, format.charset(), io);
            }
        }
        Throwable cause = failed.getCause();
        return new TorchException(
                path + ": " + failed.getMessage() + (cause == null ? "" : ": " + cause.getMessage()), failed);
    }

    @Override
    public void close() {
        close(quotes);
    }

    private void close(Reader closed) {
        try {
            closed.close();
        } catch (IOException e) {
            throw TextFiles.failure(path, e);
        }
    }

    /** The cells of a line by name. */
    final class Line implements Fields {
        private final RawLine line;

        private Line(RawLine line) {
            this.line = line;
        }

        long number() {
            return line.number();
        }

        @Override
        public List<String> names() {
            return names;
        }

        @Override
        public boolean has(String column) {
            return kept.containsKey(column);
        }

        @Override
        public @Nullable Object value(String column) {
            Integer index = kept.get(column);
            String text = index == null ? null : line.fields().get(index);
            return text == null || format.missingTexts().contains(text) ? null : text;
        }

        @Override
        public String place() {
            return path + ", line " + line.number();
        }
    }

    /**
     * Counts the quotes of a file. In a file whose quoted fields all end, an even number of quotes is in quoted fields. So
     * the last field did not end if the number of all quotes without those in plain fields is odd.
     */
    private final class Quotes extends FilterReader {
        private long count;

        Quotes(Reader in) {
            super(in);
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(buffer, offset, read, 1);
            return read;
        }

        void count(char[] buffer, int offset, int length, int sign) {
            for (int i = offset; i < offset + length; i++) {
                if (buffer[i] == format.quote()) {
                    count += sign;
                }
            }
        }

        boolean areOpen() {
            return count % 2 != 0;
        }
    }

    private final class Handler extends AbstractBaseCsvCallbackHandler<RawLine> {
        private List<String> fields = new ArrayList<>();

        @Override
        protected void handleBegin(long startingLineNumber) {
            fields = new ArrayList<>();
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            if (!quoted) {
                quotes.count(buffer, offset, length, -1);
            }
            fields.add(new String(buffer, offset, length));
        }

        @Override
        protected RawLine buildRecord() {
            return new RawLine(getStartingLineNumber(), fields);
        }
    }
}
