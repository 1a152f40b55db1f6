package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.CheckpointManager.Best;
import org.jtorch.serialize.CheckpointManager.Saved;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointManagerTest {

    @TempDir
    Path folder;

    private static List<String> names(CheckpointManager manager) {
        return manager.files().stream().map(p -> p.getFileName().toString()).toList();
    }

    private static String best(CheckpointManager manager) {
        return manager.best().orElseThrow().path().getFileName().toString();
    }

    private static void cut(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    }

    @Test
    void keepsTheLastAndTheBest() {
        try (CheckpointManager manager =
                new CheckpointManager(folder, o -> o.keepLast(2).best(Best.HIGHEST))) {
            double[] metrics = {0.5, 0.9, 0.7, Double.NaN, 0.8};
            for (int step = 0; step < 5; step++) {
                manager.save(step, Map.of("step", (long) step), metrics[step]);
            }
            assertEquals(List.of("checkpoint-1-0.9.pt", "checkpoint-3-NaN.pt", "checkpoint-4-0.8.pt"), names(manager));
            assertEquals("checkpoint-1-0.9.pt", best(manager));
        }
        // another process knows it too
        try (CheckpointManager manager =
                new CheckpointManager(folder, o -> o.keepLast(1).best(Best.LOWEST))) {
            assertEquals("checkpoint-4-0.8.pt", best(manager));
            manager.save(10, Map.of());
            assertEquals(List.of("checkpoint-4-0.8.pt", "checkpoint-10.pt"), names(manager));
        }
    }

    /** Training goes on while the file is written. */
    @Test
    void savesWhatWasThereAtTheCall() {
        Tensor weight = Torch.ones(1 << 22);
        Tensor part = weight.narrow(0, 0, 2);
        try (CheckpointManager manager = new CheckpointManager(folder)) {
            manager.save(1, Map.of("weight", weight, "part", part));
            weight.fill_(7);
            Saved saved = manager.resume().orElseThrow();
            Map<?, ?> root =
                    (Map<?, ?>) Objects.requireNonNull(saved.checkpoint().root());
            Tensor read = (Tensor) Objects.requireNonNull(root.get("weight"));
            assertEquals(1.0, read.min().item());
            assertEquals(1.0, read.max().item());
            Tensor readPart = (Tensor) Objects.requireNonNull(root.get("part"));
            readPart.fill_(3);
            assertEquals(3.0, read.max().item(), "they shared memory, and still do");
        }
    }

    @Test
    void resumesFromTheNewestWholeOne() throws IOException {
        try (CheckpointManager manager = new CheckpointManager(folder)) {
            assertEquals(Optional.empty(), manager.resume());
            manager.save(9, Map.of("step", 9L));
            manager.save(10, Map.of("step", 10L));
            manager.await();
            Path newest = folder.resolve("checkpoint-10.pt");
            cut(newest);
            Saved saved = manager.resume().orElseThrow();
            assertEquals(9, saved.step());
            assertEquals(1, saved.skipped().size());
            assertTrue(
                    saved.skipped().get(0).contains("checkpoint-10.pt"),
                    saved.skipped().toString());
            Files.write(folder.resolve("checkpoint-9.pt"), new byte[10]);
            CheckpointException e = assertThrows(CheckpointException.class, manager::resume);
            assertTrue(e.getMessage().contains("none of the checkpoints that were checked is whole"), e.getMessage());
        }
    }

    /** A file that is cut short is not the best, however good its name: the best whole one is, and is what is kept. */
    @Test
    void theBestIsWhole() throws IOException {
        for (boolean again : new boolean[] {false, true}) {
            Path runs = folder.resolve("runs" + again);
            CheckpointManager manager =
                    new CheckpointManager(runs, o -> o.keepLast(1).best(Best.LOWEST));
            manager.save(1, Map.of("w", Torch.ones(10_000)), 0.1);
            manager.await();
            Path claims = runs.resolve("checkpoint-1-0.1.pt");
            byte[] bytes = Files.readAllBytes(claims);
            if (again) {
                // a byte inside of the file, which changes neither its size nor its end
                bytes[bytes.length / 2] ^= 1;
                Files.write(claims, bytes);
                manager.close();
                manager = new CheckpointManager(runs, o -> o.keepLast(1).best(Best.LOWEST));
            } else {
                cut(claims);
            }
            manager.save(2, Map.of("step", 2L), 0.2);
            manager.save(3, Map.of("step", 3L), 0.3);
            manager.save(4, Map.of("step", 4L), 0.4);
            assertEquals(List.of("checkpoint-1-0.1.pt", "checkpoint-2-0.2.pt", "checkpoint-4-0.4.pt"), names(manager));
            Saved best = manager.best().orElseThrow();
            assertEquals(2, best.step());
            assertEquals(Map.of("step", 2L), best.checkpoint().root());
            assertEquals(1, best.skipped().size());
            assertTrue(
                    best.skipped().get(0).contains("checkpoint-1-0.1.pt"),
                    best.skipped().toString());
            cut(runs.resolve("checkpoint-2-0.2.pt"));
            cut(runs.resolve("checkpoint-4-0.4.pt"));
            CheckpointException e = assertThrows(CheckpointException.class, manager::best);
            assertTrue(e.getMessage().contains("none of the checkpoints that were checked is whole"), e.getMessage());
            manager.close();
        }
    }

    /** What was just saved is never what is deleted, and a step has one file. */
    @Test
    void goesOnBehindADamagedOne() throws IOException {
        try (CheckpointManager manager = new CheckpointManager(folder, o -> o.keepLast(1))) {
            manager.save(100, Map.of("step", 100L), 0.5);
            manager.await();
            Files.write(folder.resolve("checkpoint-110-0.5.pt"), new byte[10]);
            assertEquals(100, manager.resume().orElseThrow().step());
            manager.save(105, Map.of("step", 105L), 0.5);
            assertEquals(List.of("checkpoint-105-0.5.pt", "checkpoint-110-0.5.pt"), names(manager));
            assertEquals(105, manager.resume().orElseThrow().step());
            manager.save(110, Map.of("step", 110L), 0.75);
            assertEquals(List.of("checkpoint-110-0.75.pt"), names(manager));
            assertEquals(110, manager.resume().orElseThrow().step());
        }
    }

    @Test
    void aFailureIsToldAtTheNextCallAndOnce() throws IOException {
        CheckpointManager manager = new CheckpointManager(folder.resolve("sub"));
        manager.save(1, Map.of("step", 1L));
        manager.await();
        Files.delete(folder.resolve("sub/checkpoint-1.pt"));
        Files.delete(folder.resolve("sub"));
        manager.save(2, Map.of("step", 2L));
        CheckpointException e = assertThrows(CheckpointException.class, () -> manager.save(3, Map.of()));
        assertTrue(e.getMessage().contains("the last checkpoint was not saved"), e.getMessage());
        assertTrue(e.getMessage().contains(" does not exist; create it first"), e.getMessage());
        Files.createDirectory(folder.resolve("sub"));
        manager.save(3, Map.of());
        manager.close();
        assertArrayEquals(
                new String[] {"checkpoint-3.pt"}, folder.resolve("sub").toFile().list());
    }

    @Test
    void refuses() {
        assertThrows(IllegalArgumentException.class, () -> new CheckpointManager(folder, o -> o.keepLast(0)));
        try (CheckpointManager manager = new CheckpointManager(folder, o -> o.background(false))) {
            assertThrows(IllegalArgumentException.class, () -> manager.save(-1, Map.of()));
            assertThrows(CheckpointException.class, () -> manager.save(1, Map.of("o", new Object())));
            assertEquals(List.of(), manager.files());
        }
    }

    // --- nothing is lost ---------------------------------------------------------------------------------------

    @Test
    void anInterruptLosesNoSave() {
        CheckpointManager manager = new CheckpointManager(folder, o -> o.keepLast(9));
        for (long step = 1; step <= 3; step++) {
            Thread.currentThread().interrupt();
            manager.save(step, Map.of("w", Torch.ones(1 << 20)));
        }
        manager.close();
        assertTrue(Thread.interrupted(), "the interrupt itself is not swallowed");
        assertEquals(List.of("checkpoint-1.pt", "checkpoint-2.pt", "checkpoint-3.pt"), names(manager));
        assertEquals(3, manager.resume().orElseThrow().step());
    }

    @Test
    void anInterruptHidesNoFailure() throws IOException {
        CheckpointManager manager = new CheckpointManager(folder.resolve("sub"));
        Files.delete(folder.resolve("sub"));
        manager.save(1, Map.of("step", 1L));
        Thread.currentThread().interrupt();
        CheckpointException e = assertThrows(CheckpointException.class, manager::close);
        assertTrue(Thread.interrupted());
        assertTrue(e.getMessage().contains("the last checkpoint was not saved"), e.getMessage());
    }

    /** Saves, and forgets to close. */
    public static final class Forgetful {

        private Forgetful() {}

        /** Ends as {@code args[1]} says. */
        public static void main(String[] args) {
            CheckpointManager manager = new CheckpointManager(Path.of(args[0]));
            Tensor large = Torch.ones(1 << 24);
            switch (args[1]) {
                case "return" -> manager.save(1, Map.of("w", large));
                case "exit" -> {
                    manager.save(1, Map.of("w", large));
                    System.exit(0);
                }
                case "hook" ->
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> manager.save(1, Map.of("w", large))));
                default -> throw new IllegalArgumentException(args[1]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"return", "exit", "hook"})
    void aProcessDoesNotEndBeforeTheLastSave(String how) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Forgetful.class.getName(),
                        folder.toString(),
                        how)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertArrayEquals(new String[] {"checkpoint-1.pt"}, folder.toFile().list(), said);
        try (CheckpointManager manager = new CheckpointManager(folder)) {
            assertEquals(1, manager.resume().orElseThrow().step());
        }
    }

    @Test
    void savingAfterCloseSaysSo() {
        CheckpointManager manager = new CheckpointManager(folder);
        manager.save(1, Map.of("step", 1L));
        manager.close();
        manager.close();
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> manager.save(2, Map.of()));
        assertEquals(
                "the checkpoint manager of " + folder + " is closed: save before close(), or create a new manager",
                e.getMessage());
        assertEquals(List.of("checkpoint-1.pt"), names(manager));
    }

    /** A folder that is not empty cannot be deleted as a file can. */
    @Test
    void anOldFileThatCannotBeDeletedIsLoggedAndTheSaveIsFine() throws IOException {
        Path stubborn = Files.createDirectories(folder.resolve("checkpoint-1.pt/inside"))
                .getParent();
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(CheckpointManager.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord message) {
                logged.add(message);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try (CheckpointManager manager = new CheckpointManager(folder, o -> o.keepLast(1))) {
            manager.save(2, Map.of("step", 2L));
            manager.await();
            assertEquals(2, manager.resume().orElseThrow().step());
            assertEquals(1, logged.size());
            assertTrue(
                    logged.get(0).getMessage().startsWith(stubborn + ": the old checkpoint cannot be deleted"),
                    logged.get(0).getMessage());
            Files.delete(folder.resolve("checkpoint-1.pt/inside"));
            manager.save(3, Map.of("step", 3L));
            assertEquals(List.of("checkpoint-3.pt"), names(manager), "tried again");
        } finally {
            logger.removeHandler(handler);
        }
    }
}
