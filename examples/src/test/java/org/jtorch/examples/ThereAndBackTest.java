package org.jtorch.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that moves to Python and back has the losses of one that never moves. Python's part is recorded: after 20 steps of
 * {@link ThereAndBack} with {@code run.pt},
 *
 * <pre>
 * python3 examples/python/there_and_back.py run.pt 20 > there_and_back.txt; cp run.pt there_and_back.pt
 * </pre>
 *
 * <p>It was recorded on a CPU with AVX-512. There, the losses are equal to the last digit. On a CPU whose kernels round
 * differently, Java's own losses differ from those with which the recording began, and are equal to six digits.
 */
class ThereAndBackTest {

    private static final Path RECORDED = Path.of("src/test/resources/org/jtorch/examples");

    /** The difference of float32 results after 60 steps between two CPUs that round differently. */
    private static final double DRIFT = 1e-5;

    @TempDir
    Path folder;

    private static List<Double> losses(Path printed) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(printed)) {
            losses.add(Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)));
        }
        return losses;
    }

    private static double[] printed(List<Double> losses) {
        return losses.stream()
                .mapToDouble(loss -> Double.parseDouble(String.format(java.util.Locale.ROOT, "%.10f", loss)))
                .toArray();
    }

    @Test
    void lossesAreThoseOfARunThatNeverMoves() throws IOException {
        List<Double> alone = ThereAndBack.train(folder.resolve("alone.pt"), 60);

        List<Double> moved = new ArrayList<>(ThereAndBack.train(folder.resolve("run.pt"), 20));
        assertEquals(alone.subList(0, 20), moved);
        moved.addAll(losses(RECORDED.resolve("there_and_back.txt")));
        Path run = folder.resolve("run.pt");
        Files.copy(RECORDED.resolve("there_and_back.pt"), run, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        moved.addAll(ThereAndBack.train(run, 20));

        boolean roundsAlike = printed(alone)[0] == 2.3284673691 && printed(alone)[19] == 1.4809446335;
        assertArrayEquals(printed(alone), printed(moved), roundsAlike ? 0 : DRIFT);
    }

    /** If only Java saves and reads the run, the losses are equal bit for bit on every CPU. */
    @Test
    void lossesAreThoseOfARunThatWasNeverSaved() {
        List<Double> alone = ThereAndBack.train(folder.resolve("alone.pt"), 30);
        List<Double> saved = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            saved.addAll(ThereAndBack.train(folder.resolve("saved.pt"), 10));
        }
        assertEquals(alone, saved);
    }
}
