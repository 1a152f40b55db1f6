package org.jtorch.benchmarks.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jtorch.TensorScope;
import org.jtorch.export.Compiled;
import org.jtorch.export.ExportedModule;
import org.jtorch.export.ExportedProgram;
import org.jtorch.export.Inputs;

/** Exported programs of a folder: the plain run, the compiled one, and the time from the file to the first output. */
final class ProgramCases {

    private ProgramCases() {}

    static void run(Bench bench, Path folder) {
        for (Path file : files(folder)) {
            String name = name(file);
            if (bench.wanted("plain/" + name) || bench.wanted("compiled/" + name)) {
                ExportedProgram program = ExportedProgram.load(file);
                Inputs inputs = Objects.requireNonNull(program.exampleInputs(), () -> file + " has no example inputs");
                ExportedModule<Inputs, Object> module = program.module();
                measure(bench, "plain/" + name, () -> module.infer(inputs));
                if (bench.wanted("compiled/" + name)) {
                    Compiled<Inputs, Object> compiled = Compiled.of(program);
                    measure(bench, "compiled/" + name, () -> compiled.call(inputs));
                }
            }
            if (bench.wanted("load/" + name)) {
                bench.measure("load/" + name, 1, 3, () -> {
                    try (TensorScope scope = new TensorScope()) {
                        ExportedProgram program = ExportedProgram.load(file);
                        program.module().infer(Objects.requireNonNull(program.exampleInputs()));
                    }
                });
            }
        }
    }

    static String name(Path program) {
        return String.valueOf(program.getFileName()).replaceFirst("\\.pt2$", "");
    }

    /** Measures a call, as often in a repeat as takes about a tenth of a second. */
    static void measure(Bench bench, String name, Runnable call) {
        Runnable scoped = () -> {
            try (TensorScope scope = new TensorScope()) {
                call.run();
            }
        };
        long start = System.nanoTime();
        scoped.run();
        long inner = Math.max(1, Math.min(200, 100_000_000 / (System.nanoTime() - start + 1)));
        bench.measure(name, (int) inner, 7, scoped);
    }

    /** Returns the programs of a folder in the order of their names. */
    static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".pt2"))
                    .sorted()
                    .toList();
        } catch (NotDirectoryException | NoSuchFileException e) {
            throw new IllegalArgumentException(folder + ": no such folder", e);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be read", e);
        }
    }
}
