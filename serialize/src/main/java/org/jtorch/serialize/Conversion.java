package org.jtorch.serialize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.text.Nearest;
import org.jtorch.internal.text.TextTable;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.internal.contents.ContentsWalk;
import org.jtorch.serialize.internal.contents.DistributedTensors;
import org.jtorch.serialize.internal.contents.ModuleState;
import org.jtorch.serialize.internal.contents.StateDicts;
import org.jtorch.serialize.internal.file.AtomicFile;
import org.jtorch.serialize.internal.file.DensePieces;
import org.jtorch.serialize.internal.file.Outgoing;
import org.jtorch.serialize.internal.pickle.Kinds;
import org.jtorch.serialize.internal.pickle.Pickler;
import org.jtorch.serialize.internal.read.TensorLoader;
import org.jtorch.serialize.internal.safetensors.ShardedWriter;
import org.jtorch.serialize.internal.stored.Contents;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.OpenStorage;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.internal.torch.TensorInfoPickling;
import org.jtorch.serialize.internal.torch.TorchArchive;
import org.jtorch.serialize.internal.torch.TorchWriter;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonObject;

/** Writes the contents of a file to another one, one tensor at a time. */
final class Conversion {

    private final Path to;
    private final ConvertOptions options;
    private final boolean safetensors;

    Conversion(Path to, ConvertOptions options) {
        this.to = to;
        this.options = options;
        String name = String.valueOf(to.getFileName()).toLowerCase(Locale.ROOT);
        this.safetensors = name.endsWith(".safetensors");
        if (!safetensors && !name.matches(".*\\.(pt|pth|bin|ckpt)")) {
            throw new IllegalArgumentException(to
                    + ": the ending of the name determines the format: use .safetensors, or .pt, .pth, .bin or .ckpt");
        }
        if (!safetensors && options.maxShardSize() != Long.MAX_VALUE) {
            throw new IllegalArgumentException(to + ": only safetensors files are sharded: name it .safetensors");
        }
    }

    /** Writes {@code contents}, and returns the file to load. */
    Path of(Contents contents, LoadOptions load) {
        Reading wanted = load.reading();
        Object root = ContentsWalk.replace(
                contents.root(),
                (path, info) -> wanted.wantsAll() || wanted.wants(path.toString()) ? info : ContentsWalk.NOTHING);
        String at = options.at();
        if (at != null) {
            root = Checkpoint.at(contents, root, at);
        }
        if (root instanceof PythonObject object) {
            root = object.isModule() ? ModuleState.of(object) : form(object);
        }
        return safetensors ? toSafetensors(contents, root) : toTorch(contents, root);
    }

    /** Returns an object's form in the file. A subclass of dict is written as an OrderedDict. */
    private static Object form(PythonObject object) {
        Map<?, ?> entries = object.mapping();
        if (entries == null) {
            return object;
        }
        OrderedDict dict = new OrderedDict(entries);
        Map<?, ?> attributes = object.attributes();
        if (attributes != null) {
            attributes.forEach((name, value) -> dict.attributes().put(String.valueOf(name), value));
        }
        return dict;
    }

    // --- names -------------------------------------------------------------------------------------------------

    private boolean renames() {
        return options.prefix() != null || !options.renames().isEmpty() || options.isOnlyTensors();
    }

    /** Returns the entries under their new names. Values that are not tensors are kept if the format supports them. */
    private StateDict renamed(@Nullable Object root) {
        if (!(root instanceof Map<?, ?> map)) {
            throw new CheckpointException("the checkpoint is " + Kinds.of(root)
                    + ", not a dict of tensors by name, which this needs" + StateDicts.remedy(root));
        }
        StateDict state = new StateDict();
        map.forEach((key, entry) -> {
            Object value = DistributedTensors.whole(String.valueOf(key), entry);
            boolean tensor = value instanceof StoredTensor;
            if (options.isOnlyTensors() && !tensor) {
                return;
            }
            if (!(key instanceof String name)) {
                throw new CheckpointException("the key " + key + " is " + Kinds.of(key) + ", not a name");
            }
            if (safetensors && !tensor) {
                String only =
                        map.values().stream().anyMatch(each -> DistributedTensors.local(each) instanceof StoredTensor)
                                ? "take only the tensors (--only-tensors)"
                                : "";
                String inside = inside(map);
                String or = only.isEmpty() || inside.isEmpty() ? "" : ", or ";
                throw new CheckpointException("'" + name + "' is " + Kinds.of(value)
                        + ", but a safetensors file can only contain tensors: "
                        + (only.isEmpty() && inside.isEmpty() ? "write a .pt file" : only + or + inside));
            }
            state.putEntry(name, value);
        });
        if (state.entries().isEmpty() && !map.isEmpty()) {
            String inside = inside(map);
            throw new CheckpointException("the checkpoint's dict has no tensors, but " + StateDicts.some(map.keySet())
                    + (inside.isEmpty() ? "" : ": " + inside));
        }
        state.metadata().putAll(StateDicts.metadata(root));
        return applied(state);
    }

