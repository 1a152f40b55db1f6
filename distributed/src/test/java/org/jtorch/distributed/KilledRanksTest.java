package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.distributed.checkpoint.DistributedCheckpoint;
import org.jtorch.distributed.checkpoint.Shard;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes save the same checkpoint again and again, and one of them is killed at random moments: the checkpoint is whole
 * each time. How often is the property {@code jtorch.kills}.
 */
class KilledRanksTest {

    private static final int KILLS = Integer.getInteger("jtorch.kills", 4);
    private static final int ROWS = 1 << 18;

    /** Saves one generation after the other, each with numbers of its own, until the other process is gone. */
    static final class Saver {
        public static void main(String[] arguments) {
            Path folder = Path.of(arguments[0]);
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(30)))) {
                for (long generation = Long.parseLong(arguments[1]); ; generation++) {
                    Tensor own = Torch.full(new long[] {ROWS}, generation);
                    DistributedCheckpoint.save(
                            folder,
                            Map.of(
                                    "generation", generation,
                                    "rows", Shard.ofRows(own, (long) ROWS * group.rank(), 2L * ROWS),
                                    "copied", Torch.full(new long[] {1000}, generation)),
                            group);
                    System.out.println("saved " + generation);
                }
            } catch (DistributedException e) {
                System.out.println("lost " + e.ranks());
            }
        }
    }

    @TempDir
    Path scratch;

    @Test
    @Tag("slow")
    void theCheckpointIsTheOldOneOrTheNewOne() throws IOException, InterruptedException {
        Random random = new Random(1);
        Path folder = scratch.resolve("c");
        long next = 0;
        int interrupted = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            try (Ranks ranks = Ranks.start(2, Saver.class, folder.toString(), Long.toString(next))) {
                int killed = random.nextInt(2);
                ranks.awaitLine(killed, "saved ");
                Thread.sleep(random.nextInt(60));
                ranks.process(killed).destroyForcibly().waitFor();
                // the first time, the other process notices and removes what it can
                if (kill == 0) {
                    Ranks.Result other = ranks.await(Duration.ofSeconds(60)).get(1 - killed);
                    assertEquals("[" + killed + "]", other.value("lost"));
                }
            }
            next = whole(folder, next) + 1;
            try (Stream<Path> files = Files.list(scratch)) {
                interrupted += files.anyMatch(file -> file.toString().endsWith(".tmp")) ? 1 : 0;
            }
        }
        System.out.println(interrupted + " of " + KILLS + " kills fell into a save");
        if (KILLS >= 20) {
            // otherwise nothing was tried
            assertTrue(interrupted > KILLS / 5, "only " + interrupted + " kills fell into a save");
        }
    }

    /** Returns the generation of the checkpoint, after checking that it is not mixed with another. */
    private static long whole(Path folder, long least) {
        Checkpoint saved = DistributedCheckpoint.load(folder, o -> o.verify(true));
        long generation = saved.getLong("generation");
        assertTrue(generation >= least, "generation " + generation + " was there before " + least);
        for (String key : new String[] {"rows", "copied"}) {
            Tensor values = saved.getTensor(key);
            assertEquals(generation, values.min().item(), key);
            assertEquals(generation, values.max().item(), key);
        }
        assertEquals(2L * ROWS, saved.getTensor("rows").numel());
        return generation;
    }
}
