package org.jtorch.serialize;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
import org.jtorch.serialize.internal.file.AtomicFile;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.pickle.Kinds;
import org.jtorch.serialize.internal.read.ContentsReader;
import org.jtorch.serialize.internal.read.TensorLoader;
import org.jtorch.serialize.internal.safetensors.SafetensorsWriter;
import org.jtorch.serialize.internal.safetensors.ShardedWriter;
import org.jtorch.serialize.internal.stored.Contents;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.internal.torch.Siblings;
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
 * A checkpoint file's content. {@link #load} takes what PyTorch's {@code torch.save} and safetensors write, and knows them by
 * their bytes; {@link #save} and {@link #saveSafetensors} write what those read.
 *
 * <pre>{@code
 * model.loadStateDict(Checkpoint.load(Path.of("mlp.pt")).stateDict());
 * Checkpoint.save(Path.of("mlp.pt"), model.stateDict());
 * }</pre>
 *
 * <p><b>Nothing from a file runs.</b> A pickle is read as data by a machine that calls nothing. An object of a class that is not known
 * becomes an inert record, a {@link PythonObject}, and never hides what stands beside it: {@link #at} and {@link #stateDict} take the
 * tensors of any file. Only {@link #root}, which would give the records too, asks for {@link LoadOptions#allow}. A whole model, as
 * {@code torch.save(model)} writes it, needs neither its classes nor such leave.
 *
 * <p><b>Large files are mapped.</b> Files of at most 64 MiB are read into memory. Of larger ones tensors are views of the file, read
 * when they are first touched; what is written into them stays in this process. A mapped file may be replaced or deleted meanwhile
 * (as {@link #save} to the same place does), but must not be cut short or written over in place, as Python's {@code torch.save} does:
 * its tensors then change, or the process ends. {@link LoadOptions#mmap mmap(false)} copies any file. Tensors of other devices are
 * loaded to the CPU, if {@link LoadOptions#mapLocation} does not say otherwise.
 *
 * <p><b>Checksums.</b> All that is written carries checksums. {@link #check} and {@link LoadOptions#verify} compare them, and so does
 * {@link #convert}.
 *
 * <p>Tensors belong to the current {@link org.jtorch.TensorScope}, if there is one, as any result does.
 *
 * <p><b>Values.</b> dict, OrderedDict, Counter and defaultdict are {@link java.util.LinkedHashMap}, {@link OrderedDict},
 * {@link Counter} and {@link DefaultDict}; list, set, frozenset and tuple {@link java.util.List}, {@link java.util.Set},
 * {@link FrozenSet} and {@link Tuple}; int {@link Long} ({@link java.math.BigInteger} beyond 64
 * bits), float {@link Double}, complex {@link Complex}; bool, str and None {@link Boolean}, {@link String} and null; bytes
 * {@code byte[]}, and as a key a {@link ByteBuffer}; numpy's arrays and scalars {@link NumpyArray} and
 * {@link NumpyScalar}; {@code torch.Size}, {@code torch.device} and {@code torch.dtype} {@link org.jtorch.Size}, {@link org.jtorch.Device} and
 * {@link org.jtorch.DType}; tensors and parameters {@link Tensor} and {@link org.jtorch.nn.Parameter}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/notes/serialization.html">PyTorch's notes on serialization</a>
 */
public final class Checkpoint {

    /** For those who use no tensor. */
    private static final MappedFile.Choice ONLY_LOOKED_AT = size -> MappedFile.Access.COPIED;

    private final CheckpointFormat format;
    private final @Nullable Object root;
    private final Map<String, String> header;
    private final LoadOptions options;

    /** What it was read from, for messages. */
    private final Object source;

    /** The keys on the way from the saved value to this one, joined by dots. */
    private final String place;

    /** Whether it was looked for unknown classes, and has none. */
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

    /** {@link #load(Path, Consumer)} as it is by default. */
    public static Checkpoint load(Path path) {
        return load(path, o -> {});
    }

    /**
     * Reads a file.
     *
     * @param path what {@code torch.save} wrote, of any version, what {@code torch.jit.save} wrote, a safetensors file, the
     *     index of a sharded checkpoint, or a zip archive of one of these, under any name
     * @param options sets how: on which device, as which dtype, which keys
     * @throws CheckpointException if it is not there, is none of these, or is damaged
     * @throws UnknownClassException if it holds nothing but one object of a class that is neither known nor allowed, and no tensor
     */
    public static Checkpoint load(Path path, Consumer<LoadOptions> options) {
        return reading(path, options, (contents, chosen) -> new Checkpoint(contents, chosen, path));
    }

    /** {@link #load(InputStream, Consumer)} as it is by default. */
    public static Checkpoint load(InputStream stream) {
        return load(stream, o -> {});
    }

    /**
     * Reads all that is left in a stream into memory, and the checkpoint from there; the stream stays open.
     *
     * @throws CheckpointException if the stream cannot be read, and as {@link #load(Path, Consumer)}
     */
    public static Checkpoint load(InputStream stream, Consumer<LoadOptions> options) {
        return reading(
                "stream",
                Siblings.none(),
                Customized.of(new LoadOptions(), options),
                () -> MappedFile.readFrom(stream),
                (contents, chosen) -> new Checkpoint(contents, chosen, "stream"));
    }

    /** {@link #load(ByteBuffer, Consumer)} as it is by default. */
    public static Checkpoint load(ByteBuffer buffer) {
        return load(buffer, o -> {});
    }

    /**
     * Reads what remains in a buffer, whose bytes are copied and whose position stays.
     *
     * @throws CheckpointException as {@link #load(Path, Consumer)}
     */
    public static Checkpoint load(ByteBuffer buffer, Consumer<LoadOptions> options) {
        return reading(
                "buffer",
                Siblings.none(),
                Customized.of(new LoadOptions(), options),
                () -> MappedFile.copyOf(buffer),
                (contents, chosen) -> new Checkpoint(contents, chosen, "buffer"));
    }

    /** {@link #open(Path, Consumer)} as it is by default. */
    public static CheckpointInfo open(Path path) {
        return open(path, o -> {});
    }

    /**
     * Lists what is in a file, keys, shapes, dtypes, sizes and metadata, and reads no tensor.
     *
     * @throws CheckpointException as {@link #load(Path, Consumer)}
     */
    public static CheckpointInfo open(Path path, Consumer<LoadOptions> options) {
        return onlyLookingAt(path, options, (contents, chosen) -> new CheckpointInfo(contents, chosen, path));
    }

    private static <T> T onlyLookingAt(Path path, Consumer<LoadOptions> options, Use<T> use) {
        return reading(
                path,
                Siblings.of(path, ONLY_LOOKED_AT),
                Customized.of(new LoadOptions(), options),
                () -> MappedFile.open(path, ONLY_LOOKED_AT),
                use);
    }

    /** What is made of a file's contents while it is open. */
    private interface Use<T> {
        T of(Contents contents, LoadOptions options);
    }

    private interface Opening {
        MappedFile open() throws IOException;
    }

    private static <T> T reading(Path path, Consumer<LoadOptions> options, Use<T> use) {
        Objects.requireNonNull(path, "path");
        LoadOptions chosen = Customized.of(new LoadOptions(), options);
        return reading(
                path,
                Siblings.of(path, chosen.reading()::access),
                chosen,
                () -> MappedFile.open(path, chosen.reading()::access),
                use);
    }

    private static <T> T reading(Object name, Siblings siblings, LoadOptions options, Opening opening, Use<T> use) {
        try (ContentsReader reader = new ContentsReader(options.reading())) {
            Contents contents = reader.read(opening.open(), siblings);
            UnknownClasses.refuseAlone(contents, options.reading());
            return use.of(contents, options);
        } catch (CheckpointException e) {
            throw e.in(name);
        } catch (TorchException e) {
            throw new CheckpointException(name + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(name + ": cannot be read: " + e.getMessage(), e);
        } catch (InternalError e) {
            // how the JVM tells of a page of a mapped file that is not there any more
            throw new CheckpointException(
                    name + ": was cut short while it was being read (" + e.getMessage()
                            + "): load it again when its writer is done, and with mmap(false) if that may happen again",
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

    /** What a value has under {@code key}; the tensors may be descriptions still. */
    static @Nullable Object at(Contents contents, @Nullable Object root, Object key) {
        return new Checkpoint(contents.format(), root, Map.of(), new LoadOptions(), "", "").at(key).root;
    }

    /** The format that it was read from. */
    public CheckpointFormat format() {
        return format;
    }

    /**
     * The value that was saved; null if that was None. Of a safetensors file, its tensors by name.
     *
     * @throws UnknownClassException if it holds objects of classes that are neither known nor allowed. Their tensors, and all that stands
     *     beside them, are there nevertheless: take it with {@link #at} and {@link #stateDict}
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
     * The tensors by their keys, with PyTorch's {@code _metadata} where the file has it: what a module loads. A state dict
     * inside of a training checkpoint is found by {@link #at}. A distributed tensor (DTensor) is its local part; entries that are no
     * tensors, records of unknown classes among them, are in {@link StateDict#entries}.
     *
     * @throws CheckpointException if the value is no map from names to tensors, and no module
     */
    public StateDict stateDict() {
        return StateDicts.of(root);
    }

    /**
     * All tensors of the value, wherever they stand, by the same keys as in {@link CheckpointInfo#tensors}: those on the way to each,
     * joined by dots. Those inside of records of unknown classes are among them.
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
     * What the saved value has under {@code key}, as a checkpoint of its own: {@code load(file).at("model_state_dict").stateDict()}.
     *
     * @param key a key of a dict; an index, from 0, into a list or tuple; of an object the name of an attribute or of a module's
     *     child, or the index of an argument that it was made with. If there is no such key, a text with dots is the keys on the way to
     *     something further inside, as they are listed: {@code "optimizer.param_groups.0.lr"}
     * @throws CheckpointException if the value has no such key
     */
    public Checkpoint at(Object key) {
        // Python's ints are Longs here
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

    /** What this value is called in messages. */
    private String subject() {
        return place.isEmpty() ? "the checkpoint" : "'" + place + "' of the checkpoint";
    }

    /** Says what is there, as far as the way to {@code key} leads. */
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

    /** What stands at the end of {@code path}, by the longest keys that lead there; null if nothing does. */
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

    /** An int as a key, from its text; null if it is none. */
    private static @Nullable Long number(String text) {
        return text.matches("-?[0-9]{1,18}") ? Long.valueOf(text) : null;
    }

    // --- values of a known type ----------------------------------------------------------------------------------

    /**
     * Whether {@link #at} finds something under {@code key}.
     *
     * @param key as of {@link #at}
     */
    public boolean has(Object key) {
        Object read = key instanceof Integer number ? (Object) number.longValue() : key;
        Map<?, ?> entries = Entries.of(root);
        return entries != null
                && (entries.containsKey(read) || read instanceof String path && inside(entries, path) != null);
    }

    /**
     * The state dict under {@code key}, as {@link #stateDict()} gives it.
     *
     * @param key as of {@link #at}
     * @throws CheckpointException if there is no such key, or no state dict under it
     */
    public StateDict stateDict(Object key) {
        return at(key).stateDict();
    }

    /**
     * The state of an optimizer, as PyTorch's {@code optimizer.state_dict()} gives it and the {@code loadStateDict} of jtorch's
     * optimizers takes it: a dict with {@code state} and {@code param_groups}.
     *
     * @param key as of {@link #at}
     * @throws CheckpointException if there is no such key, or what it has is no optimizer's state
     * @throws UnknownClassException as {@link #root}
     */
    public Map<?, ?> optimizerState(Object key) {
        return TypedValues.optimizerState(named(key), at(key).root());
    }

    /**
     * The int under {@code key}: {@code run.getLong("step")}.
     *
     * @param key as of {@link #at}
     * @throws CheckpointException if there is no such key, or what it has is no int, or one beyond 64 bits
     */
    public long getLong(Object key) {
        return TypedValues.integer(named(key), at(key).root());
    }

    /**
     * The float under {@code key}, or the int, as a double.
     *
     * @param key as of {@link #at}
     * @throws CheckpointException if there is no such key, or what it has is no number
     */
    public double getDouble(Object key) {
        return TypedValues.number(named(key), at(key).root());
    }

    /**
     * The bool under {@code key}.
     *
     * @param key as of {@link #at}
     * @throws CheckpointException if there is no such key, or what it has is no bool
     */
    public boolean getBoolean(Object key) {
        return TypedValues.truth(named(key), at(key).root());
    }

    /**
     * The str under {@code key}.
     *
     * @param key as of {@link #at}
     * @throws CheckpointException if there is no such key, or what it has is no str
     */
    public String getString(Object key) {
        return TypedValues.text(named(key), at(key).root());
    }

    /**
     * The tensor under {@code key}; of a distributed tensor its local part.
     *
     * @param key as of {@link #at}
     * @throws CheckpointException if there is no such key, or what it has is no tensor
     */
    public Tensor getTensor(Object key) {
        Checkpoint inner = at(key);
        return TypedValues.tensor(named(key), inner.root);
    }

    /**
     * The dict under {@code key}; its values are those that {@link Checkpoint} lists.
     *
     * @param key as of {@link #at}
     * @throws CheckpointException if there is no such key, or what it has is no dict
     * @throws UnknownClassException as {@link #root}
     */
    public Map<?, ?> getMap(Object key) {
        return TypedValues.map(named(key), at(key).root());
    }

    /**
     * The list under {@code key}, or the elements of the tuple.
     *
     * @param key as of {@link #at}
     * @throws CheckpointException if there is no such key, or what it has is neither
     * @throws UnknownClassException as {@link #root}
     */
    public List<?> getList(Object key) {
        return TypedValues.list(named(key), at(key).root());
    }

    private String named(Object key) {
        return "'" + (place.isEmpty() ? "" : place + ".") + key + "' of the checkpoint";
    }

    /** One line: the file, its format, the keys of the saved value, and how many tensors it has: no value. */
    @Override
    public String toString() {
        Map<String, Tensor> tensors = tensors();
        long bytes = tensors.values().stream()
                .filter(tensor -> !tensor.isUninitialized())
                .mapToLong(Tensor::nbytes)
                .sum();
        return CheckpointText.of(source, place, format, root, tensors.size(), bytes);
    }

    /** The text that a safetensors file carries beside its tensors ({@code __metadata__}), or an index; empty for others. */
    public Map<String, String> header() {
        return header;
    }

    // --- writing -----------------------------------------------------------------------------------------------

    /**
     * Writes a value as {@code torch.save} does; {@code torch.load(path, weights_only=True)} and {@link #load} read it. Tensors
     * that share memory go on doing so. The file appears whole or not at all: it is written beside its place, brought to the
     * disk, and then put into its place; one that stood there stays untouched until then.
     *
     * @param path where; its folder must exist, and its name must not end with {@code .safetensors}
     * @param value a {@link StateDict}, or any value of the kinds that {@link Checkpoint} lists, containers included
     * @throws CheckpointException if it cannot be written, or {@code value} holds something that has no form in a file
     */
    public static void save(Path path, @Nullable Object value) {
        Objects.requireNonNull(path, "path");
        if (String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            throw new CheckpointException(
                    path + ": save writes torch.save's format, which programs do not expect under this name:"
                            + " use saveSafetensors, or a name that ends with .pt");
        }
        AtomicFile.write(path, channel -> TorchWriter.write(channel, TorchWriter.archiveName(path), value));
    }

    /** {@link #saveSafetensors(Path, Map, Map)} without text beside the tensors. */
    public static void saveSafetensors(Path path, Map<String, ? extends Tensor> tensors) {
        saveSafetensors(path, tensors, Map.of());
    }

    /**
     * Writes tensors in the safetensors format, as its Python library lays them out. Each is written dense and row-major;
     * those that share memory are written each for itself. The file appears whole or not at all, as with {@link #save}.
     *
     * @param path where; its folder must exist
     * @param tensors by name
     * @param header text to carry along; {@code {"format": "pt"}}, which is customary, if it is empty. Checksums are added as
     *     {@code jtorch.crc32}
     * @throws CheckpointException if it cannot be written, or a tensor's dtype has no name in the format
     */
    public static void saveSafetensors(Path path, Map<String, ? extends Tensor> tensors, Map<String, String> header) {
        Objects.requireNonNull(path, "path");
        AtomicFile.write(
                path, channel -> SafetensorsWriter.write(channel, SafetensorsWriter.outgoing(tensors), header));
    }

    /**
     * Writes tensors as Hugging Face's libraries lay out large models: one safetensors file where they take at most
     * {@code maxShardBytes}, else several, in the map's order, {@code model-00001-of-00003.safetensors}, and their index
     * {@code model.safetensors.index.json}, which {@link #load(Path)} and {@code transformers} read.
     *
     * <p>All files are written beside their places and brought to the disk first; an old set of the same name stays readable
     * all that time. Then they are renamed into their places, the index last, and files of the old set that are not in the
     * new one are deleted. A process that ends between two of these renames leaves old and new shards mixed: files of one set
     * are replaced one by one. To be safe from that too, write into a fresh folder.
     *
     * @param path the name of the single file, {@code model.safetensors}; its folder must exist
     * @param tensors by name; those that share memory are written each for itself
     * @param header text to carry along in each file
     * @param maxShardBytes how many bytes of tensors a file holds at most; a tensor that is larger has a file of its own
     * @return the file to load: {@code path}, or the index
     * @throws CheckpointException if it cannot be written, or a tensor's dtype has no name in the format
     * @see <a href="https://huggingface.co/docs/huggingface_hub/package_reference/serialization">Hugging Face's layout</a>
     */
    public static Path saveSharded(
            Path path, Map<String, ? extends Tensor> tensors, Map<String, String> header, long maxShardBytes) {
        return ShardedWriter.write(path, SafetensorsWriter.outgoing(tensors), header, maxShardBytes);
    }

    /** {@link #convert(Path, Path, Consumer)} as it is by default. */
    public static Path convert(Path from, Path to) {
        return convert(from, to, o -> {});
    }

    /**
     * Writes what is in one file into another of another format. Tensors pass one at a time, in pieces: a file of any size
     * converts in little memory, as long as its storages are neither deflated nor big-endian (such are in memory one at a
     * time) and its large tensors lie row-major. The result appears whole or not at all, as with {@link #save} and
     * {@link #saveSharded}.
     *
     * <p>Into a safetensors file goes a state dict: tensors by name. What else the file has is an error that names it, if
     * {@link ConvertOptions#onlyTensors} does not leave it out. Into a {@code .pt} file goes everything.
     *
     * @param from any file that {@link #load(Path)} reads
     * @param to ends with {@code .safetensors}, or with {@code .pt}, {@code .pth}, {@code .bin} or {@code .ckpt} for what
     *     {@code torch.save} writes
     * @param options sets the rest: dtype, names, size of shards
     * @return the file to load: {@code to}, or the index where several were written
     * @throws CheckpointException if {@code from} cannot be read, or {@code to} cannot hold it or be written
     */
    public static Path convert(Path from, Path to, Consumer<ConvertOptions> options) {
        Objects.requireNonNull(to, "to");
        ConvertOptions chosen = Customized.of(new ConvertOptions(), options);
        Conversion conversion = new Conversion(to, chosen);
        return reading(from, chosen.loading(), conversion::of);
    }

    /**
     * Reads a file to its last byte, and says whether it is whole and safe to load: the structure as {@link #load} checks it,
     * every checksum that the format has, and the indices of sparse tensors.
     *
     * @throws CheckpointException if it is not, with the reason
     * @throws UnknownClassException if it is whole, and holds objects of classes that are neither known nor allowed: Python calls
     *     them when it loads the file with {@code weights_only=False}
     */
    public static CheckpointReport check(Path path, Consumer<LoadOptions> options) {
        return check(path, options, (key, done, total) -> {});
    }

    /**
     * {@link #check(Path, Consumer)} that says how far it is.
     *
     * @param progress is told of the bytes that were read, of all files
     */
    public static CheckpointReport check(Path path, Consumer<LoadOptions> options, ConvertOptions.Progress progress) {
        Objects.requireNonNull(progress, "progress");
        return onlyLookingAt(
                path, options, (contents, chosen) -> CheckpointReport.of(path, contents, chosen, progress));
    }
}
