package org.jtorch.serialize.internal.distributed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.text.Nearest;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.format.UnknownClassException;
import org.jtorch.serialize.internal.contents.UnknownClasses;
import org.jtorch.serialize.internal.elements.Strides;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.read.TensorLoader;
import org.jtorch.serialize.internal.stored.Contents;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.StorageSource;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.internal.torch.TorchReader;
import org.jtorch.serialize.internal.zip.ZipArchive;

/**
 * A folder of {@code torch.distributed.checkpoint}: an index, and files with the parts of tensors that each process saved.
 * The index is read at once. A file is opened when one of its parts is needed, and only the parts that are needed are read.
 */
public final class DistributedFolder implements StorageSource, AutoCloseable {

    /** A relative path without empty parts, drives and backslashes. */
    private static final Pattern RELATIVE = Pattern.compile("[^/\\\\:\\x00]+(/[^/\\\\:\\x00]+)*");

    /** Addresses of numbers must be multiples of their sizes. */
    private static final int ALIGNED = 16;

    private final Path folder;
    private final Reading reading;
    private final FolderIndex index;
    private final Map<String, MappedFile> files = new HashMap<>();
    private final Deque<MappedFile> values = new ArrayDeque<>();
    private final Set<String> names = new LinkedHashSet<>();

    private DistributedFolder(Path folder, Reading reading, FolderIndex index) {
        this.folder = folder;
        this.reading = reading;
        this.index = index;
    }

    /** Returns whether {@code path} is a folder with an index. */
    public static boolean is(Path path) {
        return Files.isDirectory(path) && Files.exists(path.resolve(FolderIndex.NAME));
    }

    /**
     * Reads the index of a folder.
     *
     * @throws CheckpointException if it is damaged
     */
    public static DistributedFolder open(Path folder, Reading reading) {
        try (MappedFile file = MappedFile.open(folder.resolve(FolderIndex.NAME), size -> MappedFile.Access.COPIED)) {
            if (file.size() > reading.limits().pickleBytes()) {
                throw new CheckpointException("has " + file.size() + " bytes; at most "
                        + reading.limits().pickleBytes() + " are read (the limit pickleBytes)");
            }
            byte[] pickle = new byte[(int) file.size()];
            file.at(0, pickle.length).get(0, pickle);
            FolderIndex index = IndexReader.read(pickle, reading);
            checkPlaces(index);
            return new DistributedFolder(folder, reading, index);
        } catch (CheckpointException e) {
            throw e.in(FolderIndex.NAME);
        }
    }

    /** Returns what the index says. */
    public FolderIndex index() {
        return index;
    }

    /** Returns the files to which the index refers, in order. */
    public Set<Path> files() {
        Set<Path> paths = new LinkedHashSet<>();
        for (FolderIndex.Item item : index.items().values()) {
            places(item).forEach(place -> paths.add(folder.resolve(place.file())));
        }
        return paths;
    }

    private static List<FolderIndex.Place> places(FolderIndex.Item item) {
        return item instanceof FolderIndex.Parts tensor
                ? tensor.chunks().stream().map(FolderIndex.Chunk::place).toList()
                : List.of(((FolderIndex.Whole) item).place());
    }

    /**
     * Checks the names of files, and that no two values are in the same place, so that a small file cannot describe many
     * large tensors.
     */
    private static void checkPlaces(FolderIndex index) {
        record Named(String key, FolderIndex.Place place) {}
        List<Named> all = new ArrayList<>();
        index.items().forEach((key, item) -> places(item).forEach(place -> {
            String file = place.file();
            if (!RELATIVE.matcher(file).matches()
                    || Arrays.stream(file.split("/")).anyMatch(part -> part.equals("..") || part.equals("."))) {
                throw new CheckpointException("the file of '" + key + "' is '" + file
                        + "', which is not inside of the folder: no checkpoint has such a name");
            }
            if (place.offset() < 0 || place.length() <= 0 || place.length() > Long.MAX_VALUE - place.offset()) {
                throw new CheckpointException("'" + key + "' would be " + place.length() + " bytes at byte "
                        + place.offset() + " of " + file);
            }
            all.add(new Named(key, place));
        }));
        all.sort(
                Comparator.comparing((Named each) -> each.place.file()).thenComparingLong(each -> each.place.offset()));
        for (int i = 1; i < all.size(); i++) {
            Named before = all.get(i - 1);
            Named here = all.get(i);
            if (before.place.file().equals(here.place.file())
                    && before.place.offset() + before.place.length() > here.place.offset()) {
                throw new CheckpointException(
                        "'" + before.key + "' and '" + here.key + "' are in the same bytes of " + here.place.file());
            }
        }
    }

