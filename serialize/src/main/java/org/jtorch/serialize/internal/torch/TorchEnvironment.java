package org.jtorch.serialize.internal.torch;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.contents.UnknownClasses;
import org.jtorch.serialize.internal.elements.StorageType;
import org.jtorch.serialize.internal.file.CopyBudget;
import org.jtorch.serialize.internal.pickle.Arguments;
import org.jtorch.serialize.internal.pickle.Environment;
import org.jtorch.serialize.internal.pickle.Global;
import org.jtorch.serialize.internal.pickle.Internal;
import org.jtorch.serialize.internal.pickle.Keys;
import org.jtorch.serialize.internal.pickle.Kinds;
import org.jtorch.serialize.internal.pickle.NotUnderstoodException;
import org.jtorch.serialize.internal.pickle.WrongArgumentsException;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.StorageSource;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * The names that PyTorch's pickles use and what is built for each: descriptions of tensors, Python's plain values and numpy's.
 * All others are names and nothing more.
 */
public final class TorchEnvironment implements Environment {

    /**
     * A storage as a pickle refers to it.
     *
     * @param dtype what its elements are; null if the tensors say
     * @param offset where it begins in {@code storage}, in elements: the old format has views of storages
     * @param numel how many elements it has, of {@code dtype} or else bytes
     */
    record StorageReference(FileStorage storage, @Nullable DType dtype, long offset, long numel) implements Internal {

        /** Whether it has no bytes in the file, whatever its size. */
        boolean isMeta() {
            return storage.location().equals(META);
        }

        @Override
        public String description() {
            return "the persistent object " + storage;
        }

        /** A storage that was saved by itself: its class, with its elements as a tensor. */
        @Override
        public PythonObject record() {
            DType type = dtype == null ? DType.UINT8 : StorageType.elements(dtype);
            String name = dtype == null ? StorageType.UNTYPED : StorageType.className(dtype);
            StoredTensor elements = StoredTensor.strided(
                    storage, type, offset, new long[] {numel}, new long[] {1}, StoredTensor.Traits.NONE);
            return new PythonObject("torch." + name, Tuple.of(elements), Map.of());
        }
    }

    /** Where TorchScript says that the storages of tensors without elements are. */
    private static final String META = "meta";

    private final StorageSource source;
    private final NumpyValues numpy;
    private final Map<String, FileStorage> storages = new HashMap<>();
    private final Map<String, Integer> itemSizes = new HashMap<>();
    private final Map<String, Object> globals = new LinkedHashMap<>();
    private final Set<String> called = new LinkedHashSet<>();

    /**
     * Names that lead to the storages of {@code source}.
     *
     * @param pickleBytes how long the pickle is, at most
     */
    public TorchEnvironment(StorageSource source, Reading reading, long pickleBytes) {
        this.source = source;
        CopyBudget copies = new CopyBudget(pickleBytes);
        new PlainValues(new Keys(reading.limits(), pickleBytes), copies).addTo(this::addLenient);
        new TensorDescriptions(reading.limits()).addTo(this::add);
        numpy = new NumpyValues(copies);
        numpy.addTo(this::addLenient);
    }

    /** A name whose data has more forms in Python than are known here: a call with other arguments is a record. */
    private void addLenient(String name, Function<Arguments, @Nullable Object> builder) {
        add(name, arguments -> {
            try {
                return builder.apply(arguments);
            } catch (WrongArgumentsException e) {
                throw new NotUnderstoodException(String.valueOf(e.getMessage()));
            }
        });
    }

    private void add(String name, Function<Arguments, @Nullable Object> builder) {
        globals.put(name, new Global(name, builder));
    }

    /** The storages that the pickle named, by their keys. */
    Map<String, FileStorage> storages() {
        return storages;
    }

    /** Bytes of an element of {@code storage}, as its first mention has it. */
    int itemSize(FileStorage storage) {
        return itemSizes.getOrDefault(storage.key(), 1);
    }

    // --- names -------------------------------------------------------------------------------------------------

    @Override
    public Object global(String oldModule, String oldName) {
        String full = Python2Names.of(oldModule, oldName);
        Object known = globals.get(full);
        if (known == null) {
            int dot = full.lastIndexOf('.');
            known = ofTorch(full.substring(0, dot), full.substring(dot + 1));
            known = known == null ? new PythonGlobal(named(full, oldModule, oldName)) : known;
            globals.put(full, known);
        }
        return known;
    }

    /**
     * The full name. A name with dots is an attribute of an attribute: of a class it is another name of that class; anything else is
     * told apart by a colon, for it may lead out of the module, as {@code torch.nn.modules.module:torch.os.system} does.
     */
    private static String named(String full, String module, String name) {
        boolean leadsOut = name.indexOf('.') >= 0 && !isClass(name.substring(0, name.indexOf('.')));
        return leadsOut ? module + ":" + name : full;
    }

