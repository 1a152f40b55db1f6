package org.jtorch.serialize.internal.distributed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Size;
import org.jtorch.UntypedStorage;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.pickle.Kinds;
import org.jtorch.serialize.internal.pickle.Unpickler;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.StorageSource;
import org.jtorch.serialize.internal.torch.TorchEnvironment;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * Reads the index of a folder: a pickle of Python's class {@code Metadata}. It is read as data, and nothing in it is called.
 * The places of values are read only for those that the index describes.
 */
final class IndexReader {

    /** An index names no storages. */
    private static final StorageSource NONE = new StorageSource() {
        @Override
        public void check(FileStorage storage) {
            throw new CheckpointException("the index contains a tensor");
        }

        @Override
        public UntypedStorage open(FileStorage storage, DType dtype, boolean mapped) {
            throw new CheckpointException("the index contains a tensor");
        }
    };

    /** The text of the offsets of a tensor without dimensions, or of a value that is not a tensor. */
    private static final String NO_OFFSETS = "[]";

    /** The places by key, and there by the text of the part's offsets; a value that is not a tensor has no offsets. */
    private final Map<String, Map<String, FolderIndex.Place>> places = new HashMap<>();

    private IndexReader() {}

    /**
     * Returns what an index says.
     *
     * @throws CheckpointException if it is damaged, or describes something that is not read
     */
    static FolderIndex read(byte[] pickle, Reading reading) {
        Object root = Unpickler.load(pickle, new TorchEnvironment(NONE, reading, pickle.length), reading.limits());
        return new IndexReader().index(object(root, "Metadata", "the index"));
    }

    private FolderIndex index(PythonObject metadata) {
        if (!(metadata.attribute("storage_data") instanceof Map<?, ?> storage)) {
            throw new CheckpointException("the index does not say in which files the values are: it was written by a"
                    + " storage writer of another kind than torch.distributed.checkpoint.FileSystemWriter");
        }
        storage.forEach(this::place);
        Map<String, FolderIndex.Item> items = new LinkedHashMap<>();
        map(metadata.attribute("state_dict_metadata"), "state_dict_metadata").forEach((key, value) -> {
            String name = text(key, "a key");
            items.put(name, item(name, value));
        });
        Map<String, Tuple> paths = new HashMap<>();
        if (metadata.attribute("planner_data") instanceof Map<?, ?> known) {
            known.forEach((key, path) -> {
                if (key instanceof String name && path instanceof Tuple keys) {
                    paths.put(name, keys);
                }
            });
        }
        return new FolderIndex(items, paths);
    }

    private void place(@Nullable Object index, @Nullable Object info) {
        PythonObject where = object(index, "MetadataIndex", "a key of storage_data");
        String key = text(where.attribute("fqn"), "the name of a value");
        PythonObject stored = object(info, "_StorageInfo", "the place of '" + key + "'");
        Object transforms = stored.attribute("transform_descriptors");
        if (transforms instanceof List<?> list && !list.isEmpty()) {
            throw new CheckpointException("'" + key + "' was written with the extensions " + list
                    + ", which change its bytes and are not read: save it without extensions");
        }
        FolderIndex.Place place = new FolderIndex.Place(
                text(stored.attribute("relative_path"), "the file of '" + key + "'"),
                integer(stored.attribute("offset"), "the offset of '" + key + "'"),
                integer(stored.attribute("length"), "the length of '" + key + "'"));
        Object offsets = where.attribute("offset");
        String at = offsets == null ? NO_OFFSETS : Arrays.toString(sizes(offsets, "the offsets of '" + key + "'"));
        if (places.computeIfAbsent(key, k -> new HashMap<>()).put(at, place) != null) {
            throw new CheckpointException("'" + key + "' has two places for its part at " + at);
        }
    }

    private FolderIndex.Item item(String key, @Nullable Object described) {
        if (described instanceof PythonObject object && isClass(object, "BytesStorageMetadata")) {
            return new FolderIndex.Whole(place(key, NO_OFFSETS));
        }
        PythonObject tensor = object(described, "TensorStorageMetadata", "the description of '" + key + "'");
        PythonObject properties =
                object(tensor.attribute("properties"), "TensorProperties", "the properties of '" + key + "'");
        Object dtype = properties.state() instanceof Tuple state && state.size() > 0
                ? state.get(0)
                : properties.attribute("dtype");
        if (!(dtype instanceof DType type)) {
            throw new CheckpointException(
                    "tensor '" + key + "' has the dtype " + dtype + ", which jtorch does not know");
        }
        long[] shape = sizes(tensor.attribute("size"), "the size of '" + key + "'");
        if (!(tensor.attribute("chunks") instanceof List<?> parts)) {
            throw new CheckpointException("tensor '" + key + "' has no list of parts");
        }
        Map<String, FolderIndex.Chunk> chunks = new LinkedHashMap<>();
        for (Object each : parts) {
            PythonObject part = object(each, "ChunkStorageMetadata", "a part of '" + key + "'");
            long[] offsets = sizes(part.attribute("offsets"), "the offsets of a part of '" + key + "'");
            long[] own = sizes(part.attribute("sizes"), "the sizes of a part of '" + key + "'");
            String at = Arrays.toString(offsets);
            FolderIndex.Chunk chunk = new FolderIndex.Chunk(offsets, own, place(key, at));
            FolderIndex.Chunk known = chunks.put(at, chunk);
            // early versions list the copies of a part of several processes, of which one is stored
            if (known != null && !Arrays.equals(known.sizes(), own)) {
                throw new CheckpointException(
                        "tensor '" + key + "' has two parts at " + at + " of different sizes, which overlap");
            }
        }
        return new FolderIndex.Parts(type, shape, new ArrayList<>(chunks.values()));
    }

    private FolderIndex.Place place(String key, String at) {
        FolderIndex.Place place = places.getOrDefault(key, Map.of()).get(at);
        if (place == null) {
            throw new CheckpointException("the index does not say where "
                    + (at.equals(NO_OFFSETS) ? "'" + key + "'" : "the part at " + at + " of '" + key + "'") + " is");
        }
        return place;
    }

    // --- values of known types ---------------------------------------------------------------------------------

    private static boolean isClass(PythonObject object, String name) {
        return object.name().startsWith("torch.distributed.") && object.name().endsWith("." + name);
    }

    private static PythonObject object(@Nullable Object value, String type, String what) {
        if (value instanceof PythonObject object && isClass(object, type)) {
            return object;
        }
        throw new CheckpointException(
                what + " is " + Kinds.of(value) + ", not a " + type + " of torch.distributed.checkpoint");
    }

    private static Map<?, ?> map(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new CheckpointException(what + " is " + Kinds.of(value) + ", not a dict");
    }

    private static String text(@Nullable Object value, String what) {
        if (value instanceof String text) {
            return text;
        }
        throw new CheckpointException(what + " is " + Kinds.of(value) + ", not a str");
    }

    private static long integer(@Nullable Object value, String what) {
        if (value instanceof Long number) {
            return number;
        }
        throw new CheckpointException(what + " is " + Kinds.of(value) + ", not an int of 64 bits");
    }

    private static long[] sizes(@Nullable Object value, String what) {
        if (value instanceof Size size) {
            return size.toArray();
        }
        List<?> elements = value instanceof Tuple tuple ? tuple.values() : value instanceof List<?> list ? list : null;
        if (elements == null) {
            throw new CheckpointException(what + " is " + Kinds.of(value) + ", not a torch.Size");
        }
        long[] sizes = new long[elements.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = integer(elements.get(i), what);
        }
        return sizes;
    }
}
