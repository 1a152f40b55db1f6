package org.jtorch.distributed.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.Adam;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.SGD;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one process saves, and the plan of several. */
class SaveTest {

    @TempDir
    Path scratch;

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** What PyTorch saved is the same after it was loaded and saved here. */
    @ParameterizedTest
    @ValueSource(strings = {"single", "two", "fsdp", "grid"})
    @SuppressWarnings("unchecked")
    void everyKindOfValue(String name) {
        Object expected = Checkpoint.load(RecordedFoldersTest.FOLDERS.resolve(name + ".pt"))
                .root();
        Path folder = scratch.resolve("new/" + name);
        DistributedCheckpoint.save(folder, (Map<String, ?>) expected);
        RecordedFoldersTest.assertSame(
                "",
                expected,
                DistributedCheckpoint.load(folder, o -> o.verify(true)).root());
        RecordedFoldersTest.assertSame(
                "",
                expected,
                DistributedCheckpoint.load(folder, o -> o.mmap(true)).root());
    }

    @Test
    void aModel() throws IOException {
        Linear model = new Linear(3, 2);
        Path folder = scratch.resolve("model");
        DistributedCheckpoint.save(folder, Map.of("model", model.stateDict(), "step", 5L));
        assertEquals(List.of(".metadata", "__0_0.distcp"), files(folder));
        assertEquals(List.of("model"), files(scratch));
        Linear other = new Linear(3, 2);
        other.loadStateDict(DistributedCheckpoint.load(folder).stateDict("model"));
        assertTrue(other.weight.equal(model.weight));
        Linear third = new Linear(3, 2);
        Map<String, @Nullable Object> loaded =
                DistributedCheckpoint.loadInto(folder, Map.of("model", third.stateDict(), "step", 0L));
        assertTrue(third.weight.equal(model.weight));
        assertTrue(third.weight.requiresGrad());
        assertEquals(5L, loaded.get("step"));
    }

    /** An optimizer goes on as before, although its numbers of parameters were texts, and an empty state was not saved. */
    @Test
    void anOptimizer() {
        Linear model = new Linear(3, 2);
        Tensor x = Torch.ones(4, 3);
        Optimizer<?> adam = new Adam(model.parameters(), o -> o.lr(0.1));
        Optimizer<?> plain = new SGD(model.parameters(), o -> o.lr(0.1));
        step(model, adam, x);
        Path folder = scratch.resolve("optim");
        DistributedCheckpoint.save(
                folder, Map.of("model", model.stateDict(), "adam", adam.stateDict(), "sgd", plain.stateDict()));
        step(model, adam, x);
        Linear other = new Linear(3, 2);
        Optimizer<?> again = new Adam(other.parameters(), o -> o.lr(0.5));
        Checkpoint read = DistributedCheckpoint.load(folder);
        other.loadStateDict(read.stateDict("model"));
        again.loadStateDict(read.optimizerState("adam"));
        step(other, again, x);
        assertTrue(other.weight.equal(model.weight));
        new SGD(other.parameters(), o -> o.lr(0.5)).loadStateDict(read.optimizerState("sgd"));
    }

