package org.jtorch.serialize;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.Nearest;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.format.UnknownClassException;
import org.jtorch.serialize.internal.contents.ContentsWalk;
import org.jtorch.serialize.internal.contents.Entries;
import org.jtorch.serialize.internal.contents.StateDicts;
import org.jtorch.serialize.internal.contents.UnknownClasses;
import org.jtorch.serialize.internal.distributed.DistributedFolder;
import org.jtorch.serialize.internal.file.AtomicFile;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.file.StreamChannel;
import org.jtorch.serialize.internal.pickle.Kinds;
import org.jtorch.serialize.internal.read.ContentsReader;
import org.jtorch.serialize.internal.read.TensorLoader;
import org.jtorch.serialize.internal.safetensors.SafetensorsWriter;
import org.jtorch.serialize.internal.safetensors.ShardedWriter;
import org.jtorch.serialize.internal.stored.Contents;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.internal.torch.Siblings;
import org.jtorch.serialize.internal.torch.SparsePickling;
import org.jtorch.serialize.internal.torch.TorchArchive;
import org.jtorch.serialize.internal.torch.TorchWriter;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.Counter;
import org.jtorch.serialize.python.DefaultDict;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * The contents of a checkpoint file. {@link #load} reads the files of PyTorch's {@code torch.save} and of safetensors, and
 * recognizes the format by their bytes. {@link #save(Path, Object) save} and {@link #saveSafetensors} write files that PyTorch and safetensors
 * read.
 *
 * <pre>{@code
 * model.loadStateDict(Checkpoint.load(Path.of("mlp.pt")).stateDict());
 * Checkpoint.save(Path.of("mlp.pt"), model.stateDict());
 * }</pre>
 *
 * <p><b>Nothing from a file runs.</b> A pickle is read as data, and nothing is called. An object of an unknown class
 * becomes an inert record, a {@link PythonObject}, and does not hide the values next to it: {@link #at} and {@link
 * #stateDict} return the tensors of any file. Only {@link #root}, which would also return the records, requires {@link
 * LoadOptions#allow}. For a whole model, as {@code torch.save(model)} writes it, neither its classes nor this permission
 * are necessary.
 *
 * <p><b>Large files are mapped.</b> Files of at most 64 MiB are read into memory. The tensors of larger files are views of
 * the file, which is read when they are first accessed; writes to them stay in this process. A mapped file may be replaced
 * or deleted meanwhile (as {@link #save} to the same path does). It must not be truncated or overwritten in place, as
 * Python's {@code torch.save} does: its tensors would then change, or the process would end. {@link LoadOptions#mmap
 * mmap(false)} copies any file. Tensors of other devices are loaded to the CPU unless {@link LoadOptions#mapLocation} is
 * set.
 *
 * <p><b>Checksums.</b> All files are written with checksums. {@link #check}, {@link LoadOptions#verify} and {@link
 * #convert} compare them.
 *
 * <p>Tensors belong to the current {@link org.jtorch.TensorScope}, if there is one, as the result of any operation.
 *
 * <p><b>Values.</b> Values of Python have these types in Java: dict, OrderedDict, Counter and defaultdict are {@link
 * java.util.LinkedHashMap}, {@link OrderedDict}, {@link Counter} and {@link DefaultDict}; list, set, frozenset and tuple
 * are {@link java.util.List}, {@link java.util.Set}, {@link FrozenSet} and {@link Tuple}; int is {@link Long} ({@link
 * java.math.BigInteger} beyond 64 bits), float is {@link Double}, complex is {@link Complex}; bool, str and None are {@link
 * Boolean}, {@link String} and null; bytes is {@code byte[]}, and as a key a {@link ByteBuffer}; numpy's arrays and scalars
 * are {@link NumpyArray} and {@link NumpyScalar}; {@code torch.Size}, {@code torch.device} and {@code torch.dtype} are
 * {@link org.jtorch.Size}, {@link org.jtorch.Device} and {@link org.jtorch.DType}; tensors and parameters are {@link
 * Tensor} and {@link org.jtorch.nn.Parameter}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/notes/serialization.html">PyTorch's notes on serialization</a>
 */
public final class Checkpoint {

    /** For uses that do not need tensors. */
    private static final MappedFile.Choice ONLY_LOOKED_AT = size -> MappedFile.Access.COPIED;

    private final CheckpointFormat format;
    private final @Nullable Object root;
    private final Map<String, String> header;
    private final LoadOptions options;

    /** The source of the checkpoint, for messages. */
    private final Object source;

    /** The keys from the saved value to this one, joined by dots. */
    private final String place;

    /** Whether the value was searched for unknown classes and contains none. */
    private boolean isKnown;

    private Checkpoint(
            CheckpointFormat format,
            @Nullable Object root,
            Map<String, String> header,
            LoadOptions options,
            Object source,
            String place) {
        this.format = format;
        this.root = root;
        this.header = header;
        this.options = options;
        this.source = source;
        this.place = place;
    }

    // --- reading -----------------------------------------------------------------------------------------------

    /** Reads a file with the default options, as {@link #load(Path, Consumer)}. */
    public static Checkpoint load(Path path) {
        return load(path, o -> {});
    }

    /**
     * Reads a file.
     *
     * @param path a file of {@code torch.save}, of any version, or of {@code torch.jit.save}, a safetensors file, the index
     *     of a sharded checkpoint, or a zip archive of one of these, with any name; or a folder of {@code
     *     torch.distributed.checkpoint}, which is read as a whole, regardless of how many processes wrote it
     * @param options sets the options, such as the device, the dtype, and the keys to read
     * @throws CheckpointException if the file does not exist, is none of these, or is damaged
     * @throws UnknownClassException if the file contains only one object of a class that is neither known nor allowed, and
     *     no tensor
     */
    public static Checkpoint load(Path path, Consumer<LoadOptions> options) {
        return reading(path, options, (contents, chosen) -> new Checkpoint(contents, chosen, path));
    }

    /** Reads a stream with the default options, as {@link #load(InputStream, Consumer)}. */
    public static Checkpoint load(InputStream stream) {
        return load(stream, o -> {});
    }

    /**
     * Reads the rest of a stream into memory, and the checkpoint from there. The stream stays open.
     *
     * @throws CheckpointException if the stream cannot be read, or as {@link #load(Path, Consumer)} throws it
     */
    public static Checkpoint load(InputStream stream, Consumer<LoadOptions> options) {
        return reading(
                "stream",
                Siblings.none(),
                Customized.of(new LoadOptions(), options),
                () -> MappedFile.readFrom(stream),
                (contents, chosen) -> new Checkpoint(contents, chosen, "stream"));
    }

    /** Reads a buffer with the default options, as {@link #load(ByteBuffer, Consumer)}. */
    public static Checkpoint load(ByteBuffer buffer) {
        return load(buffer, o -> {});
    }

    /**
     * Reads the remaining bytes of a buffer. They are copied, and the position of the buffer does not change.
     *
     * @throws CheckpointException as {@link #load(Path, Consumer)} throws it
     */
    public static Checkpoint load(ByteBuffer buffer, Consumer<LoadOptions> options) {
        return reading(
                "buffer",
                Siblings.none(),
                Customized.of(new LoadOptions(), options),
                () -> MappedFile.copyOf(buffer),
                (contents, chosen) -> new Checkpoint(contents, chosen, "buffer"));
    }

    /** Lists the contents of a file with the default options, as {@link #open(Path, Consumer)}. */
    public static CheckpointInfo open(Path path) {
        return open(path, o -> {});
    }

    /**
     * Lists the contents of a file: keys, shapes, dtypes, sizes and metadata. No tensor is read.
     *
     * @throws CheckpointException as {@link #load(Path, Consumer)} throws it
     */
    public static CheckpointInfo open(Path path, Consumer<LoadOptions> options) {
        return onlyLookingAt(path, options, (contents, chosen) -> new CheckpointInfo(contents, chosen, path));
    }

    private static <T> T onlyLookingAt(Path path, Consumer<LoadOptions> options, Use<T> use) {
        return reading(path, Customized.of(new LoadOptions(), options), ONLY_LOOKED_AT, use);
    }

    /** Computes a result from a file's contents while it is open. */
    private interface Use<T> {
        T of(Contents contents, LoadOptions options);
    }

    private interface Opening {
        MappedFile open() throws IOException;
    }

    private static <T> T reading(Path path, Consumer<LoadOptions> options, Use<T> use) {
        Objects.requireNonNull(path, "path");
        LoadOptions chosen = Customized.of(new LoadOptions(), options);
        return reading(path, chosen, chosen.reading()::access, use);
    }

    private static <T> T reading(Path path, LoadOptions options, MappedFile.Choice choice, Use<T> use) {
        if (DistributedFolder.is(path)) {
            return explained(path, () -> {
                try (DistributedFolder folder = DistributedFolder.open(path, options.reading())) {
                    return use.of(folder.contents(), options);
                }
            });
        }
        return reading(path, Siblings.of(path, choice), options, () -> MappedFile.open(path, choice), use);
    }

    private static <T> T reading(Object name, Siblings siblings, LoadOptions options, Opening opening, Use<T> use) {
        return explained(name, () -> {
            try (ContentsReader reader = new ContentsReader(options.reading())) {
                Contents contents = reader.read(opening.open(), siblings);
                UnknownClasses.refuseAlone(contents, options.reading());
                return use.of(contents, options);
            }
        });
    }

    private interface Attempt<T> {
        T run() throws IOException;
    }

    /** Reads, and converts failures to messages for users. */
    private static <T> T explained(Object name, Attempt<T> attempt) {
        try {
            return attempt.run();
        } catch (CheckpointException e) {
            throw e.in(name);
        } catch (TorchException e) {
            throw new CheckpointException(name + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(name + ": cannot be read: " + e.getMessage(), e);
        } catch (InternalError e) {
            // the JVM throws this for a page of a mapped file that does not exist any more
            throw new CheckpointException(
                    name + ": was truncated while it was being read (" + e.getMessage()
                            + "): load it again after it was written completely, with mmap(false) if this may happen again",
                    e);
        }
    }

    private Checkpoint(Contents contents, LoadOptions options, Object source) {
        this(
                contents.format(),
                TensorLoader.load(contents.root(), options.reading()),
                contents.header(),
                options,
                source,
                "");
    }

    /** Returns the value under {@code key}. Its tensors may still be descriptions. */
    static @Nullable Object at(Contents contents, @Nullable Object root, Object key) {
        return new Checkpoint(contents.format(), root, Map.of(), new LoadOptions(), "", "").at(key).root;
    }

    /** Returns the format of the source. */
    public CheckpointFormat format() {
        return format;
    }

    /**
     * Returns the saved value, or null if it was None. For a safetensors file, this is a map of its tensors by name.
     *
     * @throws UnknownClassException if the value contains objects of classes that are neither known nor allowed. Their
     *     tensors, and all other values, can be read nevertheless: use {@link #at} and {@link #stateDict}
     */
    public @Nullable Object root() {
        if (!isKnown) {
            Map<String, List<String>> unknown = UnknownClasses.in(root, options.reading()::allows);
            if (!unknown.isEmpty()) {
                throw new UnknownClassException(unknown).in(place.isEmpty() ? source : source + ": '" + place + "'");
            }
            isKnown = true;
        }
        return root;
    }

    /**
     * Returns the tensors by their keys, with PyTorch's {@code _metadata} if the file has it, so that a module can load
     * them. For a state dict inside of a training checkpoint, call {@link #at} first. A distributed tensor (DTensor) is
     * returned as its local part. Entries that are not tensors, including records of unknown classes, are in {@link
     * StateDict#entries}.
     *
     * @throws CheckpointException if the value is neither a map from names to tensors nor a module
     */
    public StateDict stateDict() {
        return StateDicts.of(root);
    }

    /**
     * Returns all tensors of the value, at any depth. The keys are those of {@link CheckpointInfo#tensors}: the keys that
     * lead to each tensor, joined by dots. Tensors inside of records of unknown classes are included.
     */
    public Map<String, Tensor> tensors() {
        ByKeys<Tensor> tensors = new ByKeys<>();
        ContentsWalk.replace(root, new ContentsWalk.Visitor() {
            @Override
            public Object visit(ContentsWalk.Path path, StoredTensor tensor) {
                return tensor;
            }

            @Override
            public void loaded(ContentsWalk.Path path, Tensor tensor) {
                tensors.put(path.toString(), tensor);
            }
        });
        return Collections.unmodifiableMap(tensors.values());
    }

    /**
     * Returns the value under {@code key} as a checkpoint: {@code load(file).at("model_state_dict").stateDict()}.
     *
     * @param key a key of a dict; an index, from 0, of a list or tuple; for an object, the name of an attribute or of a
     *     module's child, or the index of an argument of its constructor. If there is no such key, a text with dots is read
     *     as the keys that lead to a value further inside, as they are listed: {@code "optimizer.param_groups.0.lr"}
     * @throws CheckpointException if the value has no such key
     */
    public Checkpoint at(Object key) {
        // Python's ints are Longs in Java
        Object read = key instanceof Integer number ? (Object) number.longValue() : key;
        Map<?, ?> entries = Entries.of(root);
        if (entries == null) {
            throw new CheckpointException(subject() + " is " + Kinds.of(root) + ", so it has no '" + key + "'");
        }
        if (!entries.containsKey(read)) {
            Checkpoint inside = read instanceof String path ? inside(entries, path) : null;
            if (inside != null) {
                return inside;
            }
            throw missing(key, entries);
        }
        Object value = entries.get(read);
        if (value instanceof StoredTensor tensor && !tensor.isLoadable()) {
            throw new CheckpointException("tensor '" + key + "' cannot be loaded: it is " + tensor.refusal());
        }
        String deeper = place.isEmpty() ? String.valueOf(key) : place + "." + key;
        return new Checkpoint(format, value, Map.of(), options, source, deeper);
    }

    /** Returns the name of this value in messages. */
    private String subject() {
        return place.isEmpty() ? "the checkpoint" : "'" + place + "' of the checkpoint";
    }

    /** Returns an exception that describes what exists up to the missing {@code key}. */
    private CheckpointException missing(Object key, Map<?, ?> entries) {
        String message = subject() + " has no '" + key + "'; ";
        if (key instanceof String path) {
            for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
                String way = path.substring(0, dot);
                Object known = entries.containsKey(way) ? way : number(way);
                Checkpoint reached = known != null && entries.containsKey(known) ? at(known) : inside(entries, way);
                Map<?, ?> there = reached == null ? null : Entries.of(reached.root);
                if (there != null && !there.isEmpty()) {
                    return new CheckpointException(message + "'" + way + "' has " + StateDicts.some(there.keySet())
                            + question(path.substring(dot + 1), there));
                }
            }
        }
        return new CheckpointException(message
                + (entries.isEmpty() ? "it is empty" : "it has " + StateDicts.some(entries.keySet()))
                + (key instanceof String text ? question(text, entries) : ""));
    }

    private static String question(String key, Map<?, ?> entries) {
        String question = Nearest.question(key, entries.keySet());
        return question.isEmpty() ? "" : "; " + question;
    }

    /** Returns the value at the end of {@code path}, by the longest keys that lead there, or null if there is none. */
    private @Nullable Checkpoint inside(Map<?, ?> entries, String path) {
        for (int dot = path.length(); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            String key = path.substring(0, dot);
            Object known = entries.containsKey(key) ? key : number(key);
            if (known == null || !entries.containsKey(known)) {
                continue;
            }
            Checkpoint next = at(known);
            Map<?, ?> inner = Entries.of(next.root);
            if (dot == path.length()) {
                return next;
            }
            String rest = path.substring(dot + 1);
            if (inner != null && (inner.containsKey(rest) || next.inside(inner, rest) != null)) {
                return next.at(rest);
            }
        }
        return null;
    }

    /** Returns an int as a key from its text, or null if it is not an int. */
    private static @Nullable Long number(String text) {
        return text.matches("-?[0-9]{1,18}") ? Long.valueOf(text) : null;
    }

    // --- values of a known type ----------------------------------------------------------------------------------

    /**
     * Returns whether {@link #at} finds a value under {@code key}.
     *
     * @param key as for {@link #at}
     */
    public boolean has(Object key) {
        Object read = key instanceof Integer number ? (Object) number.longValue() : key;
        Map<?, ?> entries = Entries.of(root);
        return entries != null
                && (entries.containsKey(read) || read instanceof String path && inside(entries, path) != null);
    }

    /**
     * Returns the state dict under {@code key}, as {@link #stateDict()}.
     *
     * @param key as for {@link #at}
     * @throws CheckpointException if there is no such key, or its value is not a state dict
     */
    public StateDict stateDict(Object key) {
        return at(key).stateDict();
    }

    /**
     * Returns the state of an optimizer under {@code key}: a dict with {@code state} and {@code param_groups}, as PyTorch's
     * {@code optimizer.state_dict()} returns it and {@code loadStateDict} of jtorch's optimizers accepts it.
     *
     * @param key as for {@link #at}
     * @throws CheckpointException if there is no such key, or its value is not the state of an optimizer
     * @throws UnknownClassException as {@link #root} throws it
     */
    public Map<?, ?> optimizerState(Object key) {
        Object value = at(key).root();
        return TypedValues.optimizerState(
                named(key), format == CheckpointFormat.DISTRIBUTED ? TypedValues.numbered(value) : value);
    }

    /**
     * Returns the int under {@code key}: {@code run.getLong("step")}.
     *
     * @param key as for {@link #at}
     * @throws CheckpointException if there is no such key, or its value is not an int or does not fit in 64 bits
     */
    public long getLong(Object key) {
        return TypedValues.integer(named(key), at(key).root());
    }

    /**
     * Returns the float or int under {@code key} as a double.
     *
     * @param key as for {@link #at}
     * @throws CheckpointException if there is no such key, or its value is not a number
     */
    public double getDouble(Object key) {
        return TypedValues.number(named(key), at(key).root());
    }

    /**
     * Returns the bool under {@code key}.
     *
     * @param key as for {@link #at}
     * @throws CheckpointException if there is no such key, or its value is not a bool
     */
    public boolean getBoolean(Object key) {
        return TypedValues.truth(named(key), at(key).root());
    }

    /**
     * Returns the str under {@code key}.
     *
     * @param key as for {@link #at}
     * @throws CheckpointException if there is no such key, or its value is not a str
     */
    public String getString(Object key) {
        return TypedValues.text(named(key), at(key).root());
    }

    /**
     * Returns the tensor under {@code key}; for a distributed tensor, its local part.
     *
     * @param key as for {@link #at}
     * @throws CheckpointException if there is no such key, or its value is not a tensor
     */
    public Tensor getTensor(Object key) {
        Checkpoint inner = at(key);
        return TypedValues.tensor(named(key), inner.root);
    }

    /**
     * Returns the dict under {@code key}. Its values have the types that {@link Checkpoint} lists.
     *
     * @param key as for {@link #at}
     * @throws CheckpointException if there is no such key, or its value is not a dict
     * @throws UnknownClassException as {@link #root} throws it
     */
    public Map<?, ?> getMap(Object key) {
        return TypedValues.map(named(key), at(key).root());
    }

    /**
     * Returns the list under {@code key}, or the elements of the tuple.
     *
     * @param key as for {@link #at}
     * @throws CheckpointException if there is no such key, or its value is neither a list nor a tuple
     * @throws UnknownClassException as {@link #root} throws it
     */
    public List<?> getList(Object key) {
        return TypedValues.list(named(key), at(key).root());
    }

    private String named(Object key) {
        return "'" + (place.isEmpty() ? "" : place + ".") + key + "' of the checkpoint";
    }

    /** Returns one line with the file, its format, the keys of the saved value, and the number of tensors, but no value. */
    @Override
    public String toString() {
        Map<String, Tensor> tensors = tensors();
        long bytes = tensors.values().stream().mapToLong(Checkpoint::nbytes).sum();
        return CheckpointText.of(source, place, format, root, tensors.size(), bytes);
    }

    /** Returns the bytes of a tensor as far as its text can say them: nothing for one that was freed or has no shape. */
    private static long nbytes(Tensor tensor) {
        if (tensor.isClosed() || tensor.isUninitialized()) {
            return 0;
        }
        if (tensor.layout() == Layout.STRIDED) {
            return tensor.nbytes();
        }
        return SparsePickling.parts(tensor).stream().mapToLong(Tensor::nbytes).sum();
    }

    /**
     * Returns the text in a safetensors file ({@code __metadata__}) or an index, in addition to the tensors; empty for
     * other formats.
     */
    public Map<String, String> header() {
        return header;
    }

    // --- writing -----------------------------------------------------------------------------------------------

    /**
     * Writes a value in the format of {@code torch.save}, which {@code torch.load(path, weights_only=True)} and {@link
     * #load} read. Tensors that share memory share it after loading, too. The file is written completely or not at all: it
     * is first written to a temporary file in the same folder, forced to the disk, and then renamed. An existing file is
     * not changed until then.
     *
     * @param path the file; its folder must exist, and its name must not end with {@code .safetensors}
     * @param value a {@link StateDict}, or any value of the types that {@link Checkpoint} lists, including containers
     * @throws CheckpointException if the file cannot be written, or {@code value} contains something that the format cannot
     *     represent
     */
    public static void save(Path path, @Nullable Object value) {
        Objects.requireNonNull(path, "path");
        if (String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            throw new CheckpointException(
                    path + ": save writes the format of torch.save, which programs do not expect under this name:"
                            + " use saveSafetensors, or a name that ends with .pt");
        }
        AtomicFile.write(path, channel -> TorchWriter.write(channel, TorchArchive.nameFor(path), value));
    }

    /**
     * Writes a value to a stream in the format of {@link #save(Path, Object)}, as {@code torch.save(value, stream)} does. The
     * stream is neither flushed nor closed.
     *
     * @throws CheckpointException if the stream cannot be written, or {@code value} contains something that the format cannot
     *     represent
     */
    public static void save(OutputStream stream, @Nullable Object value) {
        Objects.requireNonNull(stream, "stream");
        try {
            TorchWriter.write(new StreamChannel(stream), TorchArchive.NAME, value);
        } catch (CheckpointException e) {
            throw e.in("stream");
        } catch (IOException e) {
            throw new CheckpointException("stream: cannot be written: " + e.getMessage(), e);
        }
    }

    /** Writes tensors without additional text, as {@link #saveSafetensors(Path, Map, Map)}. */
    public static void saveSafetensors(Path path, Map<String, ? extends Tensor> tensors) {
        saveSafetensors(path, tensors, Map.of());
    }

    /**
     * Writes tensors in the safetensors format, as its Python library does. Each tensor is written dense and row-major;
     * tensors that share memory are written separately. The file is written completely or not at all, as by {@link #save}.
     *
     * @param path the file; its folder must exist
     * @param tensors the tensors by name
     * @param header additional text; if it is empty, {@code {"format": "pt"}}, which is customary. Checksums are added as
     *     {@code jtorch.crc32}
     * @throws CheckpointException if the file cannot be written, or a tensor's dtype has no name in the format
     */
    public static void saveSafetensors(Path path, Map<String, ? extends Tensor> tensors, Map<String, String> header) {
        Objects.requireNonNull(path, "path");
        AtomicFile.write(
                path, channel -> SafetensorsWriter.write(channel, SafetensorsWriter.outgoing(tensors), header));
    }

    /**
     * Writes tensors as Hugging Face's libraries write large models. If they have at most {@code maxShardBytes}, this is
     * one safetensors file. Otherwise these are several, in the order of the map, {@code model-00001-of-00003.safetensors},
     * and their index {@code model.safetensors.index.json}, which {@link #load(Path)} and {@code transformers} read.
     *
     * <p>All files are first written to temporary files and forced to the disk; an older set of the same name stays
     * readable meanwhile. Then they are renamed, the index last, and files of the older set that are not in the new one are
     * deleted. If the process ends between two of these renames, old and new shards are mixed, since the files are replaced
     * one by one. To be safe from that, too, write to a new folder.
     *
     * @param path the name of the single file, {@code model.safetensors}; its folder must exist
     * @param tensors the tensors by name; those that share memory are written separately
     * @param header additional text for each file
     * @param maxShardBytes the greatest number of bytes of tensors in a file; a larger tensor has a file of its own
     * @return the file to load: {@code path}, or the index
     * @throws CheckpointException if a file cannot be written, or a tensor's dtype has no name in the format
     * @see <a href="https://huggingface.co/docs/huggingface_hub/package_reference/serialization">Hugging Face's format</a>
     */
    public static Path saveSharded(
            Path path, Map<String, ? extends Tensor> tensors, Map<String, String> header, long maxShardBytes) {
        return ShardedWriter.write(path, SafetensorsWriter.outgoing(tensors), header, maxShardBytes);
    }

    /** Converts a file with the default options, as {@link #convert(Path, Path, Consumer)}. */
    public static Path convert(Path from, Path to) {
        return convert(from, to, o -> {});
    }

    /**
     * Converts a file to another format. Tensors are converted one at a time, in pieces. Therefore a file of any size needs
     * little memory, provided that its storages are neither deflated nor big-endian (each of these is read into memory) and
     * its large tensors are row-major. The result is written completely or not at all, as by {@link #save} and {@link
     * #saveSharded}.
     *
     * <p>A safetensors file can only contain a state dict: tensors by name. Any other value in the source is an error that
     * names it, unless {@link ConvertOptions#onlyTensors} is set. A {@code .pt} file can contain all values.
     *
     * @param from any file that {@link #load(Path)} reads
     * @param to the name of the result, which ends with {@code .safetensors}, or, for the format of {@code torch.save},
     *     with {@code .pt}, {@code .pth}, {@code .bin} or {@code .ckpt}
     * @param options sets the options, such as the dtype, the names, and the size of shards
     * @return the file to load: {@code to}, or the index if several files were written
     * @throws CheckpointException if {@code from} cannot be read, or {@code to} cannot be written or cannot represent its
     *     contents
     */
    public static Path convert(Path from, Path to, Consumer<ConvertOptions> options) {
        Objects.requireNonNull(to, "to");
        ConvertOptions chosen = Customized.of(new ConvertOptions(), options);
        Conversion conversion = new Conversion(to, chosen);
        return reading(from, chosen.loading(), conversion::of);
    }

    /**
     * Reads a file completely, and checks that it is whole and safe to load: its structure, as {@link #load} does, all
     * checksums of the format, and the indices of sparse tensors.
     *
     * @throws CheckpointException if the file is not whole, with the reason
     * @throws UnknownClassException if the file is whole, but contains objects of classes that are neither known nor
     *     allowed. Python calls them if it loads the file with {@code weights_only=False}
     */
    public static CheckpointReport check(Path path, Consumer<LoadOptions> options) {
        return check(path, options, (key, done, total) -> {});
    }

    /**
     * Checks a file as {@link #check(Path, Consumer)}, and reports the progress.
     *
     * @param progress receives the number of bytes that were read, of all files
     */
    public static CheckpointReport check(Path path, Consumer<LoadOptions> options, ConvertOptions.Progress progress) {
        Objects.requireNonNull(progress, "progress");
        return onlyLookingAt(
                path, options, (contents, chosen) -> CheckpointReport.of(path, contents, chosen, progress));
    }
}