    /** Returns a sentence about the first state dict inside, or an empty text if there is none. */
    private static String inside(Map<?, ?> map) {
        return map.entrySet().stream()
                .filter(entry -> entry.getKey() instanceof String && StateDicts.isStateDict(entry.getValue()))
                .map(entry -> "take what is at '" + entry.getKey() + "' (--at " + entry.getKey() + ")")
                .findFirst()
                .orElse("");
    }

    private StateDict applied(StateDict original) {
        StateDict state = original;
        String prefix = options.prefix();
        try {
            if (prefix != null) {
                requireOne(state, key -> key.startsWith(prefix), "begins with '" + prefix + "'", prefix);
                state = state.stripPrefix(prefix);
            }
            for (KeyPattern pattern : options.renames()) {
                requireOne(state, pattern::matches, "is renamed by " + pattern, pattern.from());
                state = state.rename(pattern::apply);
            }
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(String.valueOf(e.getMessage()), e);
        }
        return state;
    }

    private static void requireOne(
            StateDict state, java.util.function.Predicate<String> wanted, String what, String asked) {
        Set<String> keys = state.entries().keySet();
        if (keys.stream().noneMatch(wanted)) {
            String question = Nearest.question(asked, beginnings(keys));
            throw new CheckpointException("no key " + what + ": there are " + StateDicts.some(keys)
                    + (question.isEmpty() ? "" : "; " + question));
        }
    }

