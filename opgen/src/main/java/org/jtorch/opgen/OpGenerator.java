package org.jtorch.opgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads every {@code *.ops} file of a folder and writes the Java sources. Untouched files keep their time stamp. */
public final class OpGenerator {

    private OpGenerator() {}

    /**
     * Generates the op surface.
     *
     * @param args the folder of the tables, the folder of the generated sources
     * @throws IOException where a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        Path tables = Path.of(args[0]);
        Path out = Path.of(args[1]).resolve("org/jtorch");
        Files.createDirectories(out);
        List<OpTable> parsed = new ArrayList<>();
        try (Stream<Path> files = Files.list(tables)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".ops")).sorted().toList()) {
                parsed.add(OpTable.read(file));
            }
        }
        for (OpTable table : parsed) {
            if (table.name().isEmpty()) {
                continue; // statics alone
            }
            write(out.resolve(table.name() + ".java"), Emitter.ops(table));
        }
        write(out.resolve("TorchOps.java"), Emitter.statics(parsed));
    }

    private static void write(Path file, String text) throws IOException {
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.writeString(file, text);
        }
    }
}
