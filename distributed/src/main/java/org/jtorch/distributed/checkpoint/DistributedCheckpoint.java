package org.jtorch.distributed.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.distributed.DistributedException;
import org.jtorch.distributed.ProcessGroup;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.LoadOptions;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.distributed.DistributedFolder;
import org.jtorch.serialize.internal.distributed.FolderIndex;
import org.jtorch.serialize.internal.distributed.IndexWriter;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.Readings;
import org.jtorch.serialize.python.Tuple;

/**
 * Checkpoints of several processes: folders of PyTorch's {@code torch.distributed.checkpoint}. All processes save together,
 * each the parts of tensors that it has. Any number of processes, also of Python, can load what they need of it.
 *
 * <pre>{@code
 * Map<String, Object> state = Map.of("model", model.stateDict(), "embedding", Shard.ofRows(rows, first, 50_000), "step", 100L);
 * DistributedCheckpoint.save(Path.of("step-100"), state, group);           // in each process
 *
 * DistributedCheckpoint.load(Path.of("step-100")).at("model").stateDict(); // anywhere, as a whole
 * DistributedCheckpoint.loadInto(Path.of("step-100"), state);              // in each process, only its own parts
 * }</pre>
 *
 * <p><b>State.</b> A state is a map of tensors, {@link Shard}s, and any other values that {@link Checkpoint} lists, in maps and
 * lists. As in Python, the keys and indices that lead to a value, joined by dots, are its key in the checkpoint; whole numbers
 * as keys of maps become texts; and maps without entries leave no trace. Tensors are saved without their graph, and not as
 * parameters.
 *
 * <p><b>Whole or not at all.</b> A checkpoint is written to a hidden folder beside its final place, or in it if it exists, forced to the disk, and
 * then made the checkpoint in one step. If a process ends at any moment, or a disk is full, the previous checkpoint in the same
 * place stays whole, and the next call of {@code save} removes what was left. Only one group may save to a place at a time.
 *
 * <p><b>Nothing from a file runs</b>, as for {@link Checkpoint}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/distributed.checkpoint.html">torch.distributed.checkpoint</a>
 */
public final class DistributedCheckpoint {

    private DistributedCheckpoint() {}

    // --- reading -----------------------------------------------------------------------------------------------

    /** Reads a folder with the default options, as {@link #load(Path, Consumer)}. */
    public static Checkpoint load(Path folder) {
        return load(folder, options -> {});
    }

    /**
     * Reads a folder as one state, regardless of how many processes wrote it. {@link Checkpoint#load(Path, Consumer)} does the
     * same.
     *
     * @param options sets the options, such as the dtype and the keys of the tensors to read; no byte of the others is read
     * @throws CheckpointException if there is no such checkpoint, it is damaged, or a file of it is missing
     */
    public static Checkpoint load(Path folder, Consumer<LoadOptions> options) {
        checkFolder(folder);
        return Checkpoint.load(folder, options);
    }

    private static void checkFolder(Path folder) {
        if (!DistributedFolder.is(folder)) {
            throw new CheckpointException(folder + ": is not a folder of a distributed checkpoint, which has a file "
                    + FolderIndex.NAME + "; Checkpoint.load reads files");
        }
    }