    /** Returns the keys and their prefixes that end at a dot, with and without the dot. */
    private static Set<String> beginnings(Set<String> keys) {
        Set<String> all = new LinkedHashSet<>(keys);
        for (String key : keys) {
            for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
                all.add(key.substring(0, dot));
                all.add(key.substring(0, dot + 1));
            }
        }
        return all;
    }

    // --- safetensors -------------------------------------------------------------------------------------------

    private Path toSafetensors(Contents contents, @Nullable Object root) {
        Map<String, String> header = new LinkedHashMap<>();
        if (contents.format() == CheckpointFormat.SAFETENSORS) {
            header.putAll(contents.header());
        }
        header.putIfAbsent("format", "pt");
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        renamed(root).entries().forEach((key, value) -> tensors.put(key, (StoredTensor) Objects.requireNonNull(value)));
        if (options.isSharedOnce()) {
            dropShared(tensors, header);
        }
        try (OpenStorage open = new OpenStorage(options.isVerified())) {
            Counted counted = new Counted();
            List<Outgoing> outgoing = new ArrayList<>();
            tensors.forEach((key, info) -> outgoing.add(outgoing(key, info, open, counted)));
            counted.total = outgoing.stream().mapToLong(Outgoing::nbytes).sum();
            requireRoom(outgoing, tensors);
            Path written = ShardedWriter.write(to, outgoing, header, options.maxShardSize());
            counted.end();
            return written;
        }
    }

    /**
     * Checks the free space. The file stores little of an expanded tensor, but the result, whose format has no strides, may
     * be of any size.
     */
    private void requireRoom(List<Outgoing> outgoing, Map<String, StoredTensor> tensors) {
        double total = outgoing.stream().mapToDouble(Outgoing::nbytes).sum();
        long free = freeBytes();
        if (total <= free) {
            return;
        }
        Outgoing largest = Collections.max(outgoing, Comparator.comparingLong(Outgoing::nbytes));
        StoredTensor info = Objects.requireNonNull(tensors.get(largest.name()));
        long stored = dense(largest.name(), info).nbytes();
        throw new CheckpointException(to + " would take " + TextTable.bytes((long) total) + ", but there are "
                + TextTable.bytes(free) + " free on its disk: '" + largest.name() + "' takes "
                + TextTable.bytes(largest.nbytes())
                + (stored < info.nbytes()
                        ? ", of which " + TextTable.bytes(stored) + " are stored, since it is expanded;"
                                + " a .pt file keeps it so"
                        : ""));
    }

    /** Returns the number of bytes that may be written to the disk, or the greatest long if the system does not report it. */
    private long freeBytes() {
        Path folder = to.toAbsolutePath().getParent();
        try {
            long free = folder == null ? 0 : Files.getFileStore(folder).getUsableSpace();
            return free > 0 ? free : Long.MAX_VALUE;
        } catch (IOException e) {
            return Long.MAX_VALUE; // the folder does not exist, which is reported when the file is opened
        }
    }

    /**
     * Drops shared tensors as {@code safetensors.torch.save_model}: the first name keeps the tensor, the header lists the
     * others.
     */
    private static void dropShared(Map<String, StoredTensor> tensors, Map<String, String> header) {
        Map<List<Object>, String> first = new LinkedHashMap<>();
        tensors.entrySet().removeIf(entry -> {
            StoredTensor info = entry.getValue();
            FileStorage storage = info.storage();
            if (storage == null || info.numel() == 0) {
                return false;
            }
            List<Object> what = List.of(
                    System.identityHashCode(storage),
                    storage.key(),
                    info.dtype(),
                    info.storageOffset(),
                    Arrays.toString(info.shape()),
                    Arrays.toString(info.strides()),
                    info.traits().conj(),
                    info.traits().neg());
            String kept = first.putIfAbsent(what, entry.getKey());
            if (kept != null) {
                header.put(entry.getKey(), kept);
            }
            return kept != null;
        });
    }

    private Outgoing outgoing(String key, StoredTensor info, OpenStorage open, Counted counted) {
        FileStorage storage = dense(key, info);
        DType dtype = options.converted(info.dtype());
        return new Outgoing(key, dtype, info.tensorShape(), sink -> {
            counted.next(key);
            UntypedStorage bytes = open.of(storage, info.dtype());
            try (TensorScope scope = new TensorScope()) {
                Tensor tensor = TensorLoader.view(bytes, info);
                long start = sink.position() - counted.done;
                DensePieces.write(tensor, dtype, sink, () -> {
                    open.unload();
                    counted.reached(sink.position() - start);
                });
            }
        });
    }

    /**
     * Returns the storage of a tensor. The safetensors format cannot represent a tensor without elements in memory, or with
     * several parts.
     */
    private static FileStorage dense(String key, StoredTensor info) {
        FileStorage storage = info.storage();
        if (info.refusal() != null) {
            throw new CheckpointException(
                    "tensor '" + key + "' is " + info.refusal() + ": leave it out by load(o -> o.keys(...))");
        }
        if (info.isUninitialized()) {
            throw new CheckpointException(
                    "tensor '" + key + "' of a lazy module has no shape yet, which the safetensors"
                            + " format cannot represent: call the module once before you save it, or write a .pt file");
        }
        if (info.layout() != Layout.STRIDED) {
            throw new CheckpointException("tensor '" + key + "' is of layout " + info.layout()
                    + ", which the safetensors format cannot represent: write a .pt file, which can, or save its"
                    + " to_dense() in Python");
        }
        if (storage == null) {
            throw new CheckpointException("tensor '" + key + "' is on the meta device, and has no elements to write to"
                    + " a safetensors file: write a .pt file, which can represent it, or materialize it first");
        }
        return storage;
    }

    // --- torch.save's format -----------------------------------------------------------------------------------

    private Path toTorch(Contents contents, @Nullable Object root) {
        Object value = renames() ? StateDicts.form(renamed(root)) : root;
        if (contents.format() == CheckpointFormat.SAFETENSORS && value instanceof Map<?, ?> map) {
            value = withShared(map, contents.header());
        }
        Object form = value;
        Map<FileStorage, String> keys = new IdentityHashMap<>();
        ContentsWalk.replace(form, (path, info) -> {
            String key = path.toString();
            if (info.storage() != null) {
                keys.putIfAbsent(info.storage(), key);
            }
            info.parts().forEach(part -> keys.putIfAbsent(Objects.requireNonNull(part.storage()), key));
            return info;
        });
        AtomicFile.write(to, channel -> {
            Counted counted = new Counted();
            try (TensorInfoPickling pickling = new TensorInfoPickling(
                    options.isVerified(),
                    options::converted,
                    storage -> counted.next(keys.getOrDefault(storage, "")))) {
                ByteBuffer pickle = Pickler.dump(form, pickling);
                List<TorchWriter.Stored> storages = pickling.storages();
                counted.total =
                        storages.stream().mapToLong(TorchWriter.Stored::nbytes).sum();
                List<TorchWriter.Stored> told = new ArrayList<>();
                for (TorchWriter.Stored stored : storages) {
                    told.add(new TorchWriter.Stored(stored.nbytes(), (offset, length) -> {
                        ByteBuffer piece = stored.content().at(offset, length);
                        counted.reached(counted.done + length);
                        return piece;
                    }));
                }
                TorchWriter.write(channel, TorchArchive.nameFor(to), pickle, told);
            }
            counted.end();
        });
        return to;
    }

    /** Returns the tensors with shared ones under all their names again, if the header lists them. */
    private Map<?, ?> withShared(Map<?, ?> tensors, Map<String, String> header) {
        Map<Object, @Nullable Object> all = new LinkedHashMap<>(tensors);
        if (!renames()) {
            header.forEach((name, kept) -> {
                Object tensor = tensors.get(kept);
                if (tensor != null) {
                    all.putIfAbsent(name, tensor);
                }
            });
        }
        return all;
    }

    /** Counts and reports the progress. */
    private final class Counted {

        /** The number of bytes between two reports. */
        private static final long STEP = 1 << 24;

        private String key = "";
        private long done;
        private long told;
        private long total;

        void next(String nextKey) {
            key = nextKey;
            tell();
        }

        void reached(long nowDone) {
            done = nowDone;
            if (done - told >= STEP) {
                tell();
            }
        }

        void end() {
            next("");
        }

        private void tell() {
            told = done;
            options.progress().at(key, done, total);
        }
    }
}
