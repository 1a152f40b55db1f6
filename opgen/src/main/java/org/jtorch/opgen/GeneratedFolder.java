package org.jtorch.opgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of generated sources. A file whose text does not change keeps its time stamp. */
final class GeneratedFolder {

    private final Path folder;
    private final String firstLine;
    private final Set<Path> written = new HashSet<>();

    /**
     * Creates the folder if it does not exist.
     *
     * @param firstLine the first line of each generated file
     */
    GeneratedFolder(Path folder, String firstLine) throws IOException {
        this.folder = folder;
        this.firstLine = firstLine;
        Files.createDirectories(folder);
    }

    /** Returns the tables of a folder, sorted by name. */
    static List<Path> tables(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(ending)).sorted().toList();
        }
    }

    void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        written.add(file);
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.writeString(file, text);
        }
    }

    /** Removes files whose table was removed or renamed, since they would still be compiled. */
    void removeStale() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> !written.contains(f)).toList()) {
                if (Files.isRegularFile(file) && Files.readString(file).startsWith(firstLine)) {
                    Files.delete(file);
                }
            }
        }
    }
}
