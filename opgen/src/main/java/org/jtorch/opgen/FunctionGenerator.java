package org.jtorch.opgen;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads every {@code *.functions} file of a folder and writes the class {@code F}. */
public final class FunctionGenerator {

    private FunctionGenerator() {}

    /**
     * Generates the functions.
     *
     * @param args the folder of the tables and the folder of the generated sources
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        List<FunctionRow> rows = new ArrayList<>();
        for (Path table : GeneratedFolder.tables(Path.of(args[0]), ".functions")) {
            rows.addAll(FunctionTable.read(table));
        }
        GeneratedFolder out =
                new GeneratedFolder(Path.of(args[1]).resolve("org/jtorch/nn/functional"), FunctionEmitter.FIRST_LINE);
        out.write("F.java", FunctionEmitter.functions(rows));
        out.removeStale();
    }
}
