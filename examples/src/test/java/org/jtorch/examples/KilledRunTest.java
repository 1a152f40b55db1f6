package org.jtorch.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed and started again ends with the same bits as one that is never killed. */
class KilledRunTest {

    private static final int STEPS = 400;

    @TempDir
    Path folder;

    @Test
    void threeKills() throws Exception {
        killed(3, 11);
    }

    @Test
    @Tag("soak")
    void twentyKills() throws Exception {
        killed(20, 5);
    }

    private void killed(int kills, long seed) throws Exception {
        String whole = assertNotNull2(run(folder.resolve("whole"), -1));
        Random random = new Random(seed);
        Path killed = folder.resolve("killed");
        List<Integer> moments = new ArrayList<>();
        while (moments.size() < kills) {
            int steps = random.nextInt(2 * STEPS / kills);
            if (run(killed, steps) != null) {
                break; // it ended before the kill
            }
            moments.add(steps);
        }
        assertTrue(moments.size() >= Math.min(3, kills), "the run was killed only after " + moments + " steps");
        assertEquals(whole, run(killed, -1), "after kills that came " + moments + " steps after each start");
    }

    private static String assertNotNull2(@Nullable String text) {
        assertNotNull(text);
        return text;
    }

    /**
     * Starts the run in a process of its own, and kills it at a random moment after some steps.
     *
     * @param steps the number of steps; -1 for no kill
     * @return the line with the final weights, or null if the process was killed
     */
    private static @Nullable String run(Path folder, int steps) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRun.class.getName(),
                        folder.toString(),
                        Integer.toString(STEPS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int seen = 0;
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line;
            while ((line = out.readLine()) != null) {
                if (line.startsWith("weights ")) {
                    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
                    return line;
                }
                if (line.startsWith("step ") && seen++ == steps) {
                    process.destroyForcibly().waitFor();
                    return null;
                }
            }
        }
        throw new AssertionError("the process ended with " + process.waitFor() + " after " + seen + " steps");
    }
}
