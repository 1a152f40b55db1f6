package org.jtorch.opgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a table of functions. It consists of blocks of lines, in which all lines except the signature are indented. */
final class FunctionTable {

    private FunctionTable() {}

    /** Reads a table from a file. */
    static List<FunctionRow> read(Path file) throws IOException {
        return parse(file.toString(), Files.readAllLines(file));
    }

    /**
     * Reads a table. {@code #} starts a comment line.
     *
     * @param file the name of the file in messages
     * @throws IllegalArgumentException if a block has another form; the message names the file, the line number and the line
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

    /**
     * Returns the lines without the indentation that all except the first have. Further indentation belongs to the Javadoc.
     */
    private static List<String> unindented(List<String> lines) {
        return lines.stream()
                .map(line -> line.startsWith("    ") ? line.substring(4) : line.stripLeading())
                .map(String::stripTrailing)
                .toList();
    }
}
