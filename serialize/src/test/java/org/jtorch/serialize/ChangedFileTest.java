package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.internal.options.Customized;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.MappedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another program cuts a file short or writes over it in place while it is read: no process ends, and no tensor changes. */
class ChangedFileTest {

    private static final int VALUES = 1 << 20;

    /** Loads the file until it has got tensors and exceptions often enough, in a process that may crash. */
    public static final class Reader {

        private Reader() {}

        /** Ends with 0, unless it reads another value. */
        public static void main(String[] args) {
            Path file = Path.of(args[0]);
            Consumer<LoadOptions> options =
                    switch (args[1]) {
                        case "default" -> o -> o.verify(true);
                        case "copied" -> o -> o.mmap(false).verify(true);
                        default -> o -> o.keys("a"::equals).verify(true);
                    };
            int loaded = 0;
            int refused = 0;
            while (loaded < 5 || refused < 5) {
                try {
                    for (Tensor tensor :
                            Checkpoint.load(file, options).stateDict().values()) {
                        tensor.sum().item();
                        loaded++;
                        tensor.close();
                    }
                } catch (CheckpointException e) {
                    if (!String.valueOf(e.getMessage()).startsWith(file.toString())) {
                        throw e;
                    }
                    refused++;
                }
            }
        }
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"default", "copied", "keys"})
    void noProcessEnds(String how) throws IOException, InterruptedException {
        for (String name : List.of("model.pt", "model.safetensors")) {
            Path file = folder.resolve(name);
            Map<String, Tensor> tensors = Map.of("a", Torch.ones(VALUES), "b", Torch.ones(VALUES));
            if (name.endsWith(".pt")) {
                Checkpoint.save(file, tensors);
            } else {
                Checkpoint.saveSafetensors(file, tensors);
            }
            byte[] whole = Files.readAllBytes(file);
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:ErrorFile=" + folder.resolve("crash"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Reader.class.getName(),
                            file.toString(),
                            how)
                    .inheritIO()
                    .start();
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
            try (RandomAccessFile writer = new RandomAccessFile(file.toFile(), "rw")) {
                for (int round = 0; System.nanoTime() < end && process.isAlive(); round++) {
                    writer.setLength(whole.length / 3);
                    Thread.sleep(5);
                    // as torch.save does: from the start, piece by piece
                    writer.seek(0);
                    for (int at = 0; at < whole.length; at += 1 << 20) {
                        writer.write(whole, at, Math.min(1 << 20, whole.length - at));
                    }
                    Thread.sleep(round % 20 == 0 ? 200 : 15);
                }
            }
            assertTrue(process.waitFor(1, TimeUnit.SECONDS), "never loaded, or never met a change");
            assertEquals(0, process.exitValue());
            assertTrue(Files.notExists(folder.resolve("crash")));
        }
    }

    /** The tensors of a small file do not share memory with anything. */
    @Test
    void loadedTensorsStay() throws IOException {
        Path file = folder.resolve("small.pt");
        Checkpoint.save(file, Map.of("a", Torch.ones(VALUES)));
        Tensor tensor = Checkpoint.load(file).stateDict().get("a");
        byte[] other = new byte[(int) Files.size(file)];
        Files.write(file, other);
        assertEquals(VALUES, tensor.sum().item());
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }

    /** Cut short between opening and reading. */
    @Test
    void aShortReadNamesTheSizes() throws IOException {
        Path file = folder.resolve("short");
        Files.write(file, new byte[100_000]);
        try (MappedFile open = MappedFile.open(file, size -> MappedFile.Access.COPIED)) {
            Files.write(file, new byte[10]);
            CheckpointException e = assertThrows(CheckpointException.class, () -> open.copy(0, 100_000));
            assertTrue(e.getMessage().startsWith("was truncated to 10 of its 100000 bytes"), e.getMessage());
            assertThrows(CheckpointException.class, () -> open.at(50_000, 8));
        }
    }

    @Test
    void anInterruptFromBeforeIsNoReasonNotToRead() {
        Path file = folder.resolve("interrupted.pt");
        Checkpoint.save(file, Map.of("a", Torch.ones(3)));
        Thread.currentThread().interrupt();
        assertEquals(3, Checkpoint.load(file).stateDict().get("a").sum().item());
        assertTrue(Thread.interrupted());
    }

    /** A fault in a mapped page, which the JVM tells of so, is an exception that names the file. */
    @Test
    void aFaultInAMappedPage() {
        Path file = folder.resolve("fault.pt");
        Checkpoint.save(file, Map.of("a", Torch.ones(3)));
        CheckpointException e = assertThrows(
                CheckpointException.class,
                () -> Checkpoint.load(
                        file,
                        o -> o.keys(key -> {
                            throw new InternalError("a fault occurred in an unsafe memory access operation");
                        })));
        assertTrue(e.getMessage().startsWith(file + ": was truncated while it was being read"), e.getMessage());
        assertTrue(e.getMessage().contains("mmap(false)"), e.getMessage());
    }

    @Test
    void largeFilesAreMappedAndSmallOnesAreNot() {
        LoadOptions byDefault = new LoadOptions();
        assertEquals(MappedFile.Access.WHOLE, byDefault.reading().access(LoadOptions.COPIED));
        assertEquals(MappedFile.Access.MAPPED, byDefault.reading().access(LoadOptions.COPIED + 1));
        LoadOptions some = Customized.of(new LoadOptions(), o -> o.keys("a"::equals));
        assertEquals(MappedFile.Access.COPIED, some.reading().access(1));
        assertEquals(MappedFile.Access.MAPPED, some.reading().access(LoadOptions.COPIED + 1));
        assertEquals(
                MappedFile.Access.MAPPED,
                Customized.of(new LoadOptions(), o -> o.mmap(true)).reading().access(1));
        assertEquals(
                MappedFile.Access.COPIED,
                Customized.of(new LoadOptions(), o -> o.mmap(false)).reading().access(1L << 40));
    }
}
