package org.jtorch.opgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Reads every {@code *.ops} file of a folder and writes the Java sources. Untouched files keep their time stamp. */
public final class OpGenerator {

    private OpGenerator() {}

    /**
     * Generates the op surface.
     *
     * @param args the folder of the tables, the folder of the generated sources
     * @throws IOException if a file cannot be read or written
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
        Set<Path> written = new HashSet<>();
        for (OpTable table : parsed) {
            if (table.name().isEmpty()) {
                continue; // statics alone
            }
            write(out.resolve(table.name() + ".java"), Emitter.ops(table), written);
        }
        write(out.resolve("TorchOps.java"), Emitter.statics(parsed), written);
        removeStale(out, written);
    }

    private static void write(Path file, String text, Set<Path> written) throws IOException {
        written.add(file);
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.writeString(file, text);
        }
    }

    /** Removes what a table that is gone, or has another name now, once became: it would be compiled still. */
    private static void removeStale(Path out, Set<Path> written) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.filter(f -> !written.contains(f)).toList()) {
                if (Files.isRegularFile(file) && Files.readString(file).startsWith(Emitter.FIRST_LINE)) {
                    Files.delete(file);
                }
            }
        }
    }
}
