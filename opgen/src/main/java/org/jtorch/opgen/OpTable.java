package org.jtorch.opgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One table: a kind of op.
 *
 * @param name the interface it becomes
 * @param doc what the interface holds
 * @param ops its rows, in-place twins included
 */
record OpTable(String name, String doc, List<Op> ops) {

    /** Reads a table. The first line is {@code interface NAME: doc}; {@code #} starts a comment line. */
    static OpTable read(Path file) throws IOException {
        String name = "";
        String doc = "";
        List<Op> ops = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                if (line.startsWith("interface ")) {
                    int colon = line.indexOf(':');
                    name = line.substring("interface ".length(), colon).strip();
                    doc = line.substring(colon + 1).strip();
                    continue;
                }
                Op op = Op.parse(line);
                ops.add(op);
                if (op.hasInPlaceTwin()) {
                    ops.add(op.inPlaceTwin());
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ":" + (i + 1) + ": " + e.getMessage() + "\n  " + line, e);
            }
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException(file + ": the first line should be 'interface NAME: doc'");
        }
        return new OpTable(name, doc, ops);
    }
}
