package org.jtorch.distributed.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.distributed.Distributed;
import org.jtorch.distributed.ProcessGroup;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A training whose rank 1 dies goes on from its last checkpoint. */
class RestartTest {

    @TempDir
    Path folder;

    /** Adds up the steps, and saves the sum after each. Rank 1 dies in the middle of the first attempt. */
    static final class Training {

        private static final int STEPS = 10;

        public static void main(String[] arguments) {
            Path file = Path.of(arguments[0]);
            boolean first = System.getenv("TORCHELASTIC_RESTART_COUNT").equals("0");
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(30)))) {
                Map<String, Tensor> state = Files.exists(file)
                        ? Checkpoint.load(file).stateDict()
                        : Map.of("sum", Torch.zeros(1), "step", Torch.zeros(1));
                Tensor sum = state.get("sum");
                int start = (int) state.get("step").item();
                System.out.println("begins at step " + start);
                for (int step = start; step < STEPS; step++) {
                    if (first && step == 6 && group.rank() == 1) {
                        System.err.println("dies");
                        Runtime.getRuntime().halt(9);
                    }
                    Tensor gradient = Torch.full(new long[] {1}, (double) step);
                    group.allReduce(gradient);
                    sum = sum.add(gradient);
                    if (group.rank() == 0) {
                        Checkpoint.save(file, Map.of("sum", sum, "step", Torch.full(new long[] {1}, step + 1.0)));
                    }
                }
                System.out.println("sum " + sum.item());
            }
        }
    }

    @Test
    @Timeout(120)
    void goesOnFromTheLastCheckpoint() throws InterruptedException {
        List<String> out = Collections.synchronizedList(new ArrayList<>());
        List<String> err = Collections.synchronizedList(new ArrayList<>());
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Training.class.getName(),
                folder.resolve("sum.pt").toString());
        Launcher.run(command, o -> o.processes(2).restarts(1).out(out::add).err(err::add));
        assertTrue(out.contains("[rank 1] begins at step 0"), out::toString);
        assertTrue(out.contains("[rank 1] begins at step 6"), out::toString);
        for (int rank = 0; rank < 2; rank++) {
            String expected = "[rank " + rank + "] sum 90.0";
            assertEquals(1, out.stream().filter(expected::equals).count(), out::toString);
        }
        assertTrue(err.stream().anyMatch(line -> line.startsWith("jtorch: rank 1 ended with status 9")), err::toString);
    }
}