    /** An optimizer that has made no step has no state that could be overwritten, which must not be taken for success. */
    @Test
    void anEmptyMapIsNotFilled() {
        Linear model = new Linear(3, 2);
        Optimizer<?> adam = new Adam(model.parameters(), o -> o.lr(0.1));
        step(model, adam, Torch.ones(4, 3));
        Path folder = scratch.resolve("filled");
        DistributedCheckpoint.save(folder, Map.of("adam", adam.stateDict()));
        Map<String, ?> fresh = Map.of("adam", new Adam(model.parameters(), o -> o.lr(0.1)).stateDict());
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> DistributedCheckpoint.loadInto(folder, fresh));
        assertTrue(e.getMessage().contains("'adam.state' is an empty map in the state, but"), e.getMessage());
    }

    /** A tensor without memory cannot be loaded into, which must not be taken for success. */
    @Test
    void aTensorOfTheMetaDeviceIsRefused() {
        Path folder = scratch.resolve("meta");
        DistributedCheckpoint.save(folder, Map.of("t", Torch.ones(2)));
        Map<String, ?> state = Map.of("t", Torch.ones(2).to(Device.META));
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> DistributedCheckpoint.loadInto(folder, state));
        assertTrue(e.getMessage().contains("'t' is a tensor of the meta device"), e.getMessage());
    }

    /** A place that exists may be another file system's, out of which nothing can be renamed. */
    @Test
    void writesInTheFolderThatExists() throws IOException {
        Path folder = Files.createDirectory(scratch.resolve("mounted"));
        NewFolder made = NewFolder.create(folder);
        assertEquals(folder.toRealPath(), made.path().getParent());
        made.discard();
        DistributedCheckpoint.save(folder, Map.of("step", 1L));
        DistributedCheckpoint.save(folder, Map.of("step", 2L));
        assertEquals(List.of(".metadata", "__0_1.distcp"), files(folder));
        assertEquals(List.of("mounted"), files(scratch));
    }

    /** What looks like a folder that a killed process has left is deleted, but not what a link leads to. */
    @Test
    @DisabledOnOs(OS.WINDOWS) // links need a right there
    void linksAreNotFollowed() throws IOException {
        Path other = Files.createDirectory(scratch.resolve("other"));
        Files.writeString(other.resolve("precious.txt"), "x");
        Files.createSymbolicLink(scratch.resolve(".links.jtorch-1.tmp"), other);
        Path left = Files.createDirectory(scratch.resolve(".links.jtorch-2.tmp"));
        Files.createSymbolicLink(left.resolve("inside"), other);
        DistributedCheckpoint.save(scratch.resolve("links"), Map.of("step", 1L));
        assertEquals(List.of("precious.txt"), files(other));
        assertEquals(List.of("links", "other"), files(scratch));
    }

    private static void step(Linear model, Optimizer<?> optimizer, Tensor x) {
        optimizer.zeroGrad();
        model.call(x).sum().backward();
        optimizer.step();
    }

    /** A view of a large tensor takes only its own bytes, and numbers of maps become texts, as in Python. */
    @Test
    void viewsAndNumbers() throws IOException {
        Path folder = scratch.resolve("views");
        Tensor large = Torch.arange(1 << 20).to(DType.FLOAT32);
        DistributedCheckpoint.save(
                folder, Map.of("view", large.narrow(0, 5, 3), "state", Map.of(0L, Map.of("step", Torch.ones(1)))));
        assertTrue(Files.size(folder.resolve("__0_0.distcp")) < 10_000);
        Checkpoint read = DistributedCheckpoint.load(folder);
        assertEquals(6, read.getTensor("view").select(0, 1).item());
        assertEquals(Set.of("0"), read.getMap("state").keySet());
        Map<String, @Nullable Object> state =
                DistributedCheckpoint.loadInto(folder, Map.of("state", Map.of(0L, Map.of("step", Torch.zeros(1)))));
        assertEquals(Set.of(0L), ((Map<?, ?>) state.get("state")).keySet());
    }

    @Test
    void replacesAnOlderOne() throws IOException {
        Path folder = scratch.resolve("again");
        for (long step = 0; step < 3; step++) {
            DistributedCheckpoint.save(folder, Map.of("step", step));
            assertEquals(List.of(".metadata", "__0_" + step + ".distcp"), files(folder));
            assertEquals(step, DistributedCheckpoint.load(folder).getLong("step"));
        }
        // what killed processes have left, and what is not ours
        Files.createDirectory(scratch.resolve(".again.jtorch-1.tmp"));
        Files.writeString(scratch.resolve(".again.jtorch-1.tmp/__0_3.distcp"), "x");
        Files.createDirectory(folder.resolve(".again.jtorch-2.tmp"));
        Files.createDirectory(scratch.resolve(".other.jtorch-1.tmp"));
        Files.writeString(folder.resolve("__7_9.distcp"), "x");
        Files.writeString(folder.resolve("notes.txt"), "x");
        DistributedCheckpoint.save(folder, Map.of("step", 9L));
        assertEquals(List.of(".metadata", "__0_10.distcp", "notes.txt"), files(folder));
        assertEquals(List.of(".other.jtorch-1.tmp", "again"), files(scratch));
        Path link = Files.createSymbolicLink(scratch.resolve("link"), folder);
        DistributedCheckpoint.save(link, Map.of("step", 10L));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(10, DistributedCheckpoint.load(folder).getLong("step"));
    }

    @Test
    void whatCannotBeSavedChangesNothing() throws IOException {
        Path folder = scratch.resolve("old");
        DistributedCheckpoint.save(folder, Map.of("step", 1L));
        Map<String, Object> twice = new LinkedHashMap<>();
        twice.put("a.b", 1L);
        twice.put("a", Map.of("b", 2L));
        Map<Map<String, Object>, String> refused = Map.of(
                Map.of("t", Torch.eye(2).toSparse()),
                "tensor 't' is sparse",
                Map.of("t", new Object()),
                "'t': a java.lang.Object cannot be written",
                Collections.singletonMap(null, 1L),
                "the state has the key null: keys must be texts",
                Map.of("t", Map.of(1.5, Torch.ones(1))),
                "a map at 't' has the key 1.5",
                twice,
                "two values of the state have the key 'a.b'",
                Map.of("t", Shard.ofRows(Torch.ones(2, 2), 1, 4)),
                "tensor 't' of shape [4, 2] is not complete");
        for (Map.Entry<Map<String, Object>, String> each : refused.entrySet()) {
            CheckpointException e =
                    assertThrows(CheckpointException.class, () -> DistributedCheckpoint.save(folder, each.getKey()));
            assertTrue(e.getMessage().contains(each.getValue()), e.getMessage());
            assertEquals(List.of(".metadata", "__0_0.distcp"), files(folder));
            assertEquals(List.of("old"), files(scratch));
        }
        assertEquals(1, DistributedCheckpoint.load(folder).getLong("step"));
        Path file = Files.writeString(scratch.resolve("file"), "x");
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> DistributedCheckpoint.save(file, Map.of("step", 1L)));
        assertTrue(e.getMessage().contains("is a file"), e.getMessage());
    }

    @Test
    void parametersAreTensors() {
        Path folder = scratch.resolve("p");
        DistributedCheckpoint.save(folder, Map.of("p", new Parameter(Torch.ones(2))));
        Tensor read = DistributedCheckpoint.load(folder).getTensor("p");
        assertEquals(Tensor.class, read.getClass());
    }

    @Test
    void shardsMustBeInside() {
        Tensor part = Torch.ones(2, 3);
        assertEquals(Size.of(5, 3), Shard.ofRows(part, 3, 5).shape());
        assertThrows(IllegalArgumentException.class, () -> Shard.ofRows(part, 4, 5));
        assertThrows(IllegalArgumentException.class, () -> Shard.ofRows(part, -1, 5));
        assertThrows(
                IllegalArgumentException.class, () -> Shard.ofRows(Torch.ones(1).sum(), 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Shard(part, Size.of(0), Size.of(2, 3)));
    }

    // --- the plan of several processes -------------------------------------------------------------------------

    private static SavePlan.Item tensor(String key, long rows) {
        return rows(key, 0, rows, rows);
    }

    private static SavePlan.Item rows(String key, long first, long count, long all) {
        return new SavePlan.Item(key, Tuple.of(key), DType.FLOAT32, Size.of(first), Size.of(count), Size.of(all));
    }

    /** What all processes have is written evenly, and a part only by those that have it. */
    @Test
    void bytesAreDistributed() {
        List<List<SavePlan.Item>> byRank = new ArrayList<>();
        for (int rank = 0; rank < 3; rank++) {
            List<SavePlan.Item> items = new ArrayList<>();
            for (int i = 1; i <= 12; i++) {
                items.add(tensor("t" + i, 100L * i));
            }
            // the first has all rows; a process may have none
            items.add(rank == 0 ? rows("rows", 0, 1000, 1000) : rows("rows", 1000, 0, 1000));
            items.add(new SavePlan.Item("step", Tuple.of("step"), null, Size.of(), Size.of(), Size.of()));
            byRank.add(items.stream()
                    .map(item -> SavePlan.Item.decoded(item.encoded()))
                    .toList());
        }
        SavePlan plan = SavePlan.of(byRank);
        assertEquals(14, plan.items().size());
        long[] bytes = new long[3];
        for (int rank = 0; rank < 3; rank++) {
            for (int number : plan.of(rank)) {
                bytes[rank] += plan.items().get(number).sizes().numel();
            }
        }
        assertEquals(8801, Arrays.stream(bytes).sum()); // the step counts as one
        assertTrue(Arrays.stream(bytes).max().getAsLong() < 3100, Arrays.toString(bytes));
        assertTrue(plan.of(0).stream()
                .anyMatch(number -> plan.items().get(number).key().equals("rows")));
        assertTrue(plan.of(0).contains(13));
    }

    @Test
    void processesMustAgree() {
        assertRefused(
                "'t' is a tensor of torch.float32 and shape [2] in rank 0, but a tensor of torch.float32 and shape"
                        + " [3] in rank 1",
                List.of(tensor("t", 2)),
                List.of(tensor("t", 3)));
        assertRefused("which overlap", List.of(rows("t", 0, 3, 4)), List.of(rows("t", 2, 2, 4)));
        assertRefused(
                "is not complete: its 2 parts have 3 of its 4 elements",
                List.of(rows("t", 0, 2, 4)),
                List.of(rows("t", 3, 1, 4)));
        assertRefused(
                "at [0] have shape [2] in rank 0, and [3] in rank 1",
                List.of(rows("t", 0, 2, 4)),
                List.of(rows("t", 0, 3, 4)));
        assertRefused(
                "'t' is a tensor of torch.float32 and shape [2] in rank 0, but not a tensor in rank 1",
                List.of(tensor("t", 2)),
                List.of(new SavePlan.Item("t", Tuple.of("t"), null, Size.of(), Size.of(), Size.of())));
    }

    @SafeVarargs
    private static void assertRefused(String message, List<SavePlan.Item>... byRank) {
        CheckpointException e = assertThrows(CheckpointException.class, () -> SavePlan.of(List.of(byRank)));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
