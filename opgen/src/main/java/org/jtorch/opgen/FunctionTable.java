package org.jtorch.opgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a table of functions: blocks of lines, of which all but the signature are indented. */
final class FunctionTable {

    private FunctionTable() {}

    /** Reads a table from a file. */
    static List<FunctionRow> read(Path file) throws IOException {
        return parse(file.toString(), Files.readAllLines(file));
    }

    /**
     * Reads a table. {@code #} starts a comment line.
     *
     * @param file what messages call it
     * @throws IllegalArgumentException if a block does not read so; the message has file, line number and line
     */
    static List<FunctionRow> parse(String file, List<String> lines) {
        List<FunctionRow> rows = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            String first = lines.get(at);
            if (first.isBlank() || first.startsWith("#")) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < lines.size()
                    && !lines.get(end).isBlank()
                    && lines.get(end).startsWith(" ")) {
                end++;
            }
            try {
                if (first.startsWith(" ")) {
                    throw new IllegalArgumentException("a function begins with its signature, which is not indented");
                }
                rows.addAll(FunctionRow.parse(unindented(lines.subList(at, end))));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ":" + (at + 1) + ": " + e.getMessage() + "\n  " + first, e);
            }
            at = end;
        }
        return rows;
    }

    /** Without the indentation that all lines but the first have; a further one is Javadoc's. */
    private static List<String> unindented(List<String> lines) {
        return lines.stream()
                .map(line -> line.startsWith("    ") ? line.substring(4) : line.stripLeading())
                .map(String::stripTrailing)
                .toList();
    }
}