    /**
     * Overwrites the tensors of a state by those of a checkpoint, as Python's {@code dcp.load}. The checkpoint may have been
     * written by another number of processes: of a {@link Shard}, only the saved parts that overlap it are read. Each process
     * calls this method by itself. Values of the checkpoint that the state does not have are ignored.
     *
     * @param state the tensors and shards to overwrite, with the shapes of the checkpoint; numbers are converted to their
     *     dtypes. Other values are only read
     * @return the state with the same tensors and shards, and the other values of the checkpoint
     * @throws CheckpointException if the checkpoint has no value of the same key, or one of another shape, before any tensor is
     *     changed; or if a part is damaged
     */
    public static Map<String, @Nullable Object> loadInto(Path folder, Map<String, ?> state) {
        checkFolder(folder);
        Reading reading = Readings.of(LoadOptions.class, (LoadOptions options) -> {});
        try (DistributedFolder saved = DistributedFolder.open(folder, reading)) {
            Map<String, Shard> wanted = new LinkedHashMap<>();
            Map<String, @Nullable Object> result = Leaves.replace(state, (key, path, value) -> {
                if (!(value instanceof Tensor) && !(value instanceof Shard)) {
                    return saved.value(key);
                }
                Shard part = value instanceof Tensor tensor ? whole(key, tensor) : (Shard) value;
                if (part.tensor().isMeta()) {
                    throw new CheckpointException("'" + key
                            + "' is a tensor of the meta device, which has no memory to load into: give the state memory first, for example"
                            + " with module.toEmpty(Device.CPU)");
                }
                long[] shape = saved.shape(key);
                if (!Arrays.equals(shape, part.shape().toArray())) {
                    throw new CheckpointException("'" + key + "' has shape " + Arrays.toString(shape)
                            + " in the checkpoint, and " + part.shape() + " in the state");
                }
                saved.checkFiles(key, part.offsets().toArray(), part.tensor().shape());
                wanted.put(key, part);
                return value;
            });
            for (String empty : Leaves.emptyMaps(state)) {
                saved.index().items().keySet().stream()
                        .filter(key -> key.startsWith(empty + "."))
                        .findFirst()
                        .ifPresent(key -> {
                            throw new CheckpointException(
                                    "'" + empty + "' is an empty map in the state, but the checkpoint has '" + key
                                            + "': loadInto reads what the state already has. For the state of an optimizer that has made no step,"
                                            + " use load(folder).optimizerState(...)");
                        });
            }
            wanted.forEach((key, part) -> saved.copy(key, part.offsets().toArray(), part.tensor()));
            return result;
        } catch (CheckpointException e) {
            throw e.in(folder);
        } catch (TorchException e) {
            throw new CheckpointException(folder + ": " + e.getMessage(), e);
        }
    }

    private static Shard whole(String key, Tensor tensor) {
        if (tensor.isUninitialized()) {
            throw new CheckpointException(
                    "tensor '" + key + "' of a lazy module has no shape yet: call the module once first");
        }
        if (tensor.layout() != Layout.STRIDED) {
            throw new CheckpointException(
                    "tensor '" + key + "' is sparse, which a distributed checkpoint cannot represent:"
                            + " convert it with toDense(), or save it with Checkpoint");
        }
        long[] shape = tensor.shape();
        return new Shard(tensor, Size.of(new long[shape.length]), Size.of(shape));
    }

    // --- writing -----------------------------------------------------------------------------------------------

    /**
     * Saves the state of this process alone.
     *
     * @param folder the checkpoint; an older one is replaced
     * @throws CheckpointException if the state contains something that cannot be saved, or a file cannot be written
     */
    public static void save(Path folder, Map<String, ?> state) {
        save(folder, state, new Peers(null));
    }

    /**
     * Saves the states of all processes of a group, which must all call this method. What has the same key in several processes,
     * and is not a {@link Shard}, is taken to be equal there, and written by one of them; the bytes are distributed evenly.
     *
     * @param folder the checkpoint, in a file system of all processes; the path of rank 0 is used. An older one is replaced
     * @throws CheckpointException in all processes, if the state of one contains something that cannot be saved, the shards of
     *     a tensor are not the whole tensor, or a process cannot write its file. Then nothing has changed
     * @throws DistributedException if a process ended or stopped. Then either the older checkpoint is there or the new one
     */
    public static void save(Path folder, Map<String, ?> state, ProcessGroup group) {
        save(folder, state, new Peers(group));
    }

