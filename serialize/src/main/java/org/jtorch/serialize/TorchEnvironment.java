package org.jtorch.serialize;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.serialize.pickle.Arguments;
import org.jtorch.serialize.pickle.Environment;
import org.jtorch.serialize.pickle.Global;
import org.jtorch.serialize.pickle.Keys;
import org.jtorch.serialize.pickle.Kinds;
import org.jtorch.serialize.pickle.PersistentObject;

/** The names that PyTorch's pickles use and what is built for each: tensors, and Python's plain values. All others are unknown. */
final class TorchEnvironment implements Environment {

    /**
     * A storage as a pickle refers to it.
     *
     * @param dtype what its elements are; null where the tensors say
     */
    record StorageReference(String key, @Nullable DType dtype, org.jtorch.UntypedStorage storage) {

        @Override
        public String toString() {
            return "storage " + key;
        }
    }

    private final StorageSource storages;
    private final Map<String, Object> globals = new HashMap<>();

    /** Names that lead to the storages of {@code storages}. */
    TorchEnvironment(StorageSource storages) {
        this.storages = storages;
        TensorBuilder tensors = new TensorBuilder();
        add("torch._utils._rebuild_tensor", tensors::tensor);
        add("torch._utils._rebuild_tensor_v2", tensors::tensorV2);
        add("torch._utils._rebuild_tensor_v3", tensors::tensorV3);
        add("torch._utils._rebuild_parameter", tensors::parameter);
        add("torch.Size", a -> new Size(a.expect(1, 1).integers(0)));
        add("torch.device", TorchEnvironment::device);
        add("collections.OrderedDict", TorchEnvironment::orderedDict);
        add("_codecs.encode", TorchEnvironment::encode);
        for (String builtins : List.of("__builtin__", "builtins")) {
            add(builtins + ".set", TorchEnvironment::set);
            add(builtins + ".frozenset", a -> Collections.unmodifiableSet(set(a)));
            add(builtins + ".complex", a -> new Complex(a.expect(2, 2).number(0), a.number(1)));
            add(builtins + ".bytes", a -> a.expect(0, 1).count() == 0 ? new byte[0] : a.get(0, byte[].class));
            add(builtins + ".bytearray", TorchEnvironment::bytearray);
        }
    }

    private void add(String name, Function<Arguments, @Nullable Object> builder) {
        globals.put(name, new Global(name, builder));
    }

    // --- names -------------------------------------------------------------------------------------------------

    @Override
    public @Nullable Object global(String module, String name) {
        Object known = globals.get(module + "." + name);
        if (known != null) {
            return known;
        }
        if (module.equals("torch") || module.equals("torch.cuda") || module.equals("torch.storage")) {
            known = storageClass(module, name);
        }
        if (known == null && module.equals("torch")) {
            known = dtype(name);
        }
        if (known != null) {
            globals.put(module + "." + name, known);
        }
        return known;
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

    // --- storages ----------------------------------------------------------------------------------------------

    /** A storage: {@code ("storage", class, key, location, number of elements)}. */
    @Override
    public PersistentObject persistent(@Nullable Object id) {
        if (!(id instanceof Tuple tuple) || tuple.size() != 5 || !"storage".equals(tuple.get(0))) {
            throw new CheckpointException("a persistent id is " + Kinds.of(id) + " and no storage's");
        }
        Arguments parts = new Arguments("the persistent id of a storage", tuple.values());
        String name = parts.get(1, Global.class).name();
        String simple = name.substring(name.lastIndexOf('.') + 1);
        DType dtype = StorageType.dtype(simple);
        if (dtype == null && !simple.equals(StorageType.UNTYPED)) {
            throw parts.wrong(1, "the class of a storage");
        }
        String key = parts.get(2, String.class);
        parts.get(3, String.class);
        long numel = parts.integer(4);
        int itemSize = dtype == null ? 1 : dtype.itemSize();
        if (numel < 0 || numel > Long.MAX_VALUE / itemSize) {
            throw new CheckpointException("the storage " + key + " claims " + numel + " elements");
        }
        return new PersistentObject(new StorageReference(key, dtype, storages.storage(key, dtype, numel * itemSize)));
    }

    // --- plain values ------------------------------------------------------------------------------------------

    private static Device device(Arguments arguments) {
        String type = arguments.expect(1, 2).get(0, String.class);
        try {
            return arguments.count() == 1 ? Device.of(type) : new Device(type, Math.toIntExact(arguments.integer(1)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CheckpointException("a torch.device is broken: " + e.getMessage(), e);
        }
    }

    private static OrderedDict orderedDict(Arguments arguments) {
        OrderedDict dict = new OrderedDict();
        // Python 2 gives the items as a list of pairs; later they are set one by one
        if (arguments.expect(0, 1).count() == 1) {
            for (Object pair : arguments.get(0, List.class)) {
                List<?> items =
                        pair instanceof List<?> list ? list : pair instanceof Tuple tuple ? tuple.values() : List.of();
                if (items.size() != 2) {
                    throw arguments.wrong(0, "a list of pairs");
                }
                dict.put(Keys.check(items.get(0)), items.get(1));
            }
        }
        return dict;
    }

    private static Set<@Nullable Object> set(Arguments arguments) {
        Set<@Nullable Object> set = new LinkedHashSet<>();
        if (arguments.expect(0, 1).count() == 1) {
            Object values = arguments.get(0) instanceof Tuple tuple ? tuple.values() : arguments.get(0);
            if (!(values instanceof Collection<?> collection)) {
                throw arguments.wrong(0, "a list");
            }
            for (Object value : collection) {
                set.add(Keys.check(value));
            }
        }
        return set;
    }

    /** bytes, before pickle had an opcode for them: text of which each character is a byte. */
    private static byte[] encode(Arguments arguments) {
        String text = arguments.expect(2, 2).get(0, String.class);
        String encoding = arguments.get(1, String.class);
        if (!encoding.equals("latin1") && !encoding.equals("latin-1")) {
            throw new CheckpointException("bytes are given as text in " + encoding + "; only latin1 is read");
        }
        if (text.chars().anyMatch(c -> c > 0xff)) {
            throw new CheckpointException("bytes are given as text that is not latin1");
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytearray(Arguments arguments) {
        if (arguments.expect(0, 2).count() == 0) {
            return new byte[0];
        }
        return arguments.count() == 2 ? encode(arguments) : arguments.get(0, byte[].class);
    }
}
