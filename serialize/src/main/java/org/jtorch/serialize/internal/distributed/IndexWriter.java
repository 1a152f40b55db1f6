package org.jtorch.serialize.internal.distributed;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Size;
import org.jtorch.serialize.internal.pickle.Pickler;
import org.jtorch.serialize.internal.torch.TensorPickling;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/** Writes the index of a folder as Python's {@code FileSystemWriter} does, so that {@code dcp.load} reads it. */
public final class IndexWriter {

    private static final String CLASSES = "torch.distributed.checkpoint.metadata.";
    private static final String STORAGE_INFO = "torch.distributed.checkpoint.filesystem._StorageInfo";

    /** The version of the format, as of PyTorch 2.14. Earlier versions have none, and ignore it. */
    private static final String VERSION = "1.0.0";

    private IndexWriter() {}

    /** Returns the bytes of the index. */
    public static ByteBuffer write(FolderIndex index) {
        Map<String, Object> described = new LinkedHashMap<>();
        Map<Object, Object> storage = new LinkedHashMap<>();
        index.items().forEach((key, item) -> {
            if (item instanceof FolderIndex.Parts tensor) {
                described.put(key, tensor(key, tensor, storage));
            } else {
                described.put(key, object(CLASSES + "BytesStorageMetadata", Map.of()));
                storage.put(place(key, null, null), info(((FolderIndex.Whole) item).place()));
            }
        });
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("state_dict_metadata", described);
        metadata.put("planner_data", index.paths());
        metadata.put("storage_data", storage);
        metadata.put("storage_meta", null);
        metadata.put("version", VERSION);
        try (TensorPickling values = new TensorPickling()) {
            return Pickler.dump(
                    object(CLASSES + "Metadata", metadata),
                    (pickler, value) ->
                            value instanceof PythonObject object ? save(pickler, object) : values.save(pickler, value));
        }
    }

    private static PythonObject tensor(String key, FolderIndex.Parts tensor, Map<Object, Object> storage) {
        List<Object> chunks = new ArrayList<>();
        for (FolderIndex.Chunk chunk : tensor.chunks()) {
            Size offsets = Size.of(chunk.offsets());
            storage.put(place(key, offsets, (long) chunks.size()), info(chunk.place()));
            chunks.add(object(
                    CLASSES + "ChunkStorageMetadata", Map.of("offsets", offsets, "sizes", Size.of(chunk.sizes()))));
        }
        return object(
                CLASSES + "TensorStorageMetadata",
                ordered("properties", properties(tensor.dtype()), "size", Size.of(tensor.shape()), "chunks", chunks));
    }

    /** Returns the properties of a dense tensor: dtype, layout, requires_grad, memory format and pin_memory. */
    private static PythonObject properties(DType dtype) {
        PythonObject contiguous = new PythonObject(CLASSES + "_MEM_FORMAT_ENCODING", Tuple.of(0L), Map.of());
        return object(CLASSES + "TensorProperties", Tuple.of(dtype, Layout.STRIDED, false, contiguous, false));
    }

    private static PythonObject place(String key, @Nullable Size offsets, @Nullable Long number) {
        return object(CLASSES + "MetadataIndex", ordered("fqn", key, "offset", offsets, "index", number));
    }

    private static PythonObject info(FolderIndex.Place place) {
        return object(
                STORAGE_INFO,
                ordered("relative_path", place.file(), "offset", place.offset(), "length", place.length()));
    }

    private static Map<String, @Nullable Object> ordered(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }

    private static PythonObject object(String type, Object state) {
        PythonObject object = new PythonObject(type, Tuple.EMPTY, Map.of());
        object.setState(state);
        return object;
    }

    private static boolean save(Pickler pickler, PythonObject object) {
        int dot = object.name().lastIndexOf('.');
        pickler.global(object.name().substring(0, dot), object.name().substring(dot + 1));
        if (object.state() == null) {
            pickler.save(object.arguments());
            pickler.reduce(object);
        } else {
            pickler.newObject(object);
            pickler.save(object.state());
            pickler.build();
        }
        return true;
    }
}