    private static void save(Path folder, Map<String, ?> state, Peers peers) {
        Objects.requireNonNull(folder, "folder");
        Map<List<Object>, @Nullable Object> values = new HashMap<>();
        List<List<SavePlan.Item>> all = new ArrayList<>();
        for (Object items : peers.together(() -> items(state, values))) {
            all.add(((List<?>) Objects.requireNonNull(items))
                    .stream().map(SavePlan.Item::decoded).toList());
        }
        SavePlan plan = SavePlan.of(all);
        @Nullable NewFolder[] made = {null};
        boolean done = false;
        try {
            List<@Nullable Object> places = peers.together(() -> {
                if (peers.rank() != 0) {
                    return null;
                }
                NewFolder created = NewFolder.create(folder);
                made[0] = created;
                return Tuple.of(created.path().toString(), created.number());
            });
            Tuple place = (Tuple) Objects.requireNonNull(places.get(0));
            Path path = folder.getFileSystem().getPath((String) Objects.requireNonNull(place.get(0)));
            long number = (Long) Objects.requireNonNull(place.get(1));
            List<@Nullable Object> written =
                    peers.together(() -> write(path, NewFolder.file(peers.rank(), number), plan, peers.rank(), values));
            peers.together(() -> {
                NewFolder created = made[0];
                if (created != null) {
                    created.commit(IndexWriter.write(plan.index(places(written, number))));
                }
                return null;
            });
            done = true;
        } finally {
            NewFolder created = made[0];
            if (!done && created != null) {
                created.discard();
            }
        }
    }

    /** Returns what this process has, and adds the values to {@code values} by their keys and offsets. */
    private static List<Tuple> items(Map<String, ?> state, Map<List<Object>, @Nullable Object> values) {
        List<Tuple> items = new ArrayList<>();
        Leaves.replace(state, (key, path, value) -> {
            Size offsets = Size.of();
            Size sizes = Size.of();
            Size shape = Size.of();
            DType dtype = null;
            Object stored = value;
            if (value instanceof Tensor || value instanceof Shard) {
                Shard part = value instanceof Tensor tensor ? whole(key, tensor) : (Shard) value;
                whole(key, part.tensor());
                offsets = part.offsets();
                sizes = Size.of(part.tensor().shape());
                shape = part.shape();
                dtype = part.tensor().dtype();
                stored = part.tensor();
            }
            items.add(new SavePlan.Item(key, path, dtype, offsets, sizes, shape).encoded());
            values.put(List.of(key, offsets), stored);
            return value;
        });
        return items;
    }

    /** Writes the file of this process, if it has something to write, and returns the offsets and lengths. */
    private static List<Tuple> write(
            Path folder, String name, SavePlan plan, int rank, Map<List<Object>, @Nullable Object> values)
            throws IOException {
        List<Integer> numbers = plan.of(rank);
        List<Tuple> places = new ArrayList<>();
        if (numbers.isEmpty()) {
            return places;
        }
        try (PartsFile file = new PartsFile(folder, name)) {
            for (int number : numbers) {
                SavePlan.Item item = plan.items().get(number);
                try {
                    FolderIndex.Place place = file.add(values.get(List.of(item.key(), item.offsets())));
                    places.add(Tuple.of((long) number, place.offset(), place.length()));
                } catch (CheckpointException e) {
                    throw e.in("'" + item.key() + "'");
                }
            }
            file.force();
        } catch (IOException e) {
            throw new IOException(
                    folder.resolve(name) + ": cannot be written: "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                    e);
        }
        return places;
    }

    private static Map<Integer, FolderIndex.Place> places(List<@Nullable Object> written, long number) {
        Map<Integer, FolderIndex.Place> places = new HashMap<>();
        for (int rank = 0; rank < written.size(); rank++) {
            for (Object each : (List<?>) Objects.requireNonNull(written.get(rank))) {
                Tuple place = (Tuple) each;
                places.put(
                        Math.toIntExact((Long) Objects.requireNonNull(place.get(0))),
                        new FolderIndex.Place(
                                NewFolder.file(rank, number), (Long) Objects.requireNonNull(place.get(1)), (Long)
                                        Objects.requireNonNull(place.get(2))));
            }
        }
        return places;
    }
}
