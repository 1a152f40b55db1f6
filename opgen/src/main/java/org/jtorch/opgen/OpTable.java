package org.jtorch.opgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One table, with operations of one kind.
 *
 * @param name the name of the interface; empty for a table with only static methods
 * @param doc the Javadoc of the interface
 * @param ops its rows, in-place twins included
 */
record OpTable(String name, String doc, List<Op> ops) {

    /** Reads a table from a file. */
    static OpTable read(Path file) throws IOException {
        return parse(file.toString(), Files.readAllLines(file));
    }

    /**
     * Reads a table. The first line is {@code interface NAME: doc}, or {@code statics: doc}; {@code #} starts a comment
     * line.
     *
     * @param file the name of the file in messages
     * @throws IllegalArgumentException if a line has another form; the message names the file, the line number and the line
     */
    static OpTable parse(String file, List<String> lines) {
        @Nullable String name = null;
        String doc = "";
        List<Op> ops = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                if (name == null) {
                    name = header(line);
                    doc = line.substring(line.indexOf(':') + 1).strip();
                    continue;
                }
                Op op = Op.parse(line);
                if (name.isEmpty() && !op.isStatic()) {
                    throw new IllegalArgumentException(
                            "a table of statics cannot hold '" + op.name() + "', which is called on a tensor");
                }
                add(ops, op);
                if (op.hasInPlaceTwin()) {
                    add(ops, op.inPlaceTwin());
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ":" + (i + 1) + ": " + e.getMessage() + "\n  " + line, e);
            }
        }
        if (name == null) {
            throw new IllegalArgumentException(
                    file + " is empty: the first line should be 'interface NAME: doc' or 'statics: doc'");
        }
        return new OpTable(name, doc, ops);
    }

    private static void add(List<Op> ops, Op op) {
        for (Op other : ops) {
            if (other.isStatic() == op.isStatic() && other.signature().equals(op.signature())) {
                throw new IllegalArgumentException("'" + op.name() + "' appears twice with these parameter types");
            }
        }
        ops.add(op);
    }

    private static String header(String line) {
        int colon = line.indexOf(':');
        if (colon >= 0 && line.startsWith("interface ")) {
            return line.substring("interface ".length(), colon).strip();
        } else if (line.startsWith("statics:")) {
            return "";
        }
        throw new IllegalArgumentException("the first line should be 'interface NAME: doc' or 'statics: doc'");
    }
}
