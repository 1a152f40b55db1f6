package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.distributed.checkpoint.DistributedCheckpoint;
import org.jtorch.distributed.checkpoint.Shard;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that several processes save, and load in other numbers. {@code parity/record/dcp_read.py} reads them in Python. */
class CheckpointOfRanksTest {

    @TempDir
    Path scratch;

    /** Returns 0, 0.5, 1, …, less 3. */
    static Tensor numbers(long... shape) {
        return Torch.arange(Size.of(shape).numel())
                .to(DType.FLOAT32)
                .mul(0.5)
                .sub(3)
                .view(shape);
    }

    /** Returns the part of a tensor that one of several processes has: along {@code dim}, at most {@code each} of its size. */
    static Shard part(Tensor whole, int dim, long each, int rank) {
        long size = whole.size(dim);
        long first = Math.min(size, each * rank);
        long[] offsets = new long[whole.dim()];
        offsets[dim] = first;
        Tensor own = whole.narrow(dim, first, Math.min(each, size - first));
        return new Shard(own, Size.of(offsets), Size.of(whole.shape()));
    }

    /** Returns the state of {@code dcp_read.py}, in parts. */
    static Map<String, Object> state(int rank, int size) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("rows", part(numbers(7, 3), 0, (7 + size - 1) / size, rank));
        model.put("tiles", part(numbers(6, 4).to(DType.BFLOAT16), 1, (4 + size - 1) / size, rank));
        model.put("copied", numbers(5));
        model.put("transposed", numbers(3, 2).t());
        model.put("scalar", Torch.full(new long[] {}, 2.5));
        model.put("empty", Torch.empty(0, 3));
        model.put("ints", Torch.tensor(new long[] {-(1L << 62), 0, 7}));
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("lr", 0.1);
        group.put("betas", Tuple.of(0.9, 0.999));
        group.put("params", List.of(0L, 1L));
        Map<String, Object> optim = new LinkedHashMap<>();
        optim.put("state", Map.of(0L, Map.of("step", Torch.full(new long[] {}, 3.0))));
        optim.put("param_groups", List.of(group));
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("model", model);
        state.put("optim", optim);
        state.put("step", 1L << 40);
        state.put("name", "caf\u00e9");
        state.put("none", null);
        return state;
    }

    /** Saves in each process, and loads what three others saved. */
    static final class Saver {
        public static void main(String[] arguments) {
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                DistributedCheckpoint.save(Path.of(arguments[0]), state(group.rank(), group.size()), group);
                for (int i = 1; i < arguments.length; i++) {
                    System.out.println("loaded " + loaded(Path.of(arguments[i]), group));
                }
                group.barrier();
            }
        }

        private static boolean loaded(Path folder, ProcessGroup group) {
            Shard rows = part(Torch.zeros(7, 3), 0, (7 + group.size() - 1) / group.size(), group.rank());
            Shard tiles = part(Torch.zeros(6, 4).to(DType.BFLOAT16), 0, 6 / group.size(), group.rank());
            DistributedCheckpoint.loadInto(folder, Map.of("model", Map.of("rows", rows, "tiles", tiles)));
            long first = rows.offsets().get(0);
            long firstTile = tiles.offsets().get(0);
            return rows.tensor()
                            .equal(numbers(7, 3).narrow(0, first, rows.tensor().size(0)))
                    && tiles.tensor()
                            .equal(numbers(6, 4)
                                    .to(DType.BFLOAT16)
                                    .narrow(0, firstTile, tiles.tensor().size(0)));
        }
    }

    @Test
    void savedByOneToThreeAndLoadedByOthers() throws IOException {
        String kept = System.getProperty("jtorch.dcp.folders");
        Path folder = kept == null ? scratch : Path.of(kept);
        DistributedCheckpoint.save(folder.resolve("ranks1"), state(0, 1));
        for (int count : new int[] {3, 2}) {
            List<String> arguments = new java.util.ArrayList<>(
                    List.of(folder.resolve("ranks" + count).toString()));
            if (count == 2) {
                arguments.add(folder.resolve("ranks3").toString());
                arguments.add(folder.resolve("ranks1").toString());
            }
            List<Ranks.Result> results = Ranks.run(count, Saver.class, arguments.toArray(new String[0]));
            for (Ranks.Result each : results) {
                assertEquals(0, each.status(), each::toString);
                assertEquals(
                        count == 2 ? 2 : 0,
                        each.lines().stream().filter("loaded true"::equals).count(),
                        each::toString);
            }
            Checkpoint read = DistributedCheckpoint.load(folder.resolve("ranks" + count), o -> o.verify(true));
            assertTrue(read.getTensor("model.rows").equal(numbers(7, 3)));
            assertTrue(read.getTensor("model.tiles").equal(numbers(6, 4).to(DType.BFLOAT16)));
            assertTrue(read.getTensor("model.transposed").equal(numbers(3, 2).t()));
            assertEquals(1L << 40, read.getLong("step"));
            assertEquals(count, files(folder.resolve("ranks" + count)).size() - 1);
        }
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** One process has something that cannot be saved, or shards that do not fit: an error of both. */
    static final class Refused {
        public static void main(String[] arguments) {
            Path folder = Path.of(arguments[0]);
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                DistributedCheckpoint.save(folder, Map.of("step", 1L), group);
                attempt(folder, Map.of("of" + group.rank(), group.rank() == 0 ? 1L : new Object()), group);
                attempt(folder, Shard.ofRows(Torch.ones(2), group.rank(), 4), group);
                attempt(Path.of(group.rank() == 0 ? "/proc/none/a" : "b"), 1L, group);
                DistributedCheckpoint.save(folder, Map.of("step", 2L), group);
            }
        }

        static void attempt(Path folder, Object value, ProcessGroup group) {
            try {
                DistributedCheckpoint.save(folder, Map.of("t", value, "u" + group.rank(), Torch.ones(2)), group);
                System.out.println("saved");
            } catch (CheckpointException e) {
                System.out.println("refused " + e.getMessage());
            }
        }
    }

    @Test
    void anErrorOfOneIsAnErrorOfAll() throws IOException {
        Path folder = scratch.resolve("c");
        for (Ranks.Result each : Ranks.run(2, Refused.class, folder.toString())) {
            assertEquals(0, each.status(), each::toString);
            List<String> refused = each.lines().stream()
                    .filter(line -> line.startsWith("refused "))
                    .toList();
            assertEquals(3, refused.size(), each::toString);
            assertEquals(
                    "refused rank 1: 't.of1': a java.lang.Object cannot be written to a checkpoint: write tensors, strings,"
                            + " numbers, booleans, byte[], null, and Map, List, Set and Tuple of them",
                    refused.get(0));
            assertTrue(refused.get(1).contains("at [1], which overlap"), each::toString);
            assertTrue(refused.get(2).startsWith("refused rank 0: /proc/none"), each::toString);
        }
        assertEquals(2, DistributedCheckpoint.load(folder).getLong("step"));
        assertEquals(List.of("c"), files(scratch));
        assertEquals(2, files(folder).size(), files(folder)::toString);
    }

    /** Rank 1 has more than the disk. This program starts the two processes in a namespace with a small disk. */
    static final class FullDisk {
        public static void main(String[] arguments) throws IOException {
            if (arguments.length == 1) {
                List<Ranks.Result> results = Ranks.run(2, FullDisk.class, arguments[0], "rank");
                results.forEach(each -> each.lines().forEach(System.out::println));
                Path folder = Path.of(arguments[0]);
                System.out.println("left " + files(folder) + " "
                        + DistributedCheckpoint.load(folder.resolve("c")).getLong("step"));
                return;
            }
            Path folder = Path.of(arguments[0], "c");
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                DistributedCheckpoint.save(folder, Map.of("step", 1L), group);
                long[] rows = {100, 10_000_000};
                Tensor own = Torch.ones(rows[group.rank()]);
                Refused.attempt(folder, Shard.ofRows(own, group.rank() == 0 ? 0 : 100, 10_000_100), group);
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "mounts a tmpfs in a user namespace")
    void aFullDisk() throws IOException, InterruptedException {
        Path folder = Files.createDirectory(scratch.resolve("disk"));
        String mount = "mount -t tmpfs -o size=8m none '" + folder + "'";
        assumeTrue(shell(mount).equals(""), "this user may not mount a file system in a namespace of its own");
        String said = shell(mount + " && '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' -cp '"
                + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")) + "' "
                + FullDisk.class.getName().replace("$", "\\$") + " '" + folder + "'");
        assertEquals(
                2,
                said.lines()
                        .filter(line -> line.startsWith("refused rank 1: ") && line.contains("No space left on device"))
                        .count(),
                said);
        assertTrue(said.contains("left [c] 1"), said);
    }

    private static String shell(String command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", command)
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text;
        } catch (IOException e) {
            return Arrays.toString(e.getStackTrace());
        }
    }
}