    // --- everything --------------------------------------------------------------------------------------------

    /**
     * Returns all values, nested as they were saved, with descriptions of tensors. They can be read until this object is
     * closed.
     *
     * @throws CheckpointException if a file is missing or too short, or the parts of a tensor are not the whole
     */
    public Contents contents() {
        NestedState state = new NestedState(reading.limits());
        index.items().forEach((key, item) -> {
            if (item instanceof FolderIndex.Whole whole) {
                state.add(key, index.paths().get(key), value(key, whole));
            } else if (reading.wants(key)) {
                state.add(key, index.paths().get(key), description(key, (FolderIndex.Parts) item));
            }
        });
        return new Contents(CheckpointFormat.DISTRIBUTED, state.root(), Map.of(), names);
    }

    private StoredTensor description(String key, FolderIndex.Parts tensor) {
        Coverage.check(key, tensor, reading.limits());
        long[] shape = tensor.shape();
        checkFiles(key, new long[shape.length], shape);
        FileStorage storage = new FileStorage(
                this, key, Coverage.product(shape) * tensor.dtype().itemSize(), "cpu");
        return StoredTensor.strided(
                storage, tensor.dtype(), 0, shape, Strides.contiguous(shape), StoredTensor.Traits.NONE);
    }

    private @Nullable Object value(String key, FolderIndex.Whole whole) {
        MappedFile part = part(key, whole.place());
        values.push(part);
        Contents contents = read(key, whole.place(), part);
        names.addAll(contents.names());
        return contents.root();
    }

    // --- single values -----------------------------------------------------------------------------------------

    /**
     * Returns a value that is not a tensor.
     *
     * @throws CheckpointException if there is none, or it is damaged
     * @throws UnknownClassException if it contains objects of classes that are neither known nor allowed
     */
    public @Nullable Object value(String key) {
        if (!(item(key) instanceof FolderIndex.Whole whole)) {
            throw new CheckpointException(
                    "'" + key + "' is a tensor in the checkpoint, but is wanted as another value");
        }
        Object root = value(key, whole);
        Map<String, List<String>> unknown = UnknownClasses.in(root, reading::allows);
        if (!unknown.isEmpty()) {
            throw new UnknownClassException(unknown).in("'" + key + "'");
        }
        return TensorLoader.load(root, reading);
    }

    /**
     * Returns the shape of a tensor as a whole.
     *
     * @throws CheckpointException if there is no such tensor, or its parts are not the whole
     */
    public long[] shape(String key) {
        FolderIndex.Parts tensor = tensor(key);
        Coverage.check(key, tensor, reading.limits());
        return tensor.shape().clone();
    }

    /**
     * Checks the files of a part of a tensor.
     *
     * @param offsets where the part begins in the whole
     * @param sizes the shape of the part
     * @throws CheckpointException if a file is missing or too short
     */
    public void checkFiles(String key, long[] offsets, long[] sizes) {
        for (FolderIndex.Chunk chunk : tensor(key).chunks()) {
            if (!chunk.isEmpty() && Region.overlap(chunk, offsets, sizes) != null) {
                file(key, chunk.place());
            }
        }
    }