    /** Whether a name is a class's, as everybody writes them. */
    static boolean isClass(String name) {
        int first = 0;
        while (first < name.length() && name.charAt(first) == '_') {
            first++;
        }
        return first < name.length() && name.charAt(first) >= 'A' && name.charAt(first) <= 'Z';
    }

    private static @Nullable Object ofTorch(String module, String name) {
        Object known = null;
        if (module.equals("torch") || module.equals("torch.cuda") || module.equals("torch.storage")) {
            known = storageClass(module, name);
        }
        return known == null && module.equals("torch") ? dtype(name) : known;
    }

    @Override
    public void called(String name) {
        called.add(name);
    }

    /** The classes and functions that the pickle names or calls, and that are not known. */
    public Set<String> unknown() {
        Set<String> unknown = new LinkedHashSet<>();
        globals.forEach((name, value) -> {
            if (value instanceof PythonGlobal global && !UnknownClasses.isKnown(global)) {
                unknown.add(name);
            }
        });
        called.stream().filter(name -> !UnknownClasses.isKnownCall(name)).forEach(unknown::add);
        return unknown;
    }

    @Override
    public boolean build(Object object, @Nullable Object state) {
        return numpy.build(object, state);
    }

    /** Persistent ids name a storage's class; nothing is ever built of it. */
    private static @Nullable Global storageClass(String module, String name) {
        if (!name.equals(StorageType.UNTYPED) && StorageType.dtype(name) == null) {
            return null;
        }
        String full = module + "." + name;
        return new Global(full, a -> {
            throw new CheckpointException("the pickle makes a " + full + ", which only tensors may refer to");
        });
    }

    private static @Nullable DType dtype(String name) {
        for (DType dtype : DType.values()) {
            if (dtype.torchName().equals(name)) {
                return dtype;
            }
        }
        return null;
    }

    // --- persistent objects ------------------------------------------------------------------------------------

    /**
     * A storage, {@code ("storage", class, key, location, numel)}, to which the old format adds a view of it; or, in the old
     * format, the class of a module with its source, {@code ("module", class, file, text)}, which is but its class.
     */
    @Override
    public Object persistent(@Nullable Object id) {
        if (id instanceof Tuple tuple && tuple.size() == 4 && "module".equals(tuple.get(0)) && tuple.get(1) != null) {
            return tuple.values().get(1);
        }
        if (!(id instanceof Tuple tuple)
                || (tuple.size() != 5 && tuple.size() != 6)
                || !"storage".equals(tuple.get(0))) {
            throw new CheckpointException("a persistent id is " + Kinds.of(id) + " and no storage's");
        }
        Arguments parts = new Arguments("the persistent id of a storage", tuple.values());
        String name = parts.get(1, Global.class).name();
        String simple = name.substring(name.lastIndexOf('.') + 1);
        DType dtype = StorageType.dtype(simple);
        if (dtype == null && !simple.equals(StorageType.UNTYPED)) {
            throw parts.wrong(1, "the class of a storage");
        }
        String key = key(parts);
        String location = parts.get(3, String.class);
        long numel = parts.integer(4);
        int itemSize = dtype == null ? 1 : dtype.itemSize();
        if (numel < 0 || numel > Long.MAX_VALUE / itemSize) {
            throw new CheckpointException("the storage " + key + " claims " + numel + " elements");
        }
        FileStorage storage = storage(key, numel * itemSize, location);
        itemSizes.putIfAbsent(key, itemSize);
        if (parts.count() == 5 || parts.get(5) == null) {
            return new StorageReference(storage, dtype, 0, numel);
        }
        Arguments view =
                new Arguments("the view of a storage", parts.get(5, Tuple.class).values());
        long offset = view.expect(3, 3).integer(1);
        long length = view.integer(2);
        if (offset < 0 || length < 0 || offset > numel || length > numel - offset) {
            throw new CheckpointException("a view of " + length + " elements at " + offset + " of the storage " + key
                    + " reaches over its " + numel + " elements");
        }
        return new StorageReference(storage, dtype, offset, length);
    }

    /** The key; old files have a number for it. */
    private static String key(Arguments parts) {
        return parts.get(2) instanceof Long number ? number.toString() : parts.get(2, String.class);
    }

    private FileStorage storage(String key, long nbytes, String location) {
        FileStorage known = storages.get(key);
        if (known != null) {
            if (known.nbytes() != nbytes) {
                throw new CheckpointException("the storage " + key + " has " + known.nbytes()
                        + " bytes in one place and " + nbytes + " in another");
            }
            return known;
        }
        FileStorage storage = new FileStorage(source, key, nbytes, location);
        if (!location.equals(META)) {
            source.check(storage);
        }
        storages.put(key, storage);
        return storage;
    }
}
