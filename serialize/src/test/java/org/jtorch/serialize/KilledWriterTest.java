package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that saves the same file again and again is killed at 200 random moments: the file is whole each time. */
class KilledWriterTest {

    private static final int PAYLOAD = 1 << 20;

    /** The process that is killed. */
    public static final class Writer {

        private Writer() {}

        /** Saves one generation after the other, each with bytes of its own; says so when the first is there. */
        public static void main(String[] args) throws IOException {
            Path file = Path.of(args[0]);
            for (long generation = Long.parseLong(args[1]); ; generation++) {
                byte[] payload = new byte[PAYLOAD];
                Arrays.fill(payload, (byte) generation);
                Checkpoint.save(file, Map.of("generation", generation, "payload", payload));
                System.out.write('.');
                System.out.flush();
            }
        }
    }

    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void theFileIsTheOldOneOrTheNewOne() throws IOException, InterruptedException {
        kill(60);
    }

    @Test
    @Tag("soak")
    void theFileIsTheOldOneOrTheNewOneAfterManyKills() throws IOException, InterruptedException {
        kill(200);
    }

    private void kill(int times) throws IOException, InterruptedException {
        Random random = new Random(0);
        Path file = folder.resolve("c.pt");
        Set<Long> generations = new HashSet<>();
        int interrupted = 0;
        long next = 0;
        for (int kill = 0; kill < times; kill++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            file.toString(),
                            String.valueOf(next))
                    .redirectErrorStream(true)
                    .start();
            try (InputStream said = process.getInputStream()) {
                assertEquals('.', said.read(), "the writer did not begin");
                Thread.sleep(random.nextInt(40));
                process.destroyForcibly().waitFor();
            }
            Map<?, ?> saved =
                    (Map<?, ?>) Objects.requireNonNull(Checkpoint.load(file).root());
            long generation = (Long) Objects.requireNonNull(saved.get("generation"));
            byte[] payload = (byte[]) Objects.requireNonNull(saved.get("payload"));
            byte[] expected = new byte[PAYLOAD];
            Arrays.fill(expected, (byte) generation);
            assertTrue(Arrays.equals(expected, payload), "generation " + generation + " is mixed with another");
            assertTrue(generation >= next, "generation " + generation + " was there before " + next);
            generations.add(generation);
            next = generation + 1;
            for (Path left : leftovers()) {
                interrupted++;
                Files.delete(left);
            }
        }
        assertEquals(times, generations.size());
        // otherwise no kill fell into a write, and nothing was tried
        assertTrue(interrupted > times / 10, "only " + interrupted + " kills fell into a write");
    }

    /** Returns what a killed writer leaves: its hidden file in the same folder. */
    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".tmp"))
                    .toList();
        }
    }
}