    private FolderIndex.Item item(String key) {
        FolderIndex.Item item = index.items().get(key);
        if (item == null) {
            String question = Nearest.question(key, index.items().keySet());
            throw new CheckpointException(
                    "the checkpoint has no '" + key + "'" + (question.isEmpty() ? "" : "; " + question));
        }
        return item;
    }

    private FolderIndex.Parts tensor(String key) {
        if (!(item(key) instanceof FolderIndex.Parts tensor)) {
            throw new CheckpointException(
                    "'" + key + "' is wanted as a tensor, but is another value in the checkpoint");
        }
        return tensor;
    }

    /**
     * Overwrites a tensor by a part of a saved one, and reads only the files and the saved parts that contain it. Numbers are
     * converted to the dtype of {@code target}.
     *
     * @param offsets where the part begins in the whole; its shape is that of {@code target}
     */
    public void copy(String key, long[] offsets, Tensor target) {
        Tensor values = target.detach();
        for (FolderIndex.Chunk chunk : tensor(key).chunks()) {
            Region region = chunk.isEmpty() ? null : Region.overlap(chunk, offsets, values.shape());
            if (region != null) {
                copy(key, chunk, region, values);
            }
        }
    }

    private void copy(String key, FolderIndex.Chunk chunk, Region region, Tensor values) {
        DType dtype = tensor(key).dtype();
        try (MappedFile part = part(key, chunk.place());
                TensorScope scope = new TensorScope()) {
            StoredTensor stored = stored(key, dtype, chunk, part);
            FileStorage storage = Objects.requireNonNull(stored.storage());
            try (UntypedStorage bytes = open(key, chunk.place(), storage, dtype)) {
                region.in(values).copy_(region.of(TensorLoader.view(bytes, stored)));
            }
        }
    }

    // --- files -------------------------------------------------------------------------------------------------

    /** Returns the file of a place, which it checks. */
    private MappedFile file(String key, FolderIndex.Place place) {
        MappedFile file = files.get(place.file());
        try {
            if (file == null) {
                // parts are read one by one, so that there is no second copy of the file
                file = MappedFile.open(
                        folder.resolve(place.file()),
                        size -> reading.access(size) == MappedFile.Access.MAPPED
                                ? MappedFile.Access.MAPPED
                                : MappedFile.Access.COPIED);
                files.put(place.file(), file);
            }
            if (place.length() > file.size() - place.offset()) {
                throw new CheckpointException("has " + file.size() + " bytes, but the index refers to "
                        + place.length() + " bytes at byte " + place.offset()
                        + ": it was truncated, or belongs to another checkpoint");
            }
            return file;
        } catch (CheckpointException e) {
            throw at(key, place, e);
        }
    }

    private MappedFile part(String key, FolderIndex.Place place) {
        MappedFile file = file(key, place);
        try {
            return MappedFile.of(
                    place.offset() % ALIGNED == 0
                            ? file.slice(place.offset(), place.length())
                            : file.copy(place.offset(), place.length()));
        } catch (CheckpointException e) {
            throw at(key, place, e);
        }
    }

    private Contents read(String key, FolderIndex.Place place, MappedFile part) {
        try {
            ZipArchive archive = ZipArchive.read(part);
            Contents contents = TorchReader.read(part, archive, reading);
            if (contents == null || contents.format() != CheckpointFormat.TORCH) {
                throw new CheckpointException("was not written by torch.save");
            }
            return contents;
        } catch (CheckpointException e) {
            throw at(key, place, e);
        }
    }

    private static CheckpointException at(String key, FolderIndex.Place place, CheckpointException e) {
        return e.in("'" + key + "' in " + place.file());
    }

