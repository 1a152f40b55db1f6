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
 * The names in PyTorch's pickles, and the data that is built for each: descriptions of tensors, plain values of Python, and
 * values of numpy. All other names are only names.
 */
public final class TorchEnvironment implements Environment {

    /**
     * A reference to a storage in a pickle.
     *
     * @param dtype the type of its elements, or null if only the tensors know it
     * @param offset the index of its first element in {@code storage}: the old format has views of storages
     * @param numel the number of elements of {@code dtype} or, if that is null, of bytes
     */
    record StorageReference(FileStorage storage, @Nullable DType dtype, long offset, long numel) implements Internal {

        /** Returns whether it has no bytes in the file, regardless of its size. */
        boolean isMeta() {
            return storage.location().equals(META);
        }

        @Override
        public String description() {
            return "the persistent object " + storage;
        }

        /** Returns a storage that was saved by itself: its class, with its elements as a tensor. */
        @Override
        public PythonObject record() {
            DType type = dtype == null ? DType.UINT8 : StorageType.elements(dtype);
            String name = dtype == null ? StorageType.UNTYPED : StorageType.className(dtype);
            StoredTensor elements = StoredTensor.strided(
                    storage, type, offset, new long[] {numel}, new long[] {1}, StoredTensor.Traits.NONE);
            return new PythonObject("torch." + name, Tuple.of(elements), Map.of());
        }
    }

    /** TorchScript's device for the storages of tensors without elements. */
    private static final String META = "meta";

    private final StorageSource source;
    private final NumpyValues numpy;
    private final Map<String, FileStorage> storages = new HashMap<>();
    private final Map<String, Integer> itemSizes = new HashMap<>();
    private final Map<String, Object> globals = new LinkedHashMap<>();
    private final Set<String> called = new LinkedHashSet<>();

    /**
     * Creates an environment with the storages of {@code source}.
     *
     * @param pickleBytes the greatest number of bytes of the pickle
     */
    public TorchEnvironment(StorageSource source, Reading reading, long pickleBytes) {
        this.source = source;
        CopyBudget copies = new CopyBudget(pickleBytes);
        new PlainValues(new Keys(reading.limits(), pickleBytes), copies).addTo(this::addLenient);
        new TensorDescriptions(reading.limits()).addTo(this::add);
        numpy = new NumpyValues(copies);
        numpy.addTo(this::addLenient);
    }

    /** Adds a name whose call has more forms in Python than are known here. A call with other arguments becomes a record. */
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

    /** Returns the storages that the pickle named, by their keys. */
    Map<String, FileStorage> storages() {
        return storages;
    }

    /** Returns the number of bytes of an element of {@code storage}, according to the first reference. */
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
     * Returns the full name. A name with dots is an attribute of an attribute. For a class this is another name of the
     * class. Anything else gets a colon, since it may lead out of the module, as {@code
     * torch.nn.modules.module:torch.os.system} does.
     */
    private static String named(String full, String module, String name) {
        boolean leadsOut = name.indexOf('.') >= 0 && !isClass(name.substring(0, name.indexOf('.')));
        return leadsOut ? module + ":" + name : full;
    }

    /** Returns whether a name is that of a class, by the usual spelling. */
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

    /** Returns the unknown classes and functions that the pickle names or calls. */
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

    /** Returns the class of a storage, which persistent ids name. Nothing is ever built from it. */
    private static @Nullable Global storageClass(String module, String name) {
        if (!name.equals(StorageType.UNTYPED) && StorageType.dtype(name) == null) {
            return null;
        }
        String full = module + "." + name;
        return new Global(full, a -> {
            throw new CheckpointException("the pickle creates a " + full + ", which only tensors may refer to");
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
     * Returns a storage, {@code ("storage", class, key, location, numel)}, to which the old format adds a view of it. In
     * the old format, an id can also be the class of a module with its source, {@code ("module", class, file, text)}; the
     * result is only the class.
     */
    @Override
    public Object persistent(@Nullable Object id) {
        if (id instanceof Tuple tuple && tuple.size() == 4 && "module".equals(tuple.get(0)) && tuple.get(1) != null) {
            return tuple.values().get(1);
        }
        if (!(id instanceof Tuple tuple)
                || (tuple.size() != 5 && tuple.size() != 6)
                || !"storage".equals(tuple.get(0))) {
            throw new CheckpointException("a persistent id is " + Kinds.of(id) + ", not that of a storage");
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
                    + " exceeds its " + numel + " elements");
        }
        return new StorageReference(storage, dtype, offset, length);
    }

    /** Returns the key, which is a number in old files. */
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
