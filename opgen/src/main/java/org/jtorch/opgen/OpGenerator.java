package org.jtorch.opgen;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads every {@code *.ops} file of a folder and writes the Java sources. */
public final class OpGenerator {

    private OpGenerator() {}

    /**
     * Generates the classes of operations.
     *
     * @param args the folder of the tables and the folder of the generated sources
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        Path tables = Path.of(args[0]);
        List<OpTable> parsed = new ArrayList<>();
        for (Path file : GeneratedFolder.tables(tables, ".ops")) {
            parsed.add(OpTable.read(file));
        }
        GeneratedFolder out = new GeneratedFolder(Path.of(args[1]).resolve("org/jtorch"), Emitter.FIRST_LINE);
        for (OpTable table : parsed) {
            if (table.name().isEmpty()) {
                continue; // only static methods
            }
            out.write(table.name() + ".java", Emitter.ops(table));
        }
        out.write("TorchOps.java", Emitter.statics(parsed));
        out.removeStale();
    }
}