    /** Returns the description of a saved part, which must be as the index says. */
    private StoredTensor stored(String key, DType dtype, FolderIndex.Chunk chunk, MappedFile part) {
        Object root = read(key, chunk.place(), part).root();
        String wrong = null;
        if (!(root instanceof StoredTensor stored) || stored.layout() != Layout.STRIDED || !stored.isLoadable()) {
            wrong = "is not a dense tensor";
        } else if (stored.dtype() != dtype || !Arrays.equals(stored.shape(), chunk.sizes())) {
            wrong = "is a tensor of " + stored.dtype() + " and shape " + Arrays.toString(stored.shape())
                    + ", but a part of " + dtype + " and shape " + Arrays.toString(chunk.sizes())
                    + " according to the index";
        } else if (stored.storage() == null
                || stored.storage().nbytes() > chunk.place().length()) {
            wrong = "is compressed or expanded, as no checkpoint is";
        } else {
            return stored;
        }
        throw at(key, chunk.place(), new CheckpointException(wrong));
    }

    private UntypedStorage open(String key, FolderIndex.Place place, FileStorage storage, DType dtype) {
        try {
            if (reading.isVerified() && !storage.source().verify(storage)) {
                throw new CheckpointException("has no checksum to verify: load the folder without verify");
            }
            return storage.source().open(storage, dtype, true);
        } catch (CheckpointException e) {
            throw at(key, place, e);
        }
    }

    // --- the storages of whole tensors -------------------------------------------------------------------------

    @Override
    public void check(FileStorage storage) {
        shape(storage.key());
    }

    @Override
    public UntypedStorage open(FileStorage storage, DType dtype, boolean mapped) {
        FolderIndex.Parts tensor = tensor(storage.key());
        if (tensor.chunks().size() == 1 && storage.nbytes() > 0) {
            UntypedStorage only = only(storage, tensor);
            if (only != null) {
                return only;
            }
        }
        UntypedStorage all = UntypedStorage.allocate(storage.nbytes());
        boolean whole = false;
        try (TensorScope scope = new TensorScope()) {
            long[] shape = tensor.shape();
            Tensor values = all.tensor(dtype, 0, shape, Strides.contiguous(shape));
            copy(storage.key(), new long[shape.length], values);
            whole = true;
            return all;
        } catch (CheckpointException e) {
            throw e;
        } catch (TorchException e) {
            throw new CheckpointException("'" + storage.key() + "' cannot be read: " + e.getMessage(), e);
        } finally {
            if (!whole) {
                all.close();
            }
        }
    }

    /** Returns the bytes of a tensor's only part in the file itself; null if they are not in row-major order there. */
    private @Nullable UntypedStorage only(FileStorage storage, FolderIndex.Parts tensor) {
        FolderIndex.Chunk chunk = tensor.chunks().get(0);
        try (MappedFile part = part(storage.key(), chunk.place())) {
            StoredTensor stored = stored(storage.key(), tensor.dtype(), chunk, part);
            boolean plain = Arrays.equals(stored.strides(), Strides.contiguous(stored.shape()))
                    && !stored.traits().conj()
                    && !stored.traits().neg();
            FileStorage inner = Objects.requireNonNull(stored.storage());
            if (!plain || stored.storageOffset() != 0 || inner.nbytes() != storage.nbytes()) {
                return null;
            }
            return open(storage.key(), chunk.place(), inner, tensor.dtype());
        }
    }

    @Override
    public boolean verify(FileStorage storage) {
        String key = storage.key();
        FolderIndex.Parts tensor = tensor(key);
        boolean all = true;
        for (FolderIndex.Chunk chunk : tensor.chunks()) {
            try (MappedFile part = part(key, chunk.place())) {
                FileStorage inner = Objects.requireNonNull(
                        stored(key, tensor.dtype(), chunk, part).storage());
                all &= verify(key, chunk.place(), inner);
            }
        }
        return all;
    }

    private static boolean verify(String key, FolderIndex.Place place, FileStorage storage) {
        try {
            return storage.source().verify(storage);
        } catch (CheckpointException e) {
            throw at(key, place, e);
        }
    }

    /** Closes the files. Tensors that were loaded stay valid. */
    @Override
    public void close() {
        values.forEach(MappedFile::close);
        files.values().forEach(MappedFile::close);
    }
}
